using Crm.Integration.Mapping.Maps.Evaluation;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Maps;

/// <summary>Brings values into the type of their field.</summary>
internal static class FieldConversion
{
    /// <summary>The value in the type of its field; as text, and not understood, when that cannot be.</summary>
    public static Value Convert(Value value, FieldType type, TimeZoneInfo zone, out bool understood)
    {
        understood = true;
        var converted = type switch
        {
            FieldType.Text => ToText(value),
            FieldType.Number => Number(value) is { } number ? Value.Number(number) : Value.Null,
            FieldType.Boolean => Truth.Read(value) is { } truth ? Value.Boolean(truth) : Value.Null,
            FieldType.Date => Date(value, zone) is { } date ? Value.Date(date) : Value.Null,
            FieldType.Instant => Instant(value, zone) is { } instant ? Value.Instant(instant) : Value.Null,
            _ => List(value),
        };
        understood = !converted.IsNull;
        return understood ? converted : ToText(value);
    }

    /// <summary>A list that begins with its primary element.</summary>
    public static Value WithPrimary(Value primary, Value list)
    {
        if (list.IsNull)
            return Value.List(primary);
        var items = list.AsList;
        if (items.Count > 0 && items[0] == primary)
            return list;
        return Value.List([primary, .. items.Where(item => item != primary)]);
    }

    private static Value ToText(Value value) => value.AsText is not null ? value : Value.Text(value.ToText());

    private static decimal? Number(Value value) => Comparison.Number(value) ?? (value.AsText is { } text ? NumberText.Parse(text) : null);

    private static DateOnly? Date(Value value, TimeZoneInfo zone)
    {
        if (value.AsInstant is { } instant)
            return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
        return value.AsDate ?? (value.Kind is ValueKind.Text or ValueKind.Number ? DateText.Parse(value.ToText()) : null);
    }

    private static DateTimeOffset? Instant(Value value, TimeZoneInfo zone)
    {
        if (value.AsInstant is { } instant)
            return instant;
        return value.Kind is ValueKind.Text or ValueKind.Date or ValueKind.Number ? DateText.ParseInstant(value.ToText(), zone) : null;
    }

    private static Value List(Value value)
    {
        if (value.Kind != ValueKind.List)
            return Value.List(ToText(value));
        var items = new List<Value>(value.AsList.Count);
        foreach (var item in value.AsList)
        {
            var text = ToText(item);
            if (!text.IsEmpty && !items.Contains(text))
                items.Add(text);
        }

        return Value.List([.. items]);
    }
}
