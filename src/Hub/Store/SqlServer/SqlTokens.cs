namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>What a piece of SQL is.</summary>
internal enum SqlTokenKind
{
    /// <summary>Blanks and comments.</summary>
    Space,

    /// <summary>A keyword or a name.</summary>
    Word,

    /// <summary>A name in brackets or double quotes.</summary>
    Name,

    /// <summary>'text'.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>@parameter.</summary>
    Parameter,

    /// <summary>Anything else: one character, or <c>||</c>, <c>&lt;&gt;</c>, <c>&lt;=</c>, <c>&gt;=</c>, <c>!=</c>.</summary>
    Symbol,
}

/// <summary>A piece of SQL.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text)
{
    /// <summary>Whether it is this keyword or symbol.</summary>
    public bool Is(string text) => Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && string.Equals(Text, text, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts SQL into pieces; put together again they are the same text.</summary>
internal static class SqlTokens
{
    private static readonly string[] s_pairs = ["||", "<>", "<=", ">=", "!="];

    /// <summary>The pieces.</summary>
    /// <param name="sql">A statement or several.</param>
    public static List<SqlToken> Of(string sql)
    {
        var tokens = new List<SqlToken>();
        for (var at = 0; at < sql.Length;)
        {
            var kind = KindAt(sql, at);
            var end = EndOf(sql, at, kind);
            tokens.Add(new SqlToken(kind, sql[at..end]));
            at = end;
        }

        return tokens;
    }

    private static SqlTokenKind KindAt(string sql, int at) => sql[at] switch
    {
        var c when char.IsWhiteSpace(c) => SqlTokenKind.Space,
        '-' when Has(sql, at, "--") => SqlTokenKind.Space,
        '\'' => SqlTokenKind.Text,
        'N' when Has(sql, at, "N'") => SqlTokenKind.Text,
        '[' or '"' => SqlTokenKind.Name,
        '@' => SqlTokenKind.Parameter,
        var c when char.IsAsciiDigit(c) => SqlTokenKind.Number,
        var c when char.IsLetter(c) || c is '_' or '#' => SqlTokenKind.Word,
        _ => SqlTokenKind.Symbol,
    };

    private static int EndOf(string sql, int at, SqlTokenKind kind)
    {
        switch (kind)
        {
            case SqlTokenKind.Space when sql[at] == '-':
                return sql.IndexOf('\n', at) is var line and >= 0 ? line : sql.Length;
            case SqlTokenKind.Space:
                return While(sql, at, char.IsWhiteSpace);
            case SqlTokenKind.Text:
                return Closing(sql, sql.IndexOf('\'', at), '\'');
            case SqlTokenKind.Name:
                return Closing(sql, at, sql[at] == '[' ? ']' : '"');
            case SqlTokenKind.Number:
                return While(sql, at, c => char.IsAsciiLetterOrDigit(c) || c == '.');
            case SqlTokenKind.Parameter or SqlTokenKind.Word:
                return While(sql, at + 1, c => char.IsLetterOrDigit(c) || c is '_' or '@' or '#');
            default:
                return at + (Array.Exists(s_pairs, pair => Has(sql, at, pair)) ? 2 : 1);
        }
    }

    private static bool Has(string sql, int at, string text) => string.CompareOrdinal(sql, at, text, 0, text.Length) == 0;

    private static int While(string sql, int at, Func<char, bool> more)
    {
        while (at < sql.Length && more(sql[at]))
            at++;
        return at;
    }

    /// <summary>Behind the closing mark; a doubled one is a part of the text.</summary>
    private static int Closing(string sql, int open, char mark)
    {
        for (var at = open + 1; at < sql.Length; at++)
        {
            if (sql[at] != mark)
                continue;
            if (at + 1 == sql.Length || sql[at + 1] != mark)
                return at + 1;
            at++;
        }

        throw new FormatException($"this SQL has a {mark} too few: {sql}");
    }
}
