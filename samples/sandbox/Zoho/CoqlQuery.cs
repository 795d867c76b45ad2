using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>A statement of the query API. More than two conditions have to be bracketed in pairs; a `where` there must be.</summary>
internal sealed class CoqlQuery
{
    private readonly ZohoOrganisation _organisation;
    private readonly CoqlTokens _tokens;
    private readonly List<string> _columns = [];
    private readonly List<(string Field, bool Ascending)> _order = [];
    private readonly Func<Row, bool> _where;
    private int _criteria;

    public CoqlQuery(ZohoOrganisation organisation, string text)
    {
        _organisation = organisation;
        _tokens = new CoqlTokens(text);
        _tokens.Expect("select");
        do
            _columns.Add(_tokens.Next().Text);
        while (_tokens.Take(","));
        AtMost(_columns.Count, 50, "select");
        _tokens.Expect("from");
        Module = organisation.Module(_tokens.Next().Text);
        foreach (var column in _columns)
            Check(column);
        _tokens.Expect("where");
        _where = Pair();
        AtMost(_criteria, 25, "where");
        if (_tokens.Take("order"))
        {
            _tokens.Expect("by");
            do
            {
                var field = _tokens.Next().Text;
                _ = ZohoCriterion.Kind(organisation, Module, field);
                _order.Add((field, !_tokens.Take("desc")));
                _tokens.Take("asc");
            }
            while (_tokens.Take(","));
            AtMost(_order.Count, 10, "order by");
        }

        if (_tokens.Take("limit"))
        {
            Limit = Number();
            // `limit 100, 200` is offset 100, limit 200.
            if (_tokens.Take(","))
                (Offset, Limit) = (Limit, Number());
            else if (_tokens.Take("offset"))
                Offset = Number();
        }

        if (!_tokens.AtEnd)
            throw _tokens.Wrong();
        AtMost(Limit, 2000, "limit");
        AtMost(Offset + Limit, 100_000, "offset");
    }

    public ZohoModule Module { get; }
    public int Limit { get; } = 200;
    public int Offset { get; }

    /// <summary>What the statement costs: 1 credit up to 200 rows, 2 up to 1,000, 3 up to 2,000.</summary>
    public int Credits => Limit <= 200 ? 1 : Limit <= 1000 ? 2 : 3;

    /// <returns>The answer, or null when no record matches.</returns>
    public JsonObject? Run()
    {
        var rows = Sorted().Skip(Offset).Take(Limit + 1).ToList();
        var more = rows.Count > Limit;
        if (more)
            rows.RemoveAt(Limit);
        return rows.Count == 0 ? null : ZohoPaging.Answer(rows.Select(Show), new() { ["count"] = rows.Count, ["more_records"] = more });
    }

    private IEnumerable<Row> Sorted()
    {
        var table = Module.Table;
        if (_order.Count == 0 || _order[0] is ("id", true))
            return table.Rows.Where(_where);
        if (_order[0] is ("Modified_Time", true) && _order.Skip(1).All(next => next is ("id", true)))
            return table.ByModified.Where(_where);
        var sorted = table.Rows.Where(_where).ToList();
        sorted.Sort((a, b) => _order.Select(key => By(key.Field, a, b) * (key.Ascending ? 1 : -1)).FirstOrDefault(order => order != 0));
        return sorted;
    }

    private int By(string field, Row a, Row b)
    {
        var (left, right) = (ZohoOrganisation.Value(Module, a, field), ZohoOrganisation.Value(Module, b, field));
        return ZohoCriterion.Order(left, right) ?? (left is null ? 0 : 1) - (right is null ? 0 : 1);
    }

    private JsonObject Show(Row row)
    {
        var shown = _organisation.Show(Module, row, _columns.Where(column => !column.Contains('.', StringComparison.Ordinal)));
        foreach (var column in _columns.Where(column => column.Contains('.', StringComparison.Ordinal)))
        {
            var (reference, field) = Split(column);
            var target = _organisation.Module(reference.Target!);
            var row2 = ZohoOrganisation.Value(Module, row, reference.Name) is string id ? target.Table.Get(id) : null;
            shown[column] = row2 is null ? null : field == "id" ? row2.Id : ZohoValues.Write(_organisation, target.Table.Field(field)!, ZohoOrganisation.Value(target, row2, field));
        }

        return shown;
    }

    private void Check(string column)
    {
        if (column.Contains('.', StringComparison.Ordinal))
        {
            var (reference, field) = Split(column);
            _ = ZohoCriterion.Kind(_organisation, _organisation.Module(reference.Target!), field);
        }
        else
            _ = ZohoCriterion.Kind(_organisation, Module, column);
    }

    private (Field Reference, string Field) Split(string column)
    {
        var dot = column.IndexOf('.', StringComparison.Ordinal);
        return _organisation.Visible(Module, column[..dot]) is { Kind: FieldKind.Reference } reference ? (reference, column[(dot + 1)..]) : throw ZohoCriterion.Invalid(column, "column given seems to be invalid");
    }

    private Func<Row, bool> Pair()
    {
        var left = Operand();
        if (_tokens.Take("and"))
        {
            var right = Operand();
            return row => left(row) && right(row);
        }

        if (_tokens.Take("or"))
        {
            var right = Operand();
            return row => left(row) || right(row);
        }

        return left;
    }

    private Func<Row, bool> Operand()
    {
        if (_tokens.Take("("))
        {
            var inner = Pair();
            _tokens.Expect(")");
            return inner;
        }

        _criteria++;
        var field = _tokens.Next().Text;
        if (ZohoCriterion.Kind(_organisation, Module, field) == FieldKind.LongText)
            throw ZohoCriterion.Invalid(field, "multi-line text is not supported in the where clause");
        var (comparator, values) = Comparison();
        return ZohoCriterion.Compare(_organisation, Module, field, comparator, values);
    }

    private (string Comparator, IReadOnlyList<string> Values) Comparison()
    {
        if (_tokens.Take("is"))
        {
            var comparator = _tokens.Take("not") ? "is_not_null" : "is_null";
            _tokens.Expect("null");
            return (comparator, []);
        }

        var not = _tokens.Take("not") ? "not_" : "";
        if (_tokens.Take("in"))
            return (not + "in", List());
        if (_tokens.Take("like"))
            return (not + "like", [_tokens.Next().Text]);
        if (_tokens.Take("between"))
        {
            var from = _tokens.Next().Text;
            _tokens.Expect("and");
            return (not + "between", [from, _tokens.Next().Text]);
        }

        string comparator2 = _tokens.Next().Text switch
        {
            "=" => "equal",
            "!=" or "<>" => "not_equal",
            "<" => "less_than",
            "<=" => "less_equal",
            ">" => "greater_than",
            ">=" => "greater_equal",
            _ => throw _tokens.Wrong(),
        };
        return not.Length == 0 ? (comparator2, [_tokens.Next().Text]) : throw _tokens.Wrong();
    }

    private List<string> List()
    {
        var values = new List<string>();
        _tokens.Expect("(");
        do
            values.Add(_tokens.Next().Text);
        while (_tokens.Take(","));
        _tokens.Expect(")");
        AtMost(values.Count, 50, "in");
        return values;
    }

    private int Number() => int.TryParse(_tokens.Next().Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw _tokens.Wrong();

    private static void AtMost(int count, int limit, string clause)
    {
        if (count > limit)
            throw new ZohoRefusal(400, "LIMIT_EXCEEDED", $"the limit of the {clause} clause is exceeded", new JsonObject { ["clause"] = clause, ["limit"] = limit });
    }
}
