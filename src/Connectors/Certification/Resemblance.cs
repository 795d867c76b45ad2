using System.Globalization;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Whether two values say the same although one came as text: a system's JSON has no dates.</summary>
internal static class Resemblance
{
    public static bool Same(Value expected, Value actual)
    {
        if (expected.IsEmpty && actual.IsEmpty || expected == actual || expected.ToText() == actual.ToText())
            return true;
        // 00123 is not 123.
        if (expected.Kind == ValueKind.Text && actual.Kind == ValueKind.Text)
            return false;
        if (Number(expected) is { } a && Number(actual) is { } b)
            return a == b;
        if (actual.Kind == ValueKind.Boolean || expected.Kind == ValueKind.Boolean)
            return string.Equals(expected.ToText(), actual.ToText(), StringComparison.OrdinalIgnoreCase);
        if ((actual.Kind is ValueKind.Date or ValueKind.Instant || expected.Kind is ValueKind.Date or ValueKind.Instant) && Time(expected) is { } x && Time(actual) is { } y)
            return x == y;
        if (actual.Kind == ValueKind.List || expected.Kind == ValueKind.List)
            return Items(expected).SetEquals(Items(actual));
        // What an object says nothing of it may also leave out.
        if (expected.AsObject is { } told && actual.AsObject is { } heard)
            return told.Keys.Concat(heard.Keys).All(name => Same(told.GetValueOrDefault(name), heard.GetValueOrDefault(name)));
        return false;
    }

    private static decimal? Number(Value value) =>
        value.AsNumber ?? (decimal.TryParse(value.AsText, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null);

    private static DateTimeOffset? Time(Value value)
    {
        if (value.AsInstant is { } instant)
            return instant;
        if (Number(value) is { } epoch && epoch > 10_000_000_000m)
            return DateTimeOffset.FromUnixTimeMilliseconds((long)epoch);
        return DateTimeOffset.TryParse(value.ToText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    // Systems write lists in one text, each with its own separator.
    private static HashSet<string> Items(Value value) =>
        [.. value.Kind == ValueKind.List ? value.AsList.Select(item => item.ToText() ?? "") : (value.ToText() ?? "").Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
