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
    ];
}
