using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>Values as Fxiaoke writes and reads them: numbers as text, times as milliseconds, people as lists of one.</summary>
internal static class FxiaokeValues
{
    /// <summary>A date is midnight in China.</summary>
    private static readonly TimeSpan s_china = TimeSpan.FromHours(8);

    public static JsonNode? Write(Field field, object? value, Func<string, string> person) => value switch
    {
        null => null,
        string id when field.Kind == FieldKind.User => new JsonArray(person(id)),
        string text => text,
        bool flag => flag,
        decimal number => number.ToString(field.Kind == FieldKind.Money ? "0.00" : "0.##########", CultureInfo.InvariantCulture),
        DateOnly date => new DateTimeOffset(date.ToDateTime(default), s_china).ToUnixTimeMilliseconds(),
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        string[] list => new JsonArray([.. list.Select(item => (JsonNode)item)]),
        _ => throw new InvalidOperationException($"{field.Name} holds a {value.GetType().Name}."),
    };

    /// <summary>Reads a record as a client sends it; what no field has is passed over.</summary>
    public static Dictionary<string, object?> Read(FxiaokeTenant tenant, FxiaokeObject kind, JsonObject record, bool isUser)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, node) in record)
        {
            if (kind.Table.Field(name) is not { ReadOnly: false } field || tenant.Dropped.Contains((kind.ApiName, name)))
                continue;
            if (!isUser && tenant.Hidden.Contains((kind.ApiName, name)))
                throw FxiaokeRefusal.Record(403, $"没有字段[{field.Label}]的编辑权限");
            values[name] = Read(tenant, field, node);
        }

        return values;
    }

    public static string FieldType(Field field) => field.Kind switch
    {
        FieldKind.LongText => "long_text",
        FieldKind.Email => "email",
        FieldKind.Phone => "phone_number",
        FieldKind.Url => "url",
        FieldKind.Integer or FieldKind.Number => "number",
        FieldKind.Money => "currency",
        FieldKind.Boolean => "true_or_false",
        FieldKind.Date => "date",
        FieldKind.DateTime => "date_time",
        FieldKind.Choice => field.Name == "record_type" ? "record_type" : "select_one",
        FieldKind.Choices => "select_many",
        FieldKind.Reference => "object_reference",
        FieldKind.User => "employee",
        _ => "text",
    };

    private static object? Read(FxiaokeTenant tenant, Field field, JsonNode? node)
    {
        if (node is null or JsonArray { Count: 0 } || (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>().Length == 0))
            return null;
        return field.Kind switch
        {
            FieldKind.Boolean => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? node.GetValue<bool>() : throw Wrong(field),
            FieldKind.Integer or FieldKind.Number or FieldKind.Money => decimal.TryParse(node.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(field),
            FieldKind.Date => DateOnly.FromDateTime(Time(field, node).ToOffset(s_china).DateTime),
            FieldKind.DateTime => Time(field, node),
            FieldKind.Choice => Option(field, node),
            FieldKind.Choices => node is JsonArray items ? items.Select(item => Option(field, item!)).ToArray() : throw Wrong(field),
            FieldKind.User => node is JsonArray { Count: 1 } people ? Person(people[0]!.ToString()) : throw Wrong(field),
            FieldKind.Reference => Text(field, node) is var id && tenant.Object(field.Target).Table.Get(id) is not null ? id : throw FxiaokeRefusal.Record(304, $"[{field.Label}]引用的数据不存在"),
            _ => Text(field, node) is var text && text.Length <= field.Length ? text : throw FxiaokeRefusal.Record(302, $"[{field.Label}]长度不能超过{field.Length}"),
        };
    }

    public static string Person(string id) => id.Replace("FSUID_", "", StringComparison.Ordinal) is FxiaokeTenant.Employee or FxiaokeTenant.Colleague
        ? id.Replace("FSUID_", "", StringComparison.Ordinal)
        : throw new FxiaokeRefusal(30027, "employee not found", "员工不存在");

    private static DateTimeOffset Time(Field field, JsonNode node) =>
        node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue<long>(out var milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : throw Wrong(field);

    private static string Option(Field field, JsonNode node) => Text(field, node) is var text && field.Options.Contains(text) ? text : throw FxiaokeRefusal.Record(307, $"[{field.Label}]选项值不存在");

    private static string Text(Field field, JsonNode node) => node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw Wrong(field);

    private static FxiaokeRefusal Wrong(Field field) => FxiaokeRefusal.Record(308, $"[{field.Label}]格式不正确");
}
