using System.Globalization;
using Crm.Integration.Benchmarks.Generator;

namespace Crm.Integration.Benchmarks.Worlds;

/// <summary>People who filled in the same short form again and again, carelessly.</summary>
internal static class SparseForms
{
    public static void See(Draw draw, int number, Sightings into)
    {
        var person = People.Unit(29, number)[0];
        for (var n = draw.Between(1, 7); n > 0; n--)
        {
            var (given, family) = (Careless(draw, person.Given), Careless(draw, person.Family));
            if (draw.Chance(0.06))
                (given, family) = (family, given);
            var birth = draw.Chance(0.75) ? person.Birth : draw.Chance(0.5) ? person.Birth.AddDays(draw.Between(-12, 12)) : person.Birth.AddYears(draw.Between(-2, 2)).AddMonths(draw.Between(-3, 3));
            into.Add(
                "forms", person.Id, "single", ("name.given", given), ("name.family", family), ("birthDate", draw.Chance(0.05) ? null : birth.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                ("address.city", draw.Chance(0.2) ? null : draw.Chance(0.15) ? Blemishes.Typo(draw, person.Home.City.Name) : person.Home.City.Name),
                ("email", draw.Chance(0.2) ? null : draw.Chance(0.25) ? Blemishes.Typo(draw, person.Email) : person.Email));
        }
    }

    private static string? Careless(Draw draw, string text) => draw.Below(100) switch
    {
        < 15 => null,
        < 40 => Blemishes.Typo(draw, text),
        < 45 => Blemishes.Typo(draw, Blemishes.Typo(draw, text)),
        _ => text,
    };
}
