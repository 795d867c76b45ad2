using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>One comparison of a field with values, as COQL, search and bulk read share it.</summary>
internal static class ZohoCriterion
{
    /// <summary>Compares by the bulk API's word: equal, not_equal, in, greater_equal, between, starts_with, is_null, …</summary>
    public static Func<Row, bool> Compare(ZohoOrganisation organisation, ZohoModule module, string field, string comparator, IReadOnlyList<string> texts)
    {
        var kind = Kind(organisation, module, field);
        object? Of(Row row) => ZohoOrganisation.Value(module, row, field);
        if (comparator is "is_null" or "is_not_null")
            return row => Of(row) is null == (comparator == "is_null");
        if (comparator is "like" or "not_like")
        {
            var pattern = texts[0];
            var (open, end) = (pattern.StartsWith('%'), pattern.EndsWith('%'));
            return row => Like(Of(row) as string, pattern.Trim('%'), open, end) == (comparator == "like");
        }

        var values = texts.Select(text => Parse(field, kind, text)).ToArray();
        Need(values.Length > (comparator is "between" or "not_between" ? 1 : 0), field);
        return comparator switch
        {
            "equal" => row => Same(Of(row), values[0]),
            "not_equal" => row => !Same(Of(row), values[0]),
            "in" => row => values.Any(value => Same(Of(row), value)),
            "not_in" => row => !values.Any(value => Same(Of(row), value)),
            "less_than" => row => Order(Of(row), values[0]) < 0,
            "less_equal" => row => Order(Of(row), values[0]) <= 0,
            "greater_than" => row => Order(Of(row), values[0]) > 0,
            "greater_equal" => row => Order(Of(row), values[0]) >= 0,
            "between" => row => Order(Of(row), values[0]) >= 0 && Order(Of(row), values[1]) <= 0,
            "not_between" => row => !(Order(Of(row), values[0]) >= 0 && Order(Of(row), values[1]) <= 0),
            "contains" => row => Like(Of(row) as string, texts[0], true, true),
            "not_contains" => row => !Like(Of(row) as string, texts[0], true, true),
            "starts_with" => row => Like(Of(row) as string, texts[0], false, true),
            "ends_with" => row => Like(Of(row) as string, texts[0], true, false),
            _ => throw Invalid(field, $"the operator {comparator} is not supported"),
        };
    }

    public static FieldKind Kind(ZohoOrganisation organisation, ZohoModule module, string field) =>
        field == "id" ? FieldKind.Text : organisation.Visible(module, field)?.Kind ?? throw Invalid(field, "column given seems to be invalid");

    public static ZohoRefusal Invalid(string column, string reason) => new(400, "INVALID_QUERY", "invalid query formed", new JsonObject { ["column_name"] = column, ["reason"] = reason });

    /// <summary>Smaller, equal or greater; null where one of them is missing.</summary>
    public static int? Order(object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (decimal a, decimal b) => a.CompareTo(b),
        (DateOnly a, DateOnly b) => a.CompareTo(b),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (bool a, bool b) => a.CompareTo(b),
        (string a, string b) => string.Compare(a, b, StringComparison.OrdinalIgnoreCase),
        _ => null,
    };

    private static bool Same(object? left, object? right) => left is string[] list ? list.Contains(right as string) : Order(left ?? (right is false ? false : null), right) == 0;

    private static bool Like(string? text, string part, bool open, bool end) => text is not null && (open, end) switch
    {
        (true, true) => text.Contains(part, StringComparison.OrdinalIgnoreCase),
        (true, false) => text.EndsWith(part, StringComparison.OrdinalIgnoreCase),
        (false, true) => text.StartsWith(part, StringComparison.OrdinalIgnoreCase),
        _ => text.Equals(part, StringComparison.OrdinalIgnoreCase),
    };

    private static object Parse(string field, FieldKind kind, string text) => kind switch
    {
        FieldKind.DateTime => ZohoValues.Instant(text) ?? throw Invalid(field, "the value given is not a date-time with an offset"),
        FieldKind.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Invalid(field, "the value given is not a date"),
        FieldKind.Boolean => bool.TryParse(text, out var flag) ? flag : throw Invalid(field, "the value given is not true or false"),
        FieldKind.Integer or FieldKind.Number or FieldKind.Money => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(field, "the value given is not a number"),
        _ => text,
    };

    private static void Need(bool enough, string field)
    {
        if (!enough)
            throw Invalid(field, "too few values");
    }
}
