using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;
using static Crm.Integration.Mapping.Maps.Functions.Declare;

namespace Crm.Integration.Mapping.Maps.Functions;

internal static class PlaceFunctions
{
    private const string Category = "places";

    public static IReadOnlyList<MapFunction> All { get; } =
    [
        OfText(Category, "country", "A country as ISO 3166-1 alpha-2 code: from codes of two or three letters or digits, names in many languages, and abbreviations (UK, U.S.A., F, D). What is no country stays as it was, trimmed.",
            [Gives("'Deutschland' | country", "DE"), Gives("'中国' | country", "CN"), Gives("'U.S.A.' | country", "US"), Gives("'Atlantis' | country", "Atlantis")],
            text => Countries.Find(text) ?? ContactFunctions.Trimmed(text)),
        new(Category, "countryName", "The name of a country in a language (en unless told otherwise). What is no country stays as it was.", [Subject, new("language", MapParameterType.Text, Optional: true)],
            [Gives("'DE' | countryName", "Germany"), Gives("'DEU' | countryName('zh')", "德国")], CountryName),
        new(Category, "region", "A state, province or region as its part of the ISO 3166-2 code, for some thirty countries; what is not known there stays as it was, trimmed. The country is an ISO code or a name; without it, the hub's own.",
            [Subject, new("country", MapParameterType.Country, Optional: true)],
            [Gives("'California' | region('US')", "CA"), Gives("'内蒙古自治区' | region('CN')", "NM"), Gives("'Guangdong Province' | region('CN')", "GD"), Gives("'Bayern' | region('DE')", "BY"), Gives("'Nowhere' | region('US')", "Nowhere")],
            (rest, environment) => InCountry(rest, environment, Regions.Find)),
        new(Category, "postalCode", "A postal code as its country writes it: blanks and hyphens in place, upper case, a leading zero that a spreadsheet ate put back, D- or CH- before it dropped. What does not fit stays as it was, trimmed.",
            [Subject, new("country", MapParameterType.Country, Optional: true)],
            [Gives("'1234ab' | postalCode('NL')", "1234 AB"), Gives("'sw1a1aa' | postalCode('GB')", "SW1A 1AA"), Gives("'D-10115' | postalCode('DE')", "10115"), Gives("'2138' | postalCode('US')", "02138"), Gives("'12' | postalCode('US')", "12")],
            (rest, environment) => InCountry(rest, environment, PostalCode.Parse)),
    ];

    private static Func<Value, Value> CountryName(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        var language = TextAt(rest, 0, "en");
        if (Countries.NameOf("DE", language) is null)
            throw new MapArgumentException(0, $"country names are not known in '{language}'", $"Known are: {string.Join(", ", Countries.Languages)}.");
        return OnText(text => Countries.Find(text) is { } code ? Countries.NameOf(code, language) ?? text : text);
    }

    private static Func<Value, Value> InCountry(ReadOnlySpan<Value> rest, MapEnvironment environment, Func<string, string?, string?> find)
    {
        var country = ContactFunctions.Home(rest, environment);
        return OnText(text => find(text, country) ?? ContactFunctions.Trimmed(text));
    }
}
