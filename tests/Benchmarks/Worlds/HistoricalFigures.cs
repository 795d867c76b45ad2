using System.Globalization;
using Crm.Integration.Benchmarks.Generator;

namespace Crm.Integration.Benchmarks.Worlds;

/// <summary>People of former centuries, as encyclopaedias and registers know them: each many times, and never quite alike.</summary>
internal static class HistoricalFigures
{
    private static readonly string[] s_titles = ["Sir", "Dr", "Lord", "Rev.", "Captain"];
    private static readonly string[] s_trades = ["politician", "writer", "painter", "cricketer", "military officer", "priest", "engineer", "composer", "botanist", "judge"];

    public static void See(Draw draw, int number, Sightings into)
    {
        var unit = People.Unit(43, number);
        foreach (var person in unit.Take(2))
        {
            var born = person.Birth.AddYears(-draw.Between(60, 250));
            var (titled, trade, place) = (draw.Chance(0.2) ? draw.Of(s_titles) : null, draw.Of(s_trades), draw.Of(Country.UnitedKingdom.Cities).Name);
            var code = $"{draw.Of(["AB", "CF", "DT", "EH", "GL", "NR", "SW", "YO"])}{draw.Between(1, 20)} {draw.Between(1, 9)}{draw.Of(["AA", "BD", "EF", "HJ", "LN", "PQ", "RS", "TU"])}";
            for (var n = draw.Chance(0.3) ? 1 : draw.Between(2, 18); n > 0; n--)
            {
                var given = draw.Below(100) switch
                {
                    < 8 => person.Given[..1] + ".",
                    < 16 => NameLists.Nickname(person.Given) ?? person.Given,
                    < 26 => Blemishes.Typo(draw, person.Given),
                    < 30 => null,
                    _ => person.Given,
                };
                if (given is not null && person.Middle is { } middle && draw.Chance(0.4))
                    given += " " + middle;
                if (titled is not null && given is not null && draw.Chance(0.3))
                    given = $"{titled} {given}";
                var family = draw.Chance(0.12) ? Blemishes.Typo(draw, person.Family) : draw.Chance(0.03) ? null : person.Family;
                if (person.FormerFamily is { } maiden && draw.Chance(0.3))
                    family = maiden;
                var told = draw.Below(100) switch
                {
                    < 10 => new DateOnly(born.Year, 1, 1),
                    < 16 => born.AddYears(draw.Between(-2, 2)),
                    < 22 => born.AddDays(draw.Between(-10, 10)),
                    _ => born,
                };
                into.Add(
                    "register", person.Id, unit.Count == 1 ? "single" : "family", ("name.given", given), ("name.family", family), ("birthDate", draw.Chance(0.12) ? null : told.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                    ("address.city", draw.Chance(0.25) ? null : draw.Chance(0.08) ? draw.Of(Country.UnitedKingdom.Cities).Name : place),
                    ("address.postalCode", draw.Chance(0.25) ? null : draw.Chance(0.12) ? code[..^1] + "X" : code), ("gender", draw.Chance(0.3) ? null : person.Man ? "male" : "female"), ("jobTitle", draw.Chance(0.3) ? null : trade));
            }
        }
    }
}
