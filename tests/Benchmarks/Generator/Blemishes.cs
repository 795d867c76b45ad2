namespace Crm.Integration.Benchmarks.Generator;

/// <summary>The mistakes that people and programs make with a person's data.</summary>
internal static class Blemishes
{
    /// <summary>One system's view of a person at one time.</summary>
    public static Sighting See(Draw draw, Person person, DateTime modified)
    {
        var on = DateOnly.FromDateTime(modified);
        var home = person.FormerHome is { } former && on < person.MovedOn ? former : person.Home;
        var family = person.FormerFamily is { } maiden && on < person.MarriedOn ? maiden : person.Family;
        var given = draw.Chance(0.12) && NameLists.Nickname(person.Given) is { } nickname ? nickname : person.Given;
        if (person.Middle is { } middle && draw.Chance(0.2))
            given += draw.Chance(0.6) ? $" {middle[0]}." : $" {middle}";
        if (person.Suffix is { } suffix && draw.Chance(0.7))
            family += " " + suffix;

        if (draw.Chance(0.03))
            given = Typo(draw, given);
        if (draw.Chance(0.03))
            family = Typo(draw, family);
        if (draw.Chance(0.012))
            (given, family) = (family, given);
        if (draw.Chance(0.02))
            (given, family) = (given.ToUpperInvariant(), family.ToUpperInvariant());

        var email = draw.Below(100) switch
        {
            < 16 => null,
            < 26 when person.OtherEmail is { } other => other,
            26 or 27 => Typo(draw, person.Email.Split('@')[0]) + "@" + person.Email.Split('@')[1],
            28 or 29 => person.Email.ToUpperInvariant(),
            _ => person.Email,
        };
        if (email is not null && draw.Chance(0.008))
            email = draw.Of(["n/a", email.Replace('@', ' '), email + "@", email.Replace(".example", "", StringComparison.Ordinal), "unknown"]);

        DateOnly? birth = draw.Chance(0.35) ? null : person.Birth;
        if (birth is { Day: <= 12 } date && draw.Chance(0.04))
            birth = new DateOnly(date.Year, date.Day, date.Month);
        if (birth is { } impossible && draw.Chance(0.004))
            birth = impossible.AddYears(100);

        return new Sighting(
            person,
            given,
            family,
            email,
            draw.Chance(0.25) ? null : person.Mobile.Write(draw),
            draw.Chance(0.4) ? null : person.Landline?.Write(draw),
            home,
            draw.Chance(0.06) ? Typo(draw, home.Street) : home.Street,
            birth,
            modified);
    }

    /// <summary>What people type to get past a form.</summary>
    public static Sighting Junk(Draw draw, Person person, DateTime modified) => See(draw, person, modified) with
    {
        Given = draw.Of(["Test", "asdf", "xxx", "Max"]),
        Family = draw.Of(["Test", "asdf", "xxx", "Mustermann"]),
        Email = draw.Of<string?>(["test@test.com", "test@test.com", "asdf@asdf.example", null]),
        Mobile = draw.Of(["000000", "0000000000", "123456789", "1111111111"]),
        Landline = null,
    };

    public static string Typo(Draw draw, string text)
    {
        if (text.Length < 4)
            return text;
        var at = draw.Between(1, text.Length - 2);
        return draw.Below(4) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, text[at].ToString()),
            2 => string.Concat(text.AsSpan(0, at), text.AsSpan(at + 1, 1), text.AsSpan(at, 1), text.AsSpan(at + 2)),
            _ when char.IsAsciiLetterLower(text[at]) => string.Concat(text.AsSpan(0, at), ((char)('a' + draw.Below(26))).ToString(), text.AsSpan(at + 1)),
            _ => text,
        };
    }
}

/// <summary>What a system got to know of a person.</summary>
internal sealed record Sighting(
    Person Person,
    string Given,
    string Family,
    string? Email,
    string? Mobile,
    string? Landline,
    Address Home,
    string Street,
    DateOnly? Birth,
    DateTime Modified);
