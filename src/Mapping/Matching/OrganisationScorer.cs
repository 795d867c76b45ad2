namespace Crm.Integration.Mapping.Matching;

/// <summary>Weighs whether two records are one organisation.</summary>
internal static class OrganisationScorer
{
    private const float TellingPrior = 0.0005f;
    private const float BusinessPrior = 0.03f;
    private const float NamePrior = 0.0001f;

    public static void Score(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies, ref Tally tally)
    {
        tally.Add(Comparison.Prior, Level.None, Weights.PriorFor(frequencies.Records));
        (Level Level, double Bits) name = a.Kind != b.Kind ? (Level.Variant, NameBits(a.Kind == PartyKind.Company ? a.CompanyRef.Hash : b.CompanyRef.Hash, frequencies) - 1)
            : a.CompanyRef.IsKnown && b.CompanyRef.IsKnown ? Names(a, b, frequencies) : default;
        if (name.Level != Level.None)
            tally.Add(Comparison.Company, name.Level, name.Bits);
        var tax = ContactComparison.Ids(a[a.TaxId], b[b.TaxId]);
        if (tax.Level != Level.None)
            tally.Add(Comparison.TaxId, tax.Level, tax.Bits);
        var registration = ContactComparison.Ids(a[a.RegistrationId], b[b.RegistrationId]);
        if (registration.Level != Level.None)
            tally.Add(Comparison.RegistrationId, registration.Level, registration.Bits);
        var host = ContactComparison.Hosts(a, b);
        if (host.Level != Level.None)
            tally.Add(Comparison.Website, host.Level, host.Bits);
        var email = ContactComparison.Emails(a, b);
        if (email.Level is Level.Same or Level.Role)
            tally.Add(Comparison.Email, Level.Same, host.Level == Level.Same ? 2 : Weights.WebsiteSame, email.Left, email.Right);
        var phone = ContactComparison.Phones(a, b);
        if (phone.Level != Level.None)
            tally.Add(Comparison.Phone, phone.Level, phone.Level is Level.Mobile or Level.Line or Level.Same ? Weights.CompanyPhone : phone.Bits, phone.Left, phone.Right);
        var address = ContactComparison.Addresses(a, b);
        if (address.Level != Level.None)
        {
            var place = address.Level switch
            {
                Level.Same => Weights.CompanyAddress,
                Level.Different => Weights.CompanyElsewhere,
                _ => address.Bits,
            };
            tally.Add(Comparison.Address, address.Level, place);
            // One roof, one phone: a shared building says the same thing twice.
            if (address.Bits > 3 && phone.Bits > 5)
                tally.Add(Comparison.Overlap, Level.None, -0.5 * address.Bits);
        }

        var sameId = tax.Level == Level.Same || registration.Level == Level.Same;
        if (tax.Level == Level.Different || registration.Level == Level.Different)
            tally.Guard = MatchGuard.DifferentId;
        else if (name.Level == Level.Sibling && !sameId)
            tally.Guard = MatchGuard.Branches;
        else if (!sameId && name.Level != Level.None && name.Bits <= 0)
            tally.Guard = MatchGuard.SharedOnly;
        // Another house and another line: name and web site are those of the whole chain.
        else if (!sameId && address.Level == Level.Different && phone.Level == Level.Different)
            tally.Guard = MatchGuard.SharedOnly;
    }

    /// <summary>
    /// Whether what was read as a person's name is the organisation's: "Northern Coffee" in the field for whole names looks like
    /// Mr Coffee until it meets the company.
    /// </summary>
    public static bool IsNamesake(MatchFeatures company, MatchFeatures person)
    {
        if (company.Kind != PartyKind.Company || person.Kind != PartyKind.Person)
            return false;
        ref readonly var name = ref person.NameRef;
        var core = company[company.CompanyRef.Core];
        var length = name.Given.Length + name.FamilyWhole.Length;
        if (length < 6 || length + 8 < core.Length || length > core.Length + 1)
            return false;
        Span<char> joined = stackalloc char[core.Length], together = stackalloc char[length];
        person[name.Given].CopyTo(together);
        person[name.FamilyWhole].CopyTo(together[name.Given.Length..]);
        return Similarity.OneEdit(joined[..Join(core, joined)], together);
    }

    /// <summary>Compares names of organisations by their words: rare words count, missing ones take away.</summary>
    public static (Level Level, double Bits) Names(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies)
    {
        ref readonly var left = ref a.CompanyRef;
        ref readonly var right = ref b.CompanyRef;
        if (left.Words is not { } leftWords || right.Words is not { } rightWords)
            return default;
        if (left.Hash == right.Hash)
            return (Level.Same, Math.Min(NameBits(left.Hash, frequencies), WordBits(leftWords, frequencies)));

        double common = 0, missingLeft = 0, missingRight = 0;
        var sibling = false;
        uint matchedRight = 0;
        var fuzzy = false;
        for (var i = 0; i < leftWords.Length; i++)
        {
            var found = -1;
            for (var j = 0; j < rightWords.Length && found < 0; j++)
            {
                if ((matchedRight & (1u << j)) == 0 && rightWords[j].Hash == leftWords[i].Hash)
                    found = j;
            }

            for (var j = 0; j < rightWords.Length && found < 0; j++)
            {
                if ((matchedRight & (1u << j)) == 0 && AlikeWords(a[leftWords[i].Text], b[rightWords[j].Text], leftWords[i].Kind, rightWords[j].Kind))
                {
                    found = j;
                    fuzzy = true;
                }
            }

            var bits = WordBits(leftWords[i], frequencies);
            if (found < 0)
            {
                missingLeft += bits;
                sibling |= leftWords[i].Kind == CompanyWordKind.Distinguishing;
                continue;
            }

            matchedRight |= 1u << found;
            common += bits * (leftWords[i].Hash == rightWords[found].Hash ? 1 : 0.6);
        }

        for (var j = 0; j < rightWords.Length; j++)
        {
            if ((matchedRight & (1u << j)) != 0)
                continue;
            missingRight += WordBits(rightWords[j], frequencies);
            sibling |= rightWords[j].Kind == CompanyWordKind.Distinguishing;
        }

        if (missingLeft == 0 && missingRight == 0)
            return (fuzzy ? Level.OneEdit : Level.Same, Math.Min(common, Weights.CompanyMost - 1));
        if (common > 0 && sibling)
            return (Level.Sibling, Math.Min(common, Weights.CompanyMost) - 4);
        if (SameJoined(a[left.Core], b[right.Core], out var truncated))
            return truncated ? (Level.Truncated, 6) : (Level.Variant, 10);
        if (common > 0 && (missingLeft == 0 || missingRight == 0))
            return (Level.Subset, Math.Clamp(Math.Min(common, 8) - (0.6 * (missingLeft + missingRight)), -3, 5));
        if (IsAcronym(a[left.Core], b[right.Core]) || IsAcronym(b[right.Core], a[left.Core]))
            return (Level.Acronym, 3);
        if (common > 0)
            return (Level.WordsOverlap, Math.Clamp(Math.Min(common, 8) - Math.Min(missingLeft, missingRight) - 4, -5, 3));
        return (Level.Different, -6);
    }

    private static double NameBits(ulong hash, TermFrequencies frequencies) =>
        Weights.Rarity(frequencies.Share(hash, NamePrior, Weights.CompanyWeight), Weights.CompanyMost);

    private static double WordBits(CompanyWord[] words, TermFrequencies frequencies)
    {
        double bits = 0;
        foreach (var word in words)
            bits += WordBits(word, frequencies);
        return bits;
    }

    private static double WordBits(CompanyWord word, TermFrequencies frequencies) =>
        Math.Log2(1 / Math.Max(1e-4, frequencies.Share(word.Hash, word.Kind == CompanyWordKind.Telling ? TellingPrior : BusinessPrior, Weights.CompanyWeight)));

    private static bool AlikeWords(ReadOnlySpan<char> a, ReadOnlySpan<char> b, CompanyWordKind left, CompanyWordKind right)
    {
        if (left == CompanyWordKind.Distinguishing || right == CompanyWordKind.Distinguishing || a.Length < 4 || b.Length < 4)
            return false;
        // "instr" for instruments, "eng" was written out before.
        var shorter = Math.Min(a.Length, b.Length);
        if (Math.Max(a.Length, b.Length) >= shorter + 3 && a[..shorter].SequenceEqual(b[..shorter]))
            return true;
        return Similarity.OneEdit(a, b) || (Math.Min(a.Length, b.Length) >= 6 && Similarity.JaroWinkler(a, b) >= 0.93 && left == CompanyWordKind.Telling && right == CompanyWordKind.Telling);
    }

    /// <summary>Whether the names are alike without blanks: Data Base and Database, and pinyin run together.</summary>
    private static bool SameJoined(ReadOnlySpan<char> a, ReadOnlySpan<char> b, out bool truncated)
    {
        Span<char> left = stackalloc char[a.Length], right = stackalloc char[b.Length];
        ReadOnlySpan<char> l = left[..Join(a, left)], r = right[..Join(b, right)];
        var shorter = Math.Min(l.Length, r.Length);
        truncated = l.Length != r.Length;
        return l.SequenceEqual(r) || (l.Length >= 8 && Similarity.OneEdit(l, r)) || (shorter >= 14 && l[..shorter].SequenceEqual(r[..shorter]));
    }

    private static int Join(ReadOnlySpan<char> words, Span<char> into)
    {
        var length = 0;
        foreach (var character in words)
        {
            if (character != ' ')
                into[length++] = character;
        }

        return length;
    }

    private static bool IsAcronym(ReadOnlySpan<char> shortName, ReadOnlySpan<char> longName)
    {
        if (shortName.Length is < 2 or > 6 || shortName.Contains(' '))
            return false;
        var matched = 0;
        foreach (var range in longName.Split(' '))
        {
            if (matched < shortName.Length && !longName[range].IsEmpty && longName[range][0] == shortName[matched])
                matched++;
            else
                return false;
        }

        return matched == shortName.Length;
    }
}
