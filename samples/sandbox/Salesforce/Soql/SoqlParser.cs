using System.Globalization;

namespace Crm.Integration.Sandbox.Salesforce.Soql;

/// <summary>Reads the part of SOQL that an integration needs: fields of the object and of what it refers to, conditions, order, limit, counting.</summary>
internal sealed class SoqlParser
{
    private static readonly string[] s_dateTimes = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private readonly string _query;
    private readonly List<SoqlToken> _tokens;
    private readonly DateTime _now;
    private int _next;

    private SoqlParser(string query, DateTime now)
    {
        (_query, _now) = (query, now);
        _tokens = SoqlLexer.Read(query);
    }

    private SoqlToken Current => _tokens[_next];

    /// <summary>Reads a query; <paramref name="now"/> gives TODAY its meaning.</summary>
    public static SoqlQuery Parse(string query, DateTime now) => new SoqlParser(query, now).Query();

    private SoqlQuery Query()
    {
        Expect("SELECT");
        var select = new List<string>();
        if (Current.Is("COUNT") && _tokens[_next + 1].Is("("))
        {
            _next += 2;
            Expect(")");
        }
        else
        {
            do
                select.Add(Name());
            while (Take(","));
        }

        Expect("FROM");
        var from = Name();
        var where = Take("WHERE") ? Or() : null;
        var order = new List<SoqlOrder>();
        if (Take("ORDER"))
        {
            Expect("BY");
            do
                order.Add(Order());
            while (Take(","));
        }

        int? limit = Take("LIMIT") ? Whole() : null;
        var offset = Take("OFFSET") ? Whole() : 0;
        if (offset > 2000)
            throw new SalesforceError(400, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000");
        if (Current.Kind != SoqlTokenKind.End)
            throw Unexpected();
        return new SoqlQuery(select, from, where, order, limit, offset);
    }

    private SoqlOrder Order()
    {
        var path = Name();
        var descending = Take("DESC");
        if (!descending)
            Take("ASC");
        if (!Take("NULLS"))
            return new SoqlOrder(path, descending, null);
        if (Take("LAST"))
            return new SoqlOrder(path, descending, true);
        Expect("FIRST");
        return new SoqlOrder(path, descending, false);
    }

    private SoqlCondition Or()
    {
        var left = And(out var mixed);
        if (mixed && Current.Is("OR"))
            throw Unexpected();
        while (Take("OR"))
        {
            left = new SoqlOr(left, One());
            // The vendor wants brackets where AND and OR meet.
            if (Current.Is("AND"))
                throw Unexpected();
        }

        return left;
    }

    private SoqlCondition And(out bool mixed)
    {
        var left = One();
        mixed = false;
        while (Take("AND"))
        {
            left = new SoqlAnd(left, One());
            mixed = true;
        }

        return left;
    }

    private SoqlCondition One()
    {
        if (Take("NOT"))
            return new SoqlNot(One());
        if (Take("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        return Test();
    }

    private SoqlTest Test()
    {
        var path = Name();
        if (Take("NOT"))
        {
            Expect("IN");
            return new SoqlTest(path, "not in", List());
        }

        foreach (var word in (string[])["IN", "INCLUDES", "EXCLUDES"])
        {
            if (Take(word))
                return new SoqlTest(path, word.ToLowerInvariant(), List());
        }

        if (Take("LIKE"))
            return new SoqlTest(path, "like", [Literal()]);
        if (Current is not { Kind: SoqlTokenKind.Sign, Value: "=" or "!=" or "<>" or "<" or "<=" or ">" or ">=" })
            throw Unexpected();

        var sign = Current.Value == "<>" ? "!=" : Current.Value;
        _next++;
        return new SoqlTest(path, sign, [Literal()]);
    }

    private List<SoqlLiteral> List()
    {
        Expect("(");
        var values = new List<SoqlLiteral>();
        do
            values.Add(Literal());
        while (Take(","));
        Expect(")");
        return values;
    }

    private SoqlLiteral Literal()
    {
        var token = Current;
        _next++;
        if (token.Kind == SoqlTokenKind.Text)
            return new SoqlLiteral(SoqlLiteralKind.Text, token.Value);
        if (token.Kind != SoqlTokenKind.Word)
        {
            _next--;
            throw Unexpected();
        }

        if (token.Is("null"))
            return new SoqlLiteral(SoqlLiteralKind.Null, null);
        if (token.Is("true") || token.Is("false"))
            return new SoqlLiteral(SoqlLiteralKind.Boolean, token.Is("true"));
        if (decimal.TryParse(token.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return new SoqlLiteral(SoqlLiteralKind.Number, number);
        if (DateOnly.TryParseExact(token.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new SoqlLiteral(SoqlLiteralKind.Date, date);
        // A date-time without its zone is none.
        if (DateTime.TryParseExact(token.Value, s_dateTimes, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) && time.Kind != DateTimeKind.Unspecified)
            return new SoqlLiteral(SoqlLiteralKind.DateTime, time.ToUniversalTime());

        var today = DateOnly.FromDateTime(_now);
        if (token.Is("TODAY"))
            return new SoqlLiteral(SoqlLiteralKind.Date, today);
        if (token.Is("YESTERDAY"))
            return new SoqlLiteral(SoqlLiteralKind.Date, today.AddDays(-1));
        if (token.Value.StartsWith("LAST_N_DAYS:", StringComparison.OrdinalIgnoreCase) && int.TryParse(token.Value.AsSpan(12), NumberStyles.None, CultureInfo.InvariantCulture, out var days))
            return new SoqlLiteral(SoqlLiteralKind.Date, today.AddDays(-days));

        _next--;
        throw Unexpected();
    }

    private string Name()
    {
        if (Current.Kind != SoqlTokenKind.Word || !(char.IsAsciiLetter(Current.Value[0])) || Current.Value.Contains(':', StringComparison.Ordinal))
            throw Unexpected();
        return _tokens[_next++].Value;
    }

    private int Whole()
    {
        if (Current.Kind != SoqlTokenKind.Word || !int.TryParse(Current.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw Unexpected();
        _next++;
        return number;
    }

    private bool Take(string word)
    {
        if (!Current.Is(word))
            return false;
        _next++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
            throw SoqlLexer.Malformed(_query, Current.At, $"unexpected token: '{Current.Value}' (expecting {word.ToLowerInvariant()})");
    }

    private SalesforceError Unexpected() => SoqlLexer.Malformed(_query, Current.At, $"unexpected token: '{Current.Value}'");
}
