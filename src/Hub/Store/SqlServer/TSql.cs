using System.Text;

namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>Turns the program's statements, written once for all engines, into Transact-SQL as SQL Server 2019 has it.</summary>
/// <param name="tables">What stands in the schema.</param>
internal sealed class TSql(SqlServerTables tables)
{
    /// <summary>The tables that live as long as a connection.</summary>
    private static readonly HashSet<string> s_temporary = ["batch", "candidate"];

    /// <summary>The statement in Transact-SQL.</summary>
    /// <param name="sql">As the program writes it.</param>
    public string Of(string sql)
    {
        var tokens = SqlTokens.Of(sql);
        var hint = Hint(tokens);
        var target = Target(tokens);
        var text = new StringBuilder(sql.Length + 64);
        var place = new TablePlace();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var expectsTable = token.Kind != SqlTokenKind.Space && place.Step(token);
            if (token.Kind != SqlTokenKind.Word)
            {
                text.Append(token.Text);
            }
            else if (expectsTable && token.Text == target && Previous(tokens, i).Is("update"))
            {
                text.Append(token.Text);
            }
            else
            {
                text.Append(Word(tokens, i, expectsTable));
                if (expectsTable && hint is not null)
                {
                    text.Append(hint);
                    hint = null;
                }

                // An update from other tables names its own among them, which no other engine allows.
                if (target is not null && token.Is("from") && place.Depth == 0)
                    text.Append(' ').Append(SqlServerTables.Schema).Append('.').Append(target).Append(" as ").Append(target).Append(',');
            }
        }

        return text.ToString();
    }

    /// <summary>Takes <c>for update [skip locked]</c> from the end: here the first table says so.</summary>
    private static string? Hint(List<SqlToken> tokens)
    {
        var words = tokens.FindAll(token => token.Kind != SqlTokenKind.Space);
        var skips = words.Count > 4 && words[^1].Is("locked") && words[^2].Is("skip");
        var end = words.Count - (skips ? 2 : 0);
        if (end < 3 || !words[end - 1].Is("update") || !words[end - 2].Is("for"))
            return null;
        tokens.RemoveRange(tokens.FindLastIndex(token => token.Is("for")), tokens.Count - tokens.FindLastIndex(token => token.Is("for")));
        return skips ? " with (updlock, rowlock, readpast)" : " with (updlock, rowlock)";
    }

    /// <summary>The table of an update that has a from of its own, or null.</summary>
    private string? Target(List<SqlToken> tokens)
    {
        List<SqlToken> words = [.. tokens.Where(token => token.Kind != SqlTokenKind.Space)];
        if (words.Count < 2 || !words[0].Is("update") || !tables.Has(words[1].Text))
            return null;
        var depth = 0;
        foreach (var word in words)
        {
            depth += word.Is("(") ? 1 : word.Is(")") ? -1 : 0;
            if (depth == 0 && word.Is("from"))
                return words[1].Text;
        }

        return null;
    }

    private string Word(List<SqlToken> tokens, int at, bool expectsTable)
    {
        var word = tokens[at].Text;
        var next = Next(tokens, at);
        return word switch
        {
            _ when s_temporary.Contains(word) => "#" + word,
            _ when expectsTable && tables.Has(word) => $"{SqlServerTables.Schema}.{word}",

            // Other engines count in 64 bits, and so does the program.
            "count" when next.Is("(") => "count_big",
            "limit" when next.Kind is SqlTokenKind.Parameter or SqlTokenKind.Number => Limit(tokens, at),
            _ => word,
        };
    }

    /// <summary>Takes the number out of its place behind the word.</summary>
    private static string Limit(List<SqlToken> tokens, int at)
    {
        var number = at + 1;
        while (tokens[number].Kind == SqlTokenKind.Space)
            number++;
        var text = $"offset 0 rows fetch next {tokens[number].Text} rows only";
        for (var i = at + 1; i <= number; i++)
            tokens[i] = new SqlToken(SqlTokenKind.Space, "");
        return text;
    }

    private static SqlToken Next(List<SqlToken> tokens, int at)
    {
        for (at++; at < tokens.Count; at++)
        {
            if (tokens[at].Kind != SqlTokenKind.Space)
                return tokens[at];
        }

        return default;
    }

    private static SqlToken Previous(List<SqlToken> tokens, int at)
    {
        for (at--; at >= 0; at--)
        {
            if (tokens[at].Kind != SqlTokenKind.Space)
                return tokens[at];
        }

        return default;
    }

    /// <summary>Knows where in a statement the name of a table stands: behind from, join, into and update, and behind a comma of a from.</summary>
    private sealed class TablePlace
    {
        private readonly Stack<bool> _inFrom = new([false]);
        private bool _expected;

        /// <summary>How many parentheses are open.</summary>
        public int Depth => _inFrom.Count - 1;

        /// <summary>Goes on by a token.</summary>
        /// <returns>Whether it stands where a table is named.</returns>
        public bool Step(SqlToken token)
        {
            var here = _expected;
            _expected = false;
            if (token.Is("("))
            {
                _inFrom.Push(false);
            }
            else if (token.Is(")") && _inFrom.Count > 1)
            {
                _inFrom.Pop();
            }
            else if (token.Is("from") || token.Is("join") || token.Is("into") || token.Is("update"))
            {
                _expected = true;
                Set(inFrom: token.Is("from") || token.Is("join"));
            }
            else if (token.Is(","))
            {
                _expected = _inFrom.Peek();
            }
            else if (token.Is("where") || token.Is("on") || token.Is("set") || token.Is("group") || token.Is("order") || token.Is("having") || token.Is("union") || token.Is("select") || token.Is("values"))
            {
                Set(inFrom: false);
            }

            return here;
        }

        private void Set(bool inFrom)
        {
            _inFrom.Pop();
            _inFrom.Push(inFrom);
        }
    }
}
