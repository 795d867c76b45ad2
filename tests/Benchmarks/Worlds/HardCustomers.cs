using System.Globalization;
using System.Text;
using Crm.Integration.Benchmarks.Generator;

namespace Crm.Integration.Benchmarks.Worlds;

/// <summary>
/// Customers of a company as its systems know them after some years: much of what they know was true once. Families and
/// colleagues share homes, lines and mailboxes.
/// </summary>
internal static class HardCustomers
{
    private static readonly string[] s_sources = ["crm", "erp", "shop", "letter"];

    public static void See(Draw draw, int number, Sightings into)
    {
        var unit = People.Unit(17, number);
        foreach (var person in unit)
        {
            var past = Past.Of(draw, person);
            foreach (var source in s_sources)
            {
                for (var n = !draw.Chance(0.55) ? 0 : draw.Chance(0.08) ? 2 : 1; n > 0; n--)
                    Add(draw, source, person, past, unit.Count, into);
            }
        }
    }

    public static void SeeOnce(Draw draw, int number, Sightings into)
    {
        var unit = People.Unit(17, number);
        foreach (var person in unit)
            Add(draw, draw.Of(s_sources), person, Past.Of(draw, person), unit.Count, into);
    }

    private static void Add(Draw draw, string source, Person person, Past past, int unit, Sightings into)
    {
        var old = draw.Chance(0.3);
        var (given, family) = Name(draw, person, past, old);
        var full = source is "shop" or "erp";
        var han = person.Han is not null && given.All(c => c > 0x3000);
        var name = source == "erp" && !han ? $"{family}, {given}" : han ? family + given : $"{given} {family}";
        if (full && draw.Chance(0.03))
            name = given;
        var mail = draw.Below(100) switch
        {
            < 18 => null,
            < 22 => draw.Of(["test@test.com", "n/a", "none@none.com", "noreply@shop.example", "unknown"]),
            < 27 => Blemishes.Typo(draw, person.Email.Split('@')[0]) + "@" + person.Email.Split('@')[1],
            _ => old && past.Email is not null ? past.Email : draw.Chance(0.15) ? person.OtherEmail ?? person.Email : person.Email,
        };
        var phone = draw.Below(100) switch
        {
            < 25 => null,
            < 29 => draw.Of(["000000", "0000000000", "123456789", "1111111", "+49"]),
            < 33 => Mistyped(draw, person.Mobile.Write(draw)),
            _ => old && past.Mobile is not null ? past.Mobile.Write(draw) : person.Mobile.Write(draw),
        };
        var line = person.Landline is null || draw.Chance(0.5) ? null : person.Landline.Write(draw);
        var home = old && past.Home is not null ? past.Home : person.Home;
        var street = draw.Chance(0.05) ? Blemishes.Typo(draw, home.Street) : home.Street;
        var hasHome = source != "letter" && !draw.Chance(0.1);
        var birth = draw.Chance(source == "crm" ? 0.4 : 0.85) ? null : Birth(draw, person.Birth);
        var firm = person.Firm is null || source == "letter" || draw.Chance(0.3) ? null : han ? person.Firm.HanName ?? person.Firm.Name : draw.Chance(0.3) ? string.Join(' ', person.Firm.Name.Split(' ')[..^1]) : person.Firm.Name;
        into.Add(
            source, person.Id, unit == 1 ? "single" : person.Suffix is not null ? "father_son" : person.Firm is not null ? "colleagues" : "household",
            ("name.given", full ? null : given), ("name.family", full ? null : family), ("name.full", full ? name : null), ("email", mail), ("phone", draw.Chance(0.3) ? null : phone ?? line), ("phones[]", phone is null ? null : line),
            ("address.line", hasHome ? street + (home.Unit is { } flat ? ", " + flat : "") : null), ("address.city", hasHome ? han ? home.City.Han ?? home.City.Name : home.City.Name : null), ("address.postalCode", hasHome && !draw.Chance(0.1) ? home.PostalCode : null),
            ("address.country", draw.Of(home.Country.Spellings)), ("birthDate", birth), ("company", firm));
    }

    private static (string Given, string Family) Name(Draw draw, Person person, Past past, bool old)
    {
        if (person.Han is { } han && draw.Chance(0.6))
            return (han.Given, han.Family);
        var given = draw.Chance(0.1) && NameLists.Nickname(person.Given) is { } nickname ? nickname : person.Given;
        var family = old && person.FormerFamily is { } former ? former : person.Family;
        if (person.Middle is { } middle && draw.Chance(0.2))
            given += draw.Chance(0.6) ? $" {middle[0]}." : $" {middle}";
        if (draw.Chance(0.05))
            given = given[..1] + (draw.Chance(0.5) ? "." : "");
        else if (draw.Chance(0.05))
            given = Blemishes.Typo(draw, given);
        if (draw.Chance(0.06))
            family = Blemishes.Typo(draw, family);
        if (draw.Chance(0.08))
            (given, family) = (Plain(given), Plain(family));
        if (person.Suffix is { } suffix && draw.Chance(0.6))
            family += " " + suffix;
        if (draw.Chance(0.02))
            (given, family) = (family, given);
        if (draw.Chance(0.04))
            (given, family) = (given.ToUpperInvariant(), family.ToUpperInvariant());
        return (given, family);
    }

    private static string Birth(Draw draw, DateOnly birth)
    {
        var told = draw.Below(100) switch
        {
            < 3 when birth.Day <= 12 => new DateOnly(birth.Year, birth.Day, birth.Month),
            < 5 => birth.AddDays(draw.Between(1, 9)),
            < 7 => new DateOnly(birth.Year, 1, 1),
            _ => birth,
        };
        return told.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static string Mistyped(Draw draw, string phone)
    {
        var at = phone.Length - 1 - draw.Below(5);
        return char.IsAsciiDigit(phone[at]) ? $"{phone[..at]}{(char)('0' + draw.Below(10))}{phone[(at + 1)..]}" : phone;
    }

    private static string Plain(string text) =>
        string.Concat(text.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)).Replace("ß", "ss", StringComparison.Ordinal);

    /// <summary>What was true of a person some years ago; null where nothing has changed.</summary>
    private sealed record Past(string? Email, Phone? Mobile, Address? Home)
    {
        public static Past Of(Draw draw, Person person)
        {
            var country = person.Home.Country;
            return new(
                draw.Chance(0.3) ? $"{NameLists.Slug(person.Given)[..1]}{NameLists.Slug(person.Family)}{draw.Digits(3)}@{draw.Of(["oldmail.example", "web.example", "t-mail.example"])}" : null,
                draw.Chance(0.25) ? country.MobilePhone(draw, person.Home.City) : null,
                person.FormerHome ?? (draw.Chance(0.15) ? country.Address(draw, draw.Common(country.Cities)) : null));
        }
    }
}
