using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>A query: conditions that all hold, an order, 100 records at most, and no offset beyond 10,000.</summary>
internal sealed class FxiaokeQuery
{
    private const int MostRows = 100, MostOffset = 10_000;
    private readonly FxiaokeTenant _tenant;
    private readonly List<Func<Row, bool>> _filters = [];
    private readonly List<(string Field, bool Ascending)> _orders = [];
    private readonly string? _behind;

    public FxiaokeQuery(FxiaokeTenant tenant, FxiaokeObject kind, JsonObject query, bool showsInvalid)
    {
        (_tenant, Kind) = (tenant, kind);
        Limit = Number(query, "limit");
        Offset = Number(query, "offset");
        if (Limit is < 1 or > MostRows)
            throw FxiaokeRefusal.Illegal("limit");
        if (Offset > MostOffset)
            throw new FxiaokeRefusal(10013, "offset out of range 10000", "offset超出范围");
        if (Offset % Limit != 0)
            throw FxiaokeRefusal.Illegal("offset");
        if (query["filters"] is not JsonArray filters || query["orders"] is not JsonArray orders)
            throw FxiaokeRefusal.Illegal(query["filters"] is JsonArray ? "orders" : "filters");
        var asksForState = false;
        foreach (var filter in filters.OfType<JsonObject>())
        {
            // A condition that names no field is passed over, and the read is not what was meant.
            if (filter["field_name"]?.ToString() is not { } field)
                continue;
            asksForState |= field == FxiaokeObject.LifeStatus;
            var values = (filter["field_values"] as JsonArray ?? throw FxiaokeRefusal.Illegal("field_values")).Select(value => value?.ToString() ?? "").ToList();
            var comparator = filter["operator"]?.ToString() ?? "";
            if (field == "_id" && comparator == "GT" && values.Count == 1)
                _behind = values[0];
            _filters.Add(Compare(field, comparator, values));
        }

        if (!asksForState && !showsInvalid)
            _filters.Add(row => !FxiaokeTenant.IsInvalid(kind, row));
        foreach (var order in orders.OfType<JsonObject>())
            _orders.Add((order["fieldName"]?.ToString() ?? throw FxiaokeRefusal.Illegal("orders"), order["isAsc"]?.GetValue<bool>() ?? true));
        Fields = (query["fieldProjection"] as JsonArray)?.Select(name => name!.ToString()).ToHashSet(StringComparer.Ordinal);
    }

    public FxiaokeObject Kind { get; }
    public int Limit { get; }
    public int Offset { get; }

    /// <summary>The fields to show; null is all.</summary>
    public HashSet<string>? Fields { get; }

    public int Total() => Kind.Table.Rows.Count(Matches);

    public List<Row> Run()
    {
        var table = Kind.Table;
        if (_orders.Count == 0 || _orders[0] is ("_id", true))
            return [.. From(table).Where(Matches).Skip(Offset).Take(Limit)];
        if (_orders[0] is ("last_modified_time", true))
            return [.. table.ByModified.Where(Matches).Skip(Offset).Take(Limit)];
        var sorted = table.Rows.Where(Matches).ToList();
        sorted.Sort((a, b) => _orders.Select(order => Order(Value(a, order.Field), Value(b, order.Field)) * (order.Ascending ? 1 : -1)).FirstOrDefault(order => order != 0));
        return [.. sorted.Skip(Offset).Take(Limit)];
    }

    // Keyset paging through very many records must not look at those behind it again and again.
    private IEnumerable<Row> From(Table table)
    {
        var (low, high) = (0, _behind is null ? 0 : table.Rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(table.Rows[middle].Id, _behind) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        for (var at = low; at < table.Rows.Count; at++)
            yield return table.Rows[at];
    }

    private bool Matches(Row row) => _filters.TrueForAll(filter => filter(row));

    private object? Value(Row row, string field) => field switch
    {
        "_id" => row.Id,
        "create_time" => (decimal)row.Created.ToUnixTimeMilliseconds(),
        "last_modified_time" => (decimal)row.Modified.ToUnixTimeMilliseconds(),
        "created_by" => row.CreatedBy,
        "last_modified_by" => row.ModifiedBy,
        _ => Kind.Table.Value(row, field) switch
        {
            DateTimeOffset time => (decimal)time.ToUnixTimeMilliseconds(),
            DateOnly date => (decimal)FxiaokeValues.Write(Kind.Table.Field(field)!, date, person => person)!.GetValue<long>(),
            bool flag => flag ? "true" : "false",
            var value => value,
        },
    };

    private Func<Row, bool> Compare(string field, string comparator, List<string> values)
    {
        if (field is not ("_id" or "create_time" or "last_modified_time" or "created_by" or "last_modified_by") && (Kind.Table.Field(field) is null || !_tenant.Sees(Kind, field)))
            throw FxiaokeRefusal.Illegal(field);
        string First() => values.Count > 0 ? values[0] : throw FxiaokeRefusal.Illegal("field_values");
        bool Any(Row row, Func<string, bool> fits) => Value(row, field) switch
        {
            null => false,
            string[] list => list.Any(fits),
            decimal number => fits(number.ToString(CultureInfo.InvariantCulture)),
            var value => fits((string)value),
        };
        return comparator switch
        {
            "EQ" when values.Count == 1 => row => Any(row, text => Order(text, First()) == 0),
            "N" when values.Count == 1 => row => !Any(row, text => Order(text, First()) == 0),
            "IN" or "HASANYOF" or "CONTAINS" => row => Any(row, values.Contains),
            "NIN" or "NHASANYOF" => row => !Any(row, values.Contains),
            "GT" when values.Count == 1 => row => Value(row, field) is { } value && Order(value, values[0]) > 0,
            "GTE" when values.Count == 1 => row => Value(row, field) is { } value && Order(value, values[0]) >= 0,
            "LT" when values.Count == 1 => row => Value(row, field) is { } value && Order(value, values[0]) < 0,
            "LTE" when values.Count == 1 => row => Value(row, field) is { } value && Order(value, values[0]) <= 0,
            // Nobody has written down whether the upper bound is in it; who relies on neither is safe.
            "BETWEEN" when values.Count == 2 => row => Value(row, field) is { } value && Order(value, values[0]) >= 0 && Order(value, values[1]) < 0,
            "NBETWEEN" when values.Count == 2 => row => Value(row, field) is { } value && !(Order(value, values[0]) >= 0 && Order(value, values[1]) < 0),
            "LIKE" => row => Any(row, text => text.Contains(First(), StringComparison.OrdinalIgnoreCase)),
            "NLIKE" => row => !Any(row, text => text.Contains(First(), StringComparison.OrdinalIgnoreCase)),
            "STARTWITH" => row => Any(row, text => text.StartsWith(First(), StringComparison.OrdinalIgnoreCase)),
            "ENDWITH" => row => Any(row, text => text.EndsWith(First(), StringComparison.OrdinalIgnoreCase)),
            "IS" => row => Value(row, field) is null,
            "ISN" => row => Value(row, field) is not null,
            _ => throw FxiaokeRefusal.Illegal("operator"),
        };
    }

    private static int Order(object? left, object? right)
    {
        if (left is null || right is null)
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        if (left is decimal || right is decimal)
            return Parse(left).CompareTo(Parse(right));
        return string.CompareOrdinal(left as string ?? string.Join(',', (string[])left), right as string ?? string.Join(',', (string[])right));
    }

    private static decimal Parse(object value) => value is decimal number ? number
        : decimal.TryParse((string)value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed
        : throw FxiaokeRefusal.Illegal("field_values");

    private static int Number(JsonObject query, string name) => query[name] is JsonValue value && value.TryGetValue<int>(out var number) && number >= 0 ? number : throw FxiaokeRefusal.Illegal(name);
}
