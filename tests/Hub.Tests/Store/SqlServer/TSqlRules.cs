using Crm.Integration.Hub.Store.SqlServer;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>What may not stand in a statement for SQL Server 2019: what it does not know, and what we do not trust.</summary>
internal static class TSqlRules
{
    /// <summary>Words that no statement of ours needs, and why.</summary>
    private static readonly Dictionary<string, string> s_banned = new(StringComparer.OrdinalIgnoreCase)
    {
        ["limit"] = "offset … fetch",
        ["merge"] = "update and insert",
        ["waitfor"] = "wait in the program",
        ["holdlock"] = "hints are not for correctness",
        ["nolock"] = "reads what is rolled back later",
        ["true"] = "there are no boolean literals",
        ["false"] = "there are no boolean literals",
        ["ifnull"] = "coalesce",
        ["isnull"] = "coalesce",
        ["length"] = "len",
        ["substr"] = "substring",
        ["least"] = "2022",
        ["greatest"] = "2022",
        ["string_agg"] = "differs between engines",
        ["generate_series"] = "2022",
        ["date_bucket"] = "2022",
        ["datetrunc"] = "2022",
        ["returning"] = "output",
        ["rowid"] = "SQLite's own",
        ["excluded"] = "on conflict",
        ["using"] = "only with merge",
        ["ilike"] = "PostgreSQL's own",
        ["serial"] = "identity",
        ["boolean"] = "bigint",
        ["text"] = "nvarchar(max)",
        ["ntext"] = "nvarchar(max)",
        ["cursor"] = "quote it",
    };

    /// <summary>Words that are keywords here, and may be names of ours only in quotes or brackets.</summary>
    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "any", "authorization", "backup", "browse", "bulk", "checkpoint", "close", "column", "compute", "contains", "current", "database", "deny", "disk", "double", "dump",
        "errlvl", "escape", "except", "external", "file", "freetext", "function", "goto", "grant", "identity_insert", "identitycol", "kill", "lineno", "load", "national", "offsets", "open",
        "option", "percent", "plan", "precision", "print", "proc", "procedure", "public", "raiserror", "read", "references", "restore", "return", "revoke", "rowcount", "rule", "save", "shutdown", "statistics",
        "textsize", "tran", "trigger", "user", "use", "view", "while", "writetext",
    };

    /// <summary>What is wrong with a statement that the program sends; nothing for a good one.</summary>
    // What "for update" and "for update skip locked" become.
    private static readonly string[] s_hints = ["with(updlock,rowlock", "with(updlock,rowlock,readpast"];

    public static IEnumerable<string> Violations(string sql)
    {
        List<SqlToken> tokens = [.. SqlTokens.Of(sql).Where(token => token.Kind != SqlTokenKind.Space)];
        for (var i = 0; i < tokens.Count; i++)
        {
            var (token, next) = (tokens[i], At(i + 1));
            if (token.Kind == SqlTokenKind.Word && !Qualified(i) && s_banned.TryGetValue(token.Text, out var instead))
                yield return $"{token.Text} ({instead})";
            if (token.Kind == SqlTokenKind.Word && s_reserved.Contains(token.Text) && !(token.Is("column") && i > 0 && (tokens[i - 1].Is("alter") || tokens[i - 1].Is("drop"))))
                yield return $"{token.Text} is reserved: quote it";
            if (token.Is("with") && next.Is("(") && !s_hints.Contains(string.Concat(tokens[i..].TakeWhile(one => !one.Is(")")).Select(one => one.Text))))
                yield return "a hint that no statement's \"for update\" asks for";
            if (token.Is("||"))
                yield return "|| (put texts together in the program)";
            if (token.Is("on") && next.Is("conflict"))
                yield return "on conflict";
            if (token.Is("cross") && next.Is("join"))
                yield return "cross join (say how the tables meet)";
            if (token.Is("create") && next.Is("or"))
                yield return "create or alter";
            if (token.Is("with") && (At(i + 2).Is("as") || At(i + 2).Is("(")))
                yield return "with … as (a derived table says it, too)";
            if (token.Is("is") && next.Is("distinct"))
                yield return "is distinct from (2022)";
            if (token.Is("nulls") && (next.Is("first") || next.Is("last")))
                yield return "nulls first or last";
            if (token.Is("insert") && !next.Is("into"))
                yield return "insert without into";
            if (token.Is("offset") && !tokens.Take(i).Any(earlier => earlier.Is("order")))
                yield return "offset without order by";
            if (token.Is("(") && IsRowValue(i))
                yield return "a row value";
            if ((token.Is("count") || token.Is("min") || token.Is("max")) && next.Is("(") && (token.Is("count") || HasComma(i + 1)))
                yield return $"{token.Text}(…) as SQLite has it";
        }

        SqlToken At(int i) => i < tokens.Count ? tokens[i] : default;

        bool Qualified(int i) => i > 0 && tokens[i - 1].Is(".");

        bool IsRowValue(int i)
        {
            var close = Closing(i);
            return HasComma(i) && At(close + 1) is var behind && (behind.Is("in") || behind.Is("=")) && !(i > 0 && tokens[i - 1].Kind == SqlTokenKind.Word && !tokens[i - 1].Is("where") && !tokens[i - 1].Is("and") && !tokens[i - 1].Is("or"));
        }

        bool HasComma(int open)
        {
            var (depth, close) = (0, Closing(open));
            for (var i = open; i < close; i++)
            {
                depth += tokens[i].Is("(") ? 1 : tokens[i].Is(")") ? -1 : 0;
                if (depth == 1 && tokens[i].Is(","))
                    return true;
            }

            return false;
        }

        int Closing(int open)
        {
            for (var (i, depth) = (open, 0); i < tokens.Count; i++)
            {
                depth += tokens[i].Is("(") ? 1 : tokens[i].Is(")") ? -1 : 0;
                if (depth == 0)
                    return i;
            }

            return tokens.Count;
        }
    }
}
