using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Insightly;

/// <summary>Values as Insightly writes and reads them.</summary>
internal static class InsightlyValues
{
    private static readonly string[] s_times = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd"];

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>As workflows write times: milliseconds in the form that Microsoft's serializer once had.</summary>
    public static string WorkflowTime(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"/Date({time.ToUnixTimeMilliseconds()}-0000)/");

    public static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParseExact(text, s_times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    public static JsonNode? Write(Field field, object? value, Func<DateTimeOffset, string> time) => value switch
    {
        null => field.Kind == FieldKind.Boolean && !field.Custom ? false : null,
        string id when field.Kind == FieldKind.Reference => long.Parse(id, CultureInfo.InvariantCulture),
        string text => text,
        bool flag => flag,
        decimal number => field.Kind == FieldKind.Integer ? (JsonNode)(long)number : number,
        DateOnly date => time(new DateTimeOffset(date.ToDateTime(default), TimeSpan.Zero)),
        DateTimeOffset moment => time(moment),
        string[] list => string.Join(';', list),
        _ => throw new InvalidOperationException($"{field.Name} holds a {value.GetType().Name}."),
    };

    /// <summary>Reads a record as a client sends it. Fields that do not exist are passed over; custom fields that do not are refused.</summary>
    public static Dictionary<string, object?> Read(InsightlyInstance instance, InsightlyObject kind, JsonObject body)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, node) in body)
        {
            if (name == "CUSTOMFIELDS")
                ReadCustom(instance, kind, node as JsonArray ?? throw InsightlyRefusal.Bad("CUSTOMFIELDS must be a list."), values);
            else if (name == "TAGS")
                values[name] = (node as JsonArray ?? []).Select(tag => tag?["TAG_NAME"]?.ToString() ?? throw InsightlyRefusal.Bad("TAG_NAME is required.")).ToArray();
            else if (kind.Table.Field(name) is { Custom: false, ReadOnly: false } field && !instance.Dropped.Contains((kind.Name, name)))
                values[name] = Read(instance, field, node);
        }

        return values;
    }

    // The set that is sent is the set that stays: what it leaves out is emptied.
    private static void ReadCustom(InsightlyInstance instance, InsightlyObject kind, JsonArray set, Dictionary<string, object?> values)
    {
        foreach (var field in kind.Table.Fields.Where(field => field.Custom))
            values[field.Name] = null;
        foreach (var item in set)
        {
            var name = item?["FIELD_NAME"]?.ToString() ?? throw InsightlyRefusal.Bad("FIELD_NAME is required.");
            if (kind.Table.Field(name) is not { Custom: true } field || instance.Dropped.Contains((kind.Name, name)))
                throw InsightlyRefusal.Bad($"Custom field {name} does not exist.");
            values[name] = Read(instance, field, item["FIELD_VALUE"]);
        }
    }

    private static object? Read(InsightlyInstance instance, Field field, JsonNode? node)
    {
        if (node is null || (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>().Length == 0))
            return null;
        return field.Kind switch
        {
            FieldKind.Boolean => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? node.GetValue<bool>() : throw Wrong(field),
            FieldKind.Integer or FieldKind.Number or FieldKind.Money => node.GetValueKind() == JsonValueKind.Number ? node.GetValue<decimal>() : throw Wrong(field),
            FieldKind.Date => Instant(Text(field, node)) is { } day ? DateOnly.FromDateTime(day.UtcDateTime) : throw Wrong(field),
            FieldKind.DateTime => Instant(Text(field, node)) ?? throw Wrong(field),
            FieldKind.Choice => field.Options.Contains(Text(field, node)) ? Text(field, node) : throw Wrong(field),
            FieldKind.Choices => Text(field, node).Split(';') is var chosen && chosen.All(field.Options.Contains) ? chosen : throw Wrong(field),
            FieldKind.Reference => node.GetValueKind() == JsonValueKind.Number && instance.Objects.First(kind => kind.Name == field.Target).Table.Get(node.ToString()) is { } row ? row.Id : throw Wrong(field),
            _ => Text(field, node) is var text && text.Length <= field.Length ? text : throw InsightlyRefusal.Bad($"{field.Name} must be {field.Length} characters or fewer."),
        };
    }

    private static string Text(Field field, JsonNode node) => node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw Wrong(field);

    private static InsightlyRefusal Wrong(Field field) => InsightlyRefusal.Bad($"The value of {field.Name} is invalid.");
}
