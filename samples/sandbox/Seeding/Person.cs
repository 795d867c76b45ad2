using System.Globalization;

namespace Crm.Integration.Sandbox.Seeding;

/// <summary>
/// A made-up person, computed from seed and index: nothing is stored. Two in five are Chinese. Among them are values that break careless
/// readers: emoji, characters outside the basic plane, quotes, commas and line breaks, names as long as fields usually allow.
/// </summary>
internal readonly struct Person(int seed, int index)
{
    /// <summary>The longest given and family name that is made.</summary>
    public const int LongestGiven = 40, LongestFamily = 80;

    private static readonly string[] s_lead = ["Web", "Trade Show", "Referral", "Phone Inquiry", "Other"];

    public int Index => index;

    public bool Chinese => Roll(0) % 5 < 2;

    public string Given => Chinese ? HanGiven() : index % 307 == 23 ? LongName() : WesternGiven;

    // The first character of the second name lies outside the basic plane: four bytes in UTF-8, two units in UTF-16.
    public string Family => Chinese ? index % 211 == 17 ? "𠮷野" : Pick(Names.HanFamilies, 2).Han : index % 409 == 29 ? new string('W', LongestFamily) : Pick(Names.Families, 2);

    public string FullName => Chinese ? Family + Given : Given + " " + Family;

    public string? Salutation => Chinese ? null : Roll(3) % 3 == 0 ? "Dr." : Roll(3) % 3 == 1 ? "Ms." : "Mr.";

    /// <summary>Unique; one person in fifty has none.</summary>
    public string? Email => index % 50 == 7
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{LatinGiven}.{LatinFamily}{index}@{Pick(Names.MailDomains, 4)}");

    public string? Phone => index % 50 == 11
        ? null
        : Chinese
            ? string.Create(CultureInfo.InvariantCulture, $"+86 512 {10000000 + (Roll(5) % 90000000)}")
            : string.Create(CultureInfo.InvariantCulture, $"+44 113 {1000000 + (Roll(5) % 9000000)}");

    public string? Mobile => index % 3 == 0
        ? null
        : Chinese
            ? string.Create(CultureInfo.InvariantCulture, $"+86 13{Roll(6) % 10}{10000000 + (index % 90000000)}")
            : string.Create(CultureInfo.InvariantCulture, $"+44 7700 {100000000 + (index % 900000000)}");

    public string? JobTitle => index % 9 == 4 ? null : Pick(Chinese ? Names.HanTitles : Names.Titles, 7);

    public DateOnly? Born => index % 4 == 1 ? null : new DateOnly(1950, 1, 1).AddDays(Below(365 * 55, 8));

    public string Street => Chinese
        ? string.Create(CultureInfo.InvariantCulture, $"{Pick(Names.HanStreets, 9)}{1 + Below(400, 10)}号")
        : string.Create(CultureInfo.InvariantCulture, $"{1 + Below(240, 10)} {Pick(Names.Streets, 9)}");

    public Place Place => Pick(Chinese ? Names.HanPlaces : Names.Places, 11);

    public string PostalCode => Place.PostalCode(Below(9000, 12));

    public string? Notes => index switch
    {
        _ when index % 97 == 13 => "Prefers e-mail 📧, likes 🍜 and 👩‍💻",
        _ when index % 89 == 3 => "Said \"call me, please\",\nthen hung up; see file A, B",
        _ when index % 307 == 23 => new string('长', 2000),
        _ when index % 5 == 2 => Pick(Names.Remarks, 13),
        _ => null,
    };

    public bool OptedOut => Roll(14) % 8 == 0;

    public string LeadSource => Pick(s_lead, 15);

    /// <summary>Some number of this person for whatever else a vendor needs to make up.</summary>
    public int Below(int most, int salt) => Dice.Below(most, seed, index, salt);

    public T Pick<T>(T[] from, int salt) => Dice.Pick(from, seed, index, salt);

    private string WesternGiven => Pick(Names.Givens, 1);

    private string LatinGiven => Chinese ? HanLatin() : Pick(Names.LatinGivens, 1);

    private string LatinFamily => Chinese ? Pick(Names.HanFamilies, 2).Latin : Pick(Names.LatinFamilies, 2);

    private ulong Roll(int salt) => Dice.Roll(seed, index, salt);

    private string HanGiven()
    {
        var one = Pick(Names.HanGivens, 1);
        return Roll(16) % 3 == 0 ? one.Han : one.Han + Pick(Names.HanGivens, 17).Han;
    }

    private string HanLatin()
    {
        var one = Pick(Names.HanGivens, 1);
        return Roll(16) % 3 == 0 ? one.Latin : one.Latin + Pick(Names.HanGivens, 17).Latin;
    }

    private string LongName() => (WesternGiven + "-" + new string('a', LongestGiven))[..LongestGiven];
}
