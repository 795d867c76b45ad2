using System.Globalization;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Puts a score in words.</summary>
internal static class Explanation
{
    public static PairExplanation Of(MatchFeatures a, MatchFeatures b, in Tally tally, MatchSettings settings)
    {
        var steps = new List<PairStep>(tally.Count);
        for (var i = 0; i < tally.Count; i++)
        {
            var step = tally[i];
            steps.Add(new PairStep(Name(step.Comparison), step.Level == Level.Pinyin ? Sound(a, b) : Word(step.Comparison, step.Level), Side(a, step.Comparison, step.Left), Side(b, step.Comparison, step.Right), step.Bits + step.Correction));
        }

        var score = settings.Judge(tally);
        return new PairExplanation(score, steps, Summary(score, steps, settings));
    }

    private static string Summary(PairScore score, List<PairStep> steps, MatchSettings settings)
    {
        var parts = steps.Skip(1).OrderByDescending(step => Math.Abs(step.Bits)).Select(step => string.Create(CultureInfo.InvariantCulture, $"{Signed(step.Bits)} {Phrase(step)}"));
        var outcome = score.IsHeldBack ? $"never linked: {Word(score.Guard)}"
            : score.Guard == MatchGuard.NameOnly ? $"not linked: {Word(score.Guard)}"
            : score.Bits >= settings.LinkBits ? "link" : score.Bits >= settings.ReviewBits ? "review" : "not linked";
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join("; ", parts)}; start {Signed(steps[0].Bits)} = {Signed(score.Bits)} ({outcome})");
    }

    private static string Phrase(PairStep step)
    {
        if (step.Level.Length == 0)
            return step.Comparison;
        return step.Left is null || step.Right is null ? $"{step.Comparison} {step.Level}"
            : step.Left == step.Right ? $"{step.Level} {step.Comparison} {step.Left}" : $"{step.Comparison} {step.Level}: {step.Left} / {step.Right}";
    }

    private static string Signed(double bits) => bits.ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    public static string Name(Comparison comparison) => comparison switch
    {
        Comparison.Prior => "two at random",
        Comparison.GivenName => "given name",
        Comparison.MiddleName => "middle name",
        Comparison.FamilyName => "family name",
        Comparison.Generation => "Jr/Sr",
        Comparison.BirthDate => "birth date",
        Comparison.Gender => "gender",
        Comparison.Email => "e-mail",
        Comparison.Phone => "phone",
        Comparison.Address => "address",
        Comparison.NationalId => "national id",
        Comparison.TaxId => "tax id",
        Comparison.RegistrationId => "register number",
        Comparison.Company => "company",
        Comparison.Website => "web site",
        _ => "household or firm",
    };

    public static string Word(Comparison comparison, Level level) => level switch
    {
        Level.None => comparison is Comparison.Prior ? "" : "counted once",
        Level.Half when comparison == Comparison.Generation => "only one says so",
        Level.Same => "same",
        Level.FirstWord => "same first word",
        Level.Variant => "spelling variant",
        Level.Nickname => "nickname",
        Level.Pinyin => "same sound",
        Level.OneEdit => "one letter off",
        Level.Alike => "alike",
        Level.Half => "half of it",
        Level.Truncated => "cut off",
        Level.Initial => "same initial",
        Level.Middle => "is the other's middle name",
        Level.Swapped => "given and family swapped",
        Level.Gendered => "male and female form",
        Level.OtherName => "one letter off, but another name",
        Level.WeakSame => "same, but a 1 January",
        Level.DayMonthSwapped => "day and month swapped",
        Level.OneDigit => "one digit off",
        Level.TwoDigits => "two digits off",
        Level.Near => "a few weeks apart",
        Level.SameYear => "about a year apart",
        Level.Role => "same shared mailbox",
        Level.LocalPart => "same before the @",
        Level.Domain => "same firm",
        Level.Mobile => "same mobile",
        Level.Line => "same landline",
        Level.StreetAndNumber => "same street and number",
        Level.Street => "same street",
        Level.Building => "same building, other unit",
        Level.PostalCode => "same postal code",
        Level.City => "same city",
        Level.WordsOverlap => "some words in common",
        Level.Subset => "one has more words",
        Level.Acronym => "initials of the other",
        Level.Mistaken => "different, probably mistyped",
        Level.Sibling => "branch or sister",
        _ => "different",
    };

    /// <summary>What it is called that two names sound alike, be they in different letters: pinyin is how Chinese is spelled, and nothing else.</summary>
    private static string Sound(MatchFeatures a, MatchFeatures b) => (a.NameRef.Script == NameScript.Latin ? b : a).NameRef.Script switch
    {
        NameScript.Han when a.NameRef.Script != NameScript.Japanese && b.NameRef.Script != NameScript.Japanese => "same in pinyin",
        NameScript.Han or NameScript.Japanese => "same in rōmaji",
        NameScript.Hangul => "same in romanised Korean",
        NameScript.Arabic => "same in romanised Arabic",
        NameScript.Hebrew => "same in romanised Hebrew",
        _ => "same in Latin letters",
    };

    public static string Word(MatchGuard guard) => guard switch
    {
        MatchGuard.DifferentId => "different ids",
        MatchGuard.SharedOnly => "only what a household or firm shares",
        MatchGuard.DifferentName => "different given names",
        MatchGuard.Generation => "a generation apart",
        MatchGuard.Twins => "twins",
        MatchGuard.Namesakes => "one name and home, but different phones",
        MatchGuard.PersonAndCompany => "a person and a company",
        MatchGuard.Doubtful => "a contradiction, and too little besides",
        MatchGuard.Branches => "branch or sister company",
        MatchGuard.NameOnly => "only the names agree",
        _ => "",
    };

    private static string? Side(MatchFeatures features, Comparison comparison, int index)
    {
        Slice? slice = comparison switch
        {
            Comparison.GivenName => features.NameRef.GivenHan.IsEmpty ? features.NameRef.Given : features.NameRef.GivenHan,
            Comparison.MiddleName => features.NameRef.Middle,
            Comparison.FamilyName => features.NameRef.FamilyHan.IsEmpty ? features.NameRef.Family : features.NameRef.FamilyHan,
            Comparison.NationalId => features.NationalId,
            Comparison.TaxId => features.TaxId,
            Comparison.RegistrationId => features.RegistrationId,
            Comparison.Company => features.CompanyRef.Core,
            _ => null,
        };
        if (slice is { } text)
            return text.IsEmpty ? null : features[text].ToString();
        return comparison switch
        {
            Comparison.Generation when features.NameRef.Generation != Generation.None => features.NameRef.Generation.ToString(),
            Comparison.BirthDate => features.Birth.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Comparison.Gender => features.Gender.ToString(),
            Comparison.Email => $"{features[features.Emails[index].Local]}@{features[features.Emails[index].Domain]}",
            Comparison.Phone => features.Phones[index].Digits.ToString(CultureInfo.InvariantCulture),
            Comparison.Website => ContactComparison.HostOf(features).ToString(),
            Comparison.Address => AddressText(features),
            _ => null,
        };
    }

    private static string AddressText(MatchFeatures features)
    {
        ref readonly var address = ref features.AddressRef;
        var parts = new[] { address.Number, address.Street, address.Unit, address.PostalCode, address.City }.Where(part => !part.IsEmpty).Select(part => features[part].ToString());
        return string.Join(' ', parts);
    }
}
