namespace Crm.Integration.Mapping.Matching;

/// <summary>Weighs whether two records are one person.</summary>
internal static class PersonScorer
{
    // Fathers and mothers are rarely nearer in age to their children than this.
    private const int GenerationDays = 15 * 365;

    public static void Score(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies, ref Tally tally)
    {
        tally.Add(Comparison.Prior, Level.None, Weights.PriorFor(frequencies.Records));
        var start = tally.Count;
        var given = NameComparison.Compare(a, b, frequencies, ref tally);
        var named = given is Level.Same or Level.FirstWord or Level.Variant or Level.Nickname or Level.Pinyin or Level.OneEdit or Level.Swapped;
        var birth = ContactComparison.BirthDates(a.Birth, b.Birth);
        if (birth.Level != Level.None)
            tally.Add(Comparison.BirthDate, birth.Level, birth.Bits + (birth.Level == Level.Same && named ? Weights.BirthSameAndNamed : 0));
        var email = ContactComparison.Emails(a, b);
        if (email.Level == Level.LocalPart && IsName(a[a.Emails[email.Left].Local], a))
            email.Bits = Weights.EmailLocalIsName;
        else if (email.Level == Level.Domain && !(a.CompanyRef.IsKnown && b.CompanyRef.IsKnown))
            email.Bits = Weights.EmailDomainOnly;
        if (email.Level != Level.None)
            tally.Add(Comparison.Email, email.Level, email.Bits + (email.Level == Level.Same ? Owner(a, b, named, given, email.Left) : email.Level == Level.OneEdit && named ? Weights.EmailOneEditAndNamed : 0), email.Left, email.Right);
        var phone = ContactComparison.Phones(a, b);
        if (phone.Level != Level.None)
            tally.Add(Comparison.Phone, phone.Level, phone.Bits + (phone.Level is Level.Mobile or Level.Same && named ? Weights.PhoneSameAndNamed : 0), phone.Left, phone.Right);
        var address = ContactComparison.Addresses(a, b);
        if (address.Level != Level.None)
            tally.Add(Comparison.Address, address.Level, address.Bits);
        if (a.Gender != Gender.Unknown && b.Gender != Gender.Unknown)
            tally.Add(Comparison.Gender, a.Gender == b.Gender ? Level.Same : Level.Different, a.Gender == b.Gender ? Weights.GenderSame : Weights.GenderDifferent);
        Generations(a.NameRef.Generation, b.NameRef.Generation, ref tally);
        var employer = Employers(a, b, frequencies, ref tally);

        var evidence = new Evidence(tally, start, IsOther(given));
        var overlap = evidence.Overlap(named ? Weights.OverlapWithName : given is Level.Initial or Level.Truncated or Level.Alike ? Weights.OverlapWithInitial : Weights.OverlapWithoutName);
        var namesakes = false;
        if (evidence.Family > 0 && evidence.Home > Weights.AddressCity && evidence.Own > 0 && evidence.Own <= evidence.Given)
        {
            var most = (evidence.Name > 0 ? Weights.NameAndHomeMost : Weights.InitialAndHomeMost) + (phone.Level == Level.Same ? Weights.NameAndHomePhone : phone.Level == Level.Line ? Weights.NameAndHomeLine : 0);
            // Father and son seldom work for one firm.
            most += Math.Max(0, employer);
            overlap = Math.Min(overlap, most - tally[start - 1].Bits - evidence.Together);
            // A mailbox at work beside one at home and a mobile beside the line are no sign of two people.
            namesakes = employer <= 0 && (phone.Bits <= Weights.PhoneOtherMobile || (phone.Level == Level.Different && email.Level == Level.Different && email.Bits <= Weights.EmailDifferent));
            if (namesakes)
                overlap += Weights.NamesakesAtHome;
            if ((a.NameRef.Generation == Generation.None) != (b.NameRef.Generation == Generation.None))
                overlap += Weights.OneGenerationAtHome;
        }
        else if (evidence.Name + evidence.Family > 0 && evidence.Beyond <= Weights.Weak)
        {
            tally.IsNameOnly = true;
            // A city adds to the name, but never so much that it outdoes a home.
            var names = tally[start - 1].Bits + evidence.Names + evidence.Home;
            var most = Math.Min(Weights.NameAloneMost, names + (Weights.NameAlonePerDoubling * Weights.Doublings(frequencies.Records)));
            overlap = Math.Min(overlap, most - names);
        }

        if (overlap < 0)
            tally.Add(Comparison.Overlap, Level.None, overlap);

        // Two different numbers forbid a link, unless name, birth date and home (or mailbox, or phone) agree: then a number was mistyped.
        // With the very address even a changed family name is no bar, for no two of a home share given name and birthday.
        var mistyped = named && birth.Bits >= Weights.BirthOneDigit
            && (evidence.Home >= Weights.AddressNoPlace || (evidence.Family > 0 && evidence.Own + evidence.Home - evidence.Name - birth.Bits >= 3));
        var own = evidence.Own;
        var national = ContactComparison.Ids(a[a.NationalId], b[b.NationalId]);
        if (national.Level == Level.Different && mistyped)
            national.Bits = Weights.IdMistaken;
        if (national.Level != Level.None)
            tally.Add(Comparison.NationalId, national.Level == Level.Different && mistyped ? Level.Mistaken : national.Level, national.Bits);
        var tax = ContactComparison.Ids(a[a.TaxId], b[b.TaxId]);
        if (tax.Level != Level.None)
            tally.Add(Comparison.TaxId, tax.Level, tax.Bits);
        own += Math.Max(0, national.Bits) + Math.Max(0, tax.Bits);
        tally.Guard = namesakes && own <= evidence.Own && birth.Bits <= 0 ? MatchGuard.Namesakes : Guard(a, b, given, birth.Level, mistyped ? Level.None : national.Bits >= Weights.IdOneEdit ? Level.Same : national.Level, tax.Level, evidence.Family > 0, evidence.Home > 0, own);
    }

    /// <summary>Whether a given name is rather another person's than another form of the same.</summary>
    private static bool IsOther(Level given) => given is Level.Different or Level.Gendered or Level.OtherName;

    private static MatchGuard Guard(MatchFeatures a, MatchFeatures b, Level given, Level birth, Level national, Level tax, bool sameFamily, bool sameHome, double own)
    {
        if (national == Level.Different || (tax == Level.Different && national != Level.Same))
            return MatchGuard.DifferentId;
        Generation left = a.NameRef.Generation, right = b.NameRef.Generation;
        if (left != Generation.None && right != Generation.None && left != right)
            return MatchGuard.Generation;
        if (national == Level.Same || tax == Level.Same)
            return MatchGuard.None;
        if (birth == Level.Different && sameFamily && sameHome && Math.Abs(a.Birth.Day - b.Birth.Day) >= GenerationDays)
            return MatchGuard.Generation;
        if (IsOther(given) && birth is Level.Same or Level.WeakSame && (sameFamily || sameHome))
            return MatchGuard.Twins;
        if (given is Level.Different or Level.Gendered)
            return MatchGuard.DifferentName;
        return own < 2 ? MatchGuard.SharedOnly : MatchGuard.None;
    }

    /// <summary>What it adds to an equal mailbox that it is known whose it is.</summary>
    private static double Owner(MatchFeatures a, MatchFeatures b, bool named, Level given, int mailbox)
    {
        if (named)
            return Weights.EmailSameAndNamed;
        if (given is Level.Alike or Level.Truncated or Level.Middle)
            return Weights.EmailSameAndAlike;
        if (given is not (Level.None or Level.Initial))
            return 0;
        var local = a[a.Emails[mailbox].Local];
        if (BearsName(local, a) || BearsName(local, b))
            return Weights.EmailSameAndBearsName;
        return given == Level.None ? Weights.EmailSameAndNobody : 0;
    }

    /// <summary>Whether a mailbox says no more than the name of its owner.</summary>
    private static bool IsName(ReadOnlySpan<char> local, MatchFeatures features)
    {
        var family = features[features.NameRef.Family];
        return family.Length >= 3 && local.Contains(family, StringComparison.Ordinal) && local.IndexOfAnyInRange('0', '9') < 0
            && local.Length <= family.Length + Math.Max(1, (int)features.NameRef.First.Length) + 1;
    }

    private static bool BearsName(ReadOnlySpan<char> local, MatchFeatures features)
    {
        ReadOnlySpan<char> first = features[features.NameRef.First], family = features[features.NameRef.Family];
        if (first.Length >= 4 && local.Contains(first, StringComparison.Ordinal))
            return true;
        return !first.IsEmpty && family.Length >= 4 && local[0] == first[0] && local.IndexOf(family, StringComparison.Ordinal) is 1 or 2;
    }

    private static void Generations(Generation a, Generation b, ref Tally tally)
    {
        if (a == b)
        {
            if (a != Generation.None)
                tally.Add(Comparison.Generation, Level.Same, Weights.GenerationSame);
            return;
        }

        var both = a != Generation.None && b != Generation.None;
        tally.Add(Comparison.Generation, both ? Level.Different : Level.Half, both ? Weights.GenerationDifferent : Weights.GenerationOneSided);
    }

    private static double Employers(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies, ref Tally tally)
    {
        if (!a.CompanyRef.IsKnown || !b.CompanyRef.IsKnown)
            return 0;
        var (level, bits) = OrganisationScorer.Names(a, b, frequencies);
        var weight = bits >= 6 ? Weights.EmployerSame : bits > 1 ? Weights.EmployerAlike : bits < 0 ? Weights.EmployerDifferent : 0;
        if (weight != 0)
            tally.Add(Comparison.Company, level, weight);
        return weight;
    }
}
