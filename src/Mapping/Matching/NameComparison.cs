namespace Crm.Integration.Mapping.Matching;

/// <summary>Compares personal names.</summary>
internal static class NameComparison
{
    /// <summary>Compares the names of two records and adds the steps; returns how the given names stand.</summary>
    public static Level Compare(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies, ref Tally tally)
    {
        ref readonly var left = ref a.NameRef;
        ref readonly var right = ref b.NameRef;
        if (!Comparable(a, b))
            return Level.None;
        if (left.Script != NameScript.Latin && right.Script != NameScript.Latin && SameCharacters(a, b) is (true, var turned) && (turned || left.FamilyHan.Length != right.FamilyHan.Length))
        {
            // The characters of a whole name, however cut: as much as if both parts were equal, and little less if they are turned round.
            var level = turned ? Level.Swapped : Level.Same;
            tally.Add(Comparison.GivenName, level, GivenBits(a, b, frequencies) - (turned ? 1 : 0.5));
            tally.Add(Comparison.FamilyName, level, FamilyBits(a, b, frequencies, Weights.FamilyMost) - (turned ? 1 : 0.5));
            return level;
        }

        if ((left.HasGiven && left.HasFamily) != (right.HasGiven && right.HasFamily) && (left.HasGiven || left.HasFamily) && (right.HasGiven || right.HasFamily))
            return OnePart(a, b, frequencies, ref tally);

        var given = left.HasGiven && right.HasGiven ? Given(a, b, frequencies) : default;
        var family = left.HasFamily && right.HasFamily ? Family(a, b, frequencies) : default;
        if (given.Bits < 0 && family.Bits < 0 && (Crosswise(a, b), Crosswise(b, a)) is (not Cross.No, not Cross.No) cross
            && (cross.Item1 == Cross.Same || cross.Item2 == Cross.Same || Math.Min(left.Given.Length, right.Given.Length) >= 4))
        {
            var alike = cross.Item1 == Cross.Alike || cross.Item2 == Cross.Alike;
            tally.Add(Comparison.GivenName, Level.Swapped, alike ? 2 : Math.Max(2, GivenBits(a, b, frequencies)) + Weights.SwappedNames);
            tally.Add(Comparison.FamilyName, Level.Swapped, alike ? 4 : FamilyBits(a, b, frequencies, Weights.FamilyMost) - 1);
            return Level.Swapped;
        }

        if (given.Bits < 0 && left.HasGiven && left.HasFamily && right.HasGiven && right.HasFamily && IsRearranged(a, b))
        {
            tally.Add(Comparison.GivenName, Level.Swapped, Weights.GivenRearranged);
            tally.Add(Comparison.FamilyName, Level.Swapped, Weights.FamilyRearranged);
            return Level.Swapped;
        }

        if (family.Level is Level.Half or Level.Different && given.Level is Level.FirstWord && SameTogether(a, b))
        {
            // Only the border between given and family name was drawn elsewhere: Cristina | Cruz Navarro.
            tally.Add(Comparison.GivenName, Level.Same, given.Bits + 1);
            tally.Add(Comparison.FamilyName, Level.Same, FamilyBits(a, b, frequencies, Weights.FamilyMost));
            return Level.Same;
        }

        if (given.Level == Level.Different && family.Level == Level.Different)
            family.Bits += Weights.BothNamesDifferent;
        if (given.Level != Level.None)
        {
            tally.Add(Comparison.GivenName, given.Level, given.Bits);
            Middle(a, b, given.Level, ref tally);
        }

        if (family.Level != Level.None)
            tally.Add(Comparison.FamilyName, family.Level, family.Bits);
        return given.Level;
    }

    private static bool SameTogether(MatchFeatures a, MatchFeatures b)
    {
        ReadOnlySpan<char> leftGiven = a[a.NameRef.Given], leftFamily = a[a.NameRef.FamilyWhole], rightGiven = b[b.NameRef.Given], rightFamily = b[b.NameRef.FamilyWhole];
        return leftGiven.Length + leftFamily.Length == rightGiven.Length + rightFamily.Length && Joined(leftGiven, leftFamily, rightGiven, rightFamily);
    }

    /// <summary>Whether two whole names have the same letters in the same order, only that the border was drawn elsewhere or the other part comes first.</summary>
    private static bool IsRearranged(MatchFeatures a, MatchFeatures b)
    {
        ReadOnlySpan<char> leftGiven = a[a.NameRef.Given], leftFamily = a[a.NameRef.FamilyWhole], rightGiven = b[b.NameRef.Given], rightFamily = b[b.NameRef.FamilyWhole];
        var length = leftGiven.Length + leftFamily.Length;
        return length >= 6 && length == rightGiven.Length + rightFamily.Length
            && (Joined(leftGiven, leftFamily, rightGiven, rightFamily) || Joined(leftGiven, leftFamily, rightFamily, rightGiven)
                || Joined(leftFamily, leftGiven, rightGiven, rightFamily) || Joined(leftFamily, leftGiven, rightFamily, rightGiven));
    }

    /// <summary>Whether two words side by side read as two others, which are as long together.</summary>
    private static bool Joined(ReadOnlySpan<char> a, ReadOnlySpan<char> b, ReadOnlySpan<char> c, ReadOnlySpan<char> d)
    {
        if (a.Length > c.Length)
            return Joined(c, d, a, b);
        var moved = c.Length - a.Length;
        return c.StartsWith(a) && b.StartsWith(c[a.Length..]) && b[moved..].SequenceEqual(d);
    }

    /// <summary>One side has but one name, which may be either.</summary>
    private static Level OnePart(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies, ref Tally tally)
    {
        ref readonly var left = ref a.NameRef;
        ref readonly var right = ref b.NameRef;
        if (left.HasFamily && right.HasFamily)
        {
            var family = Family(a, b, frequencies);
            if (family.Bits > 0)
            {
                tally.Add(Comparison.FamilyName, family.Level, family.Bits);
                return Level.None;
            }
        }

        if (left.HasGiven && right.HasGiven)
        {
            var given = Given(a, b, frequencies);
            if (given.Bits < 0 && (left.HasFamily ? Crosswise(b, a) : Crosswise(a, b)) == Cross.Same)
            {
                tally.Add(Comparison.GivenName, Level.Swapped, Weights.Rarity(left.HasFamily ? left.FamilyPrior : right.FamilyPrior, Weights.GivenMost) + Weights.SwappedNames);
                return Level.Swapped;
            }

            tally.Add(Comparison.GivenName, given.Level, given.Bits);
            return given.Level;
        }

        // A lone name stands in the family field; it may well be the given one.
        if ((left.HasGiven ? Crosswise(a, b) : Crosswise(b, a)) == Cross.Same)
        {
            var prior = left.HasGiven ? left.GivenPrior : right.GivenPrior;
            tally.Add(Comparison.GivenName, Level.Swapped, Weights.Rarity(prior, Weights.GivenMost) + Weights.SwappedNames);
            return Level.Swapped;
        }

        if (left.HasFamily && right.HasFamily)
            tally.Add(Comparison.FamilyName, Level.Different, Weights.FamilyDifferent);
        return Level.None;
    }

    /// <summary>Whether letters can tell anything: 陽子 and Yoko may be one name, but read as Chinese they tell nothing.</summary>
    private static bool Comparable(MatchFeatures a, MatchFeatures b)
    {
        ref readonly var left = ref a.NameRef;
        ref readonly var right = ref b.NameRef;
        if (left.Script == right.Script)
            return true;
        return (left.Script, right.Script) switch
        {
            (NameScript.Latin, NameScript.Han) => left.Pinyin || IsChinese(a),
            (NameScript.Han, NameScript.Latin) => right.Pinyin || IsChinese(b),
            (NameScript.Latin, NameScript.Hangul or NameScript.Japanese or NameScript.Arabic or NameScript.Hebrew) => true,
            (NameScript.Hangul or NameScript.Japanese or NameScript.Arabic or NameScript.Hebrew, NameScript.Latin) => true,
            (NameScript.Han, NameScript.Japanese) or (NameScript.Japanese, NameScript.Han) => true,
            _ => false,
        };
    }

    /// <summary>Whether a Latin family name is a Chinese one in an older spelling: Tsai, Hsu.</summary>
    private static bool IsChinese(MatchFeatures features) => HanNames.IsSurnameReading(Romanisation.Canonical(features[features.NameRef.Family]));

    /// <summary>Compares a name in its own letters with one in Latin letters.</summary>
    private static Reading AcrossScripts(MatchFeatures a, Slice native, MatchFeatures b, Slice latin, bool family)
    {
        var reading = Romanisation.Compare(a.NameRef.Script, a[native], b[latin], family);
        // 慧敏 is Waiman in Cantonese: syllables are compared only where the family name is spelled the way of the mainland.
        return reading == Reading.Different && !family && a.NameRef.Script == NameScript.Han && !HanNames.IsSurnameReading(b[b.NameRef.Family]) ? Reading.Unknown : reading;
    }

    /// <summary>Whether two names in Chinese characters are the same characters in a row, though cut elsewhere or turned round: 村|上拓也, 晓雪|谭.</summary>
    private static (bool Same, bool Turned) SameCharacters(MatchFeatures a, MatchFeatures b)
    {
        ref readonly var left = ref a.NameRef;
        ref readonly var right = ref b.NameRef;
        if (left.FamilyHan.Length + left.GivenHan.Length != right.FamilyHan.Length + right.GivenHan.Length || left.FamilyHan.Length + left.GivenHan.Length is < 2 or > 20)
            return default;
        Span<char> one = stackalloc char[20], other = stackalloc char[20], turned = stackalloc char[20];
        ReadOnlySpan<char> whole = one[..Join(a, left.FamilyHan, left.GivenHan, one)];
        if (whole.SequenceEqual(other[..Join(b, right.FamilyHan, right.GivenHan, other)]))
            return (true, false);
        if (whole.SequenceEqual(turned[..Join(b, right.GivenHan, right.FamilyHan, turned)]))
            return (true, true);
        Join(a, left.GivenHan, left.FamilyHan, one);
        return whole.SequenceEqual(other[..whole.Length]) || whole.SequenceEqual(turned[..whole.Length]) ? (true, true) : default;
    }

    private static int Join(MatchFeatures features, Slice first, Slice second, Span<char> into)
    {
        features[first].CopyTo(into);
        features[second].CopyTo(into[first.Length..]);
        return first.Length + second.Length;
    }

    private enum Cross
    {
        No,
        Alike,
        Same,
    }

    /// <summary>Whether the given name of one is the family name of the other.</summary>
    private static Cross Crosswise(MatchFeatures a, MatchFeatures b)
    {
        ReadOnlySpan<char> given = a[a.NameRef.Given], family = b[b.NameRef.Family];
        if (given.IsEmpty || family.IsEmpty)
            return Cross.No;
        if (given.SequenceEqual(family) || a[a.NameRef.First].SequenceEqual(family))
            return Cross.Same;
        if (a.NameRef.Nickname != 0 && Nicknames.Related(a.NameRef.Nickname, Nicknames.IndexOf(family)))
            return Cross.Alike;
        var shorter = Math.Min(given.Length, family.Length);
        if (shorter >= 4 && Similarity.Edits(given, family, 2) <= (shorter >= 6 ? 2 : 1))
            return Cross.Alike;
        return (shorter >= 3 || shorter == 1) && given[..shorter].SequenceEqual(family[..shorter]) ? Cross.Alike : Cross.No;
    }

    private static (Level Level, double Bits) Given(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies)
    {
        ref readonly var left = ref a.NameRef;
        ref readonly var right = ref b.NameRef;
        ReadOnlySpan<char> l = a[left.Given], r = b[right.Given];
        if (!left.GivenHan.IsEmpty && !right.GivenHan.IsEmpty)
        {
            ReadOnlySpan<char> lh = a[left.GivenHan], rh = b[right.GivenHan];
            if (lh.SequenceEqual(rh))
                return (Level.Same, GivenBits(a, b, frequencies));
            // Brothers often share one character, so one alike is no sign; the same sound is how a clerk writes by ear.
            return l.SequenceEqual(r) ? (Level.Pinyin, 1.5) : (Level.Different, Weights.GivenDifferent);
        }

        if (left.GivenHan.IsEmpty != right.GivenHan.IsEmpty)
        {
            var reading = right.GivenHan.IsEmpty ? AcrossScripts(a, left.GivenHan, b, right.Given, false) : AcrossScripts(b, right.GivenHan, a, left.Given, false);
            if (reading == Reading.Unknown)
                return default;
            if (reading == Reading.Same || l.SequenceEqual(r))
                return (Level.Pinyin, Math.Min(l.Length, r.Length) > 4 ? Math.Max(Weights.GivenPinyin + 2.5, GivenBits(a, b, frequencies) - 1) : Weights.GivenPinyin);
            if (reading == Reading.Near && !left.Pinyin && !right.Pinyin)
                return (Level.Alike, Weights.GivenAlike);
            if (l.Length > 1 && r.Length > 1 && left.Script != NameScript.Han && right.Script != NameScript.Han)
                return (Level.Different, Weights.GivenDifferent + 1);
        }

        if (l.SequenceEqual(r) && (l.Length > 1 || left.Script != NameScript.Latin))
            return (Level.Same, GivenBits(a, b, frequencies));

        ReadOnlySpan<char> lf = a[left.First], rf = b[right.First];
        if (lf.Length == 1 || rf.Length == 1)
            return lf[0] == rf[0] ? (Level.Initial, Weights.GivenInitial) : (Level.Different, Weights.GivenDifferentInitial);
        if (lf.SequenceEqual(rf))
            return (Level.FirstWord, Math.Max(2, Math.Min(Weights.Rarity(Math.Max(left.GivenPrior, right.GivenPrior), Weights.GivenMost), GivenBits(a, b, frequencies)) - 1));
        if (left.GivenLoose == right.GivenLoose)
            return (Level.Variant, Math.Clamp(GivenBits(a, b, frequencies) - 1.5, 2, Weights.GivenVariantMost));
        if (left.Nickname != 0 && right.Nickname != 0 && Nicknames.Related(left.Nickname, right.Nickname))
            return (Level.Nickname, Weights.GivenNickname);
        if (IsGenderedPair(lf, rf))
            return (Level.Gendered, Weights.GivenGendered);
        // Yumin and Yuming, Fang and Fan: no slip, but two names.
        if (left.Pinyin && right.Pinyin)
            return (Level.Different, Similarity.OneEdit(l, r) ? Weights.GivenDifferent / 2 : Weights.GivenDifferent);
        if (left.Nickname != 0 && right.Nickname != 0 && Similarity.OneEdit(lf, rf))
            return (Level.OtherName, Weights.GivenOtherName);
        if (Math.Min(lf.Length, rf.Length) >= 4 && Similarity.OneEdit(lf, rf))
            return (Level.OneEdit, Math.Min(Weights.GivenOneEdit, GivenBits(a, b, frequencies) - Weights.OneEditLess));
        var shorter = Math.Min(lf.Length, rf.Length);
        if (shorter >= 3 && lf[..shorter].SequenceEqual(rf[..shorter]))
            return (Level.Truncated, Weights.GivenTruncated);
        if (l.Length >= 5 && r.Length >= 5 && Similarity.OneEdit(l, r))
            return (Level.OneEdit, Math.Min(Weights.GivenOneEdit, GivenBits(a, b, frequencies) - Weights.OneEditLess));
        if ((!left.Middle.IsEmpty && a[left.Middle].SequenceEqual(rf)) || (!right.Middle.IsEmpty && b[right.Middle].SequenceEqual(lf)))
            return (Level.Middle, Weights.GivenMiddle);
        if ((left.Nickname == 0 && Nicknames.NearlyRelated(right.Nickname, lf)) || (right.Nickname == 0 && Nicknames.NearlyRelated(left.Nickname, rf)))
            return (Level.Nickname, Weights.GivenNickname - 1.5);
        // Two names that the table knows and does not relate are two names, however alike: Martin and Martina, Joan and Joann.
        if (left.Nickname != 0 && right.Nickname != 0)
            return (Level.Different, Weights.GivenDifferent);
        if (shorter is 2 or 3 && Similarity.OneEdit(lf, rf))
            return (Level.Alike, Weights.GivenShortEdit);
        if (Similarity.SameLetters(lf, rf))
            return (Level.Alike, Weights.GivenAlike);
        var alike = Similarity.JaroWinkler(lf, rf);
        if (alike >= 0.9)
            return (Level.Alike, Weights.GivenAlike);
        if (shorter >= 4 && alike >= 0.75 && Similarity.Edits(lf, rf, 2) <= 2)
            return (Level.Alike, Weights.GivenAlike - 1);
        return (Level.Different, Weights.GivenDifferent);
    }

    private static void Middle(MatchFeatures a, MatchFeatures b, Level given, ref Tally tally)
    {
        ref readonly var left = ref a.NameRef;
        ref readonly var right = ref b.NameRef;
        if (left.Middle.IsEmpty || right.Middle.IsEmpty || given is Level.Same or Level.Different or Level.Pinyin)
        {
            // Two words of one given name were compared as a whole already; a separate middle name was not.
            if (left.Middle.IsEmpty || right.Middle.IsEmpty || given is not Level.Same || left.Middle.Start < left.Given.End || right.Middle.Start < right.Given.End)
                return;
        }

        ReadOnlySpan<char> l = a[left.Middle], r = b[right.Middle];
        if (l.SequenceEqual(r))
            tally.Add(Comparison.MiddleName, Level.Same, Weights.MiddleSame);
        else if ((l.Length == 1 || r.Length == 1) && l[0] == r[0])
            tally.Add(Comparison.MiddleName, Level.Initial, Weights.MiddleSame / 2);
        else if (l[0] != r[0])
            tally.Add(Comparison.MiddleName, Level.Different, Weights.MiddleDifferent);
    }

    private static (Level Level, double Bits) Family(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies)
    {
        ref readonly var left = ref a.NameRef;
        ref readonly var right = ref b.NameRef;
        ReadOnlySpan<char> l = a[left.Family], r = b[right.Family];
        if (!left.FamilyHan.IsEmpty && !right.FamilyHan.IsEmpty)
        {
            if (a[left.FamilyHan].SequenceEqual(b[right.FamilyHan]))
                return (Level.Same, FamilyBits(a, b, frequencies, Weights.FamilyMost));
            return l.SequenceEqual(r) ? (Level.Pinyin, 0.5) : (Level.Different, Weights.FamilyDifferent);
        }

        if (left.FamilyHan.IsEmpty != right.FamilyHan.IsEmpty)
        {
            var reading = right.FamilyHan.IsEmpty ? AcrossScripts(a, left.FamilyHan, b, right.Family, true) : AcrossScripts(b, right.FamilyHan, a, left.Family, true);
            if (reading == Reading.Unknown)
                return default;
            if (reading == Reading.Same || l.SequenceEqual(r))
                return (Level.Pinyin, FamilyBits(a, b, frequencies, Weights.FamilyMost));
            if (reading == Reading.Near && !left.Pinyin && !right.Pinyin)
                return (Level.Alike, Weights.FamilyAlike);
            if (l.Length > 1 && r.Length > 1 && left.Script != NameScript.Han && right.Script != NameScript.Han)
                return (Level.Different, Weights.FamilyDifferent);
        }

        if (l.SequenceEqual(r))
            return (Level.Same, FamilyBits(a, b, frequencies, Weights.FamilyMost));
        if (l.Length == 1 || r.Length == 1)
            return l[0] == r[0] ? (Level.Initial, Weights.FamilyInitial) : (Level.Different, Weights.FamilyDifferent);
        ReadOnlySpan<char> lw = a[left.FamilyWhole], rw = b[right.FamilyWhole];
        if (lw.SequenceEqual(r) || l.SequenceEqual(rw))
            return (Level.Variant, FamilyBits(a, b, frequencies, Weights.FamilyMost) - 0.5);
        if (IsHalf(a, b) || IsHalf(b, a))
            return (Level.Half, Math.Min(6, FamilyBits(a, b, frequencies, Weights.FamilyMost) - 1.5));
        if (left.FamilyLoose == right.FamilyLoose)
            return (Level.Variant, Math.Min(Weights.FamilyVariantMost, FamilyBits(a, b, frequencies, Weights.FamilyMost) - 1.5));
        if (Romanisation.SameKorean(l, r) && (left.GivenLoose == right.GivenLoose || left.GivenLoose == 0 || right.GivenLoose == 0))
            return (Level.Variant, FamilyBits(a, b, frequencies, Weights.FamilyMost) - 2);
        if (l.Length >= 4 && r.Length >= 4 && Similarity.OneEdit(l, r))
            return (Level.OneEdit, Math.Min(Weights.FamilyOneEdit, FamilyBits(a, b, frequencies, Weights.FamilyMost) - Weights.OneEditLess));
        var shorter = Math.Min(l.Length, r.Length);
        if (shorter >= 5 && l[..shorter].SequenceEqual(r[..shorter]))
            return (Level.Truncated, Weights.FamilyAlike);
        if (shorter < 4)
            return Similarity.OneEdit(l, r) && l[0] == r[0] && shorter == 3 ? (Level.Alike, 1) : (Level.Different, Weights.FamilyDifferent);
        if (Similarity.SameLetters(l, r))
            return (Level.Alike, Weights.FamilyAlike - 1.5);
        var alike = Similarity.JaroWinkler(l, r);
        if (alike >= 0.92)
            return (Level.Alike, Weights.FamilyAlike);
        return alike >= 0.75 && Similarity.Edits(l, r, 2) <= 2 ? (Level.Alike, Weights.FamilyAlike - 1.5) : (Level.Different, Weights.FamilyDifferent);
    }

    /// <summary>Whether a family name is one half of the other's double name.</summary>
    private static bool IsHalf(MatchFeatures single, MatchFeatures twofold)
    {
        ref readonly var name = ref twofold.NameRef;
        if (name.FamilyTail.IsEmpty)
            return false;
        var family = single[single.NameRef.Family];
        return family.Length > 2 && (twofold[name.FamilyHead].SequenceEqual(family) || twofold[name.FamilyTail].SequenceEqual(family));
    }

    /// <summary>Mario and Maria, Daniel and Daniela: one letter apart, and two people.</summary>
    private static bool IsGenderedPair(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length > b.Length)
        {
            var swap = a;
            a = b;
            b = swap;
        }

        if (b.Length - a.Length == 1)
            return a.Length >= 3 && b[^1] is 'a' or 'e' && b.StartsWith(a);
        return a.Length == b.Length && a.Length >= 4 && a[^1] != b[^1] && a[^1] is 'a' or 'o' or 'e' && b[^1] is 'a' or 'o' or 'e' && a[..^1].SequenceEqual(b[..^1]);
    }

    private static double GivenBits(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies)
    {
        ref readonly var left = ref a.NameRef;
        ref readonly var right = ref b.NameRef;
        var share = frequencies.Share(left.GivenHash, left.GivenPrior, Weights.GivenWeight);
        if (left.GivenHash != right.GivenHash)
            share = Math.Max(share, frequencies.Share(right.GivenHash, right.GivenPrior, Weights.GivenWeight));
        return Weights.Rarity(share, Weights.GivenMost);
    }

    private static double FamilyBits(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies, double most)
    {
        ref readonly var left = ref a.NameRef;
        ref readonly var right = ref b.NameRef;
        var share = frequencies.Share(left.FamilyHash, left.FamilyPrior, Weights.FamilyWeight);
        if (left.FamilyHash != right.FamilyHash)
            share = Math.Max(share, frequencies.Share(right.FamilyHash, right.FamilyPrior, Weights.FamilyWeight));
        return Weights.Rarity(share, most);
    }
}
