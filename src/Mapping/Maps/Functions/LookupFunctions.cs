using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;
using static Crm.Integration.Mapping.Maps.Functions.Declare;

namespace Crm.Integration.Mapping.Maps.Functions;

internal static class LookupFunctions
{
    private const string Category = "other";

    public static IReadOnlyList<MapFunction> All { get; } =
    [
        new(Category, "lookup", "What a look-up table of the hub has for the value; keys are compared trimmed, half-width and in lower case. When the table does not have it: the default, or without one the value as it was.",
            [Subject, new("table", MapParameterType.Text), new("otherwise", Optional: true)], [], Lookup),
        OfText(Category, "hash", "SHA-256 of the text in UTF-8, in hex. It hides a value only from those who cannot guess it.", [Gives("'abc' | hash", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")],
            text => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))),
    ];

    private static Func<Value, Value> Lookup(ReadOnlySpan<Value> rest, MapEnvironment environment)
    {
        var name = TextAt(rest, 0);
        if (!environment.Lookups.TryGetValue(name, out var table))
        {
            var nearest = Spelling.Nearest(name, environment.Lookups.Keys);
            var fix = nearest is not null ? $"did you mean '{nearest}'?" : environment.Lookups.Count == 0 ? "declare it under lookups" : $"there are {string.Join(", ", environment.Lookups.Keys)}";
            throw new MapArgumentException(0, $"there is no look-up table '{name}'", fix);
        }

        var entries = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (key, value) in table.Entries)
            entries.TryAdd(Key(key), value);
        var hasDefault = rest.Length > 1;
        var otherwise = hasDefault ? rest[1] : Value.Null;
        return value => value.Kind == ValueKind.Object || value.ToText() is not { } text ? value
            : entries.TryGetValue(text, out var found) || entries.TryGetValue(Key(text), out found) ? found
            : hasDefault ? otherwise : value;
    }

    private static string Key(string text) => TextFold.ToHalfWidth(text).Trim().ToLowerInvariant();
}
