using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>Cuts a COQL statement into words, quoted texts and signs.</summary>
internal sealed class CoqlTokens
{
    private readonly List<(string Text, bool Quoted, int At)> _tokens = [];
    private int _next;

    public CoqlTokens(string query)
    {
        var at = 0;
        while (at < query.Length)
        {
            var sign = query[at];
            if (char.IsWhiteSpace(sign))
                at++;
            else if (sign == '\'')
                at = Quoted(query, at);
            else if (sign is '(' or ')' or ',')
                _tokens.Add((sign.ToString(), false, at++));
            else if (sign is '=' or '<' or '>' or '!')
            {
                var length = at + 1 < query.Length && query[at + 1] is '=' or '>' ? 2 : 1;
                _tokens.Add((query.Substring(at, length), false, at));
                at += length;
            }
            else
            {
                var end = at;
                while (end < query.Length && !char.IsWhiteSpace(query[end]) && !"(),'=<>!".Contains(query[end], StringComparison.Ordinal))
                    end++;
                _tokens.Add((query[at..end], false, at));
                at = end;
            }
        }
    }

    public bool AtEnd => _next == _tokens.Count;

    /// <summary>Takes the next token when it is this word.</summary>
    public bool Take(string word)
    {
        if (AtEnd || _tokens[_next].Quoted || !_tokens[_next].Text.Equals(word, StringComparison.OrdinalIgnoreCase))
            return false;
        _next++;
        return true;
    }

    public void Expect(string word)
    {
        if (!Take(word))
            throw Wrong();
    }

    public (string Text, bool Quoted) Next()
    {
        if (AtEnd)
            throw Wrong();
        var token = _tokens[_next++];
        return (token.Text, token.Quoted);
    }

    public ZohoRefusal Wrong()
    {
        var (near, at) = AtEnd ? (_tokens.Count == 0 ? "" : _tokens[^1].Text, _tokens.Count == 0 ? 0 : _tokens[^1].At) : (_tokens[_next].Text, _tokens[_next].At);
        return new ZohoRefusal(400, "SYNTAX_ERROR", "error occurred while parsing the query", new() { ["near"] = near, ["line"] = 1, ["column"] = at + 1 });
    }

    private int Quoted(string query, int start)
    {
        var text = new System.Text.StringBuilder();
        for (var at = start + 1; at < query.Length; at++)
        {
            if (query[at] == '\\' && at + 1 < query.Length)
                text.Append(query[++at]);
            else if (query[at] == '\'')
            {
                _tokens.Add((text.ToString(), true, start));
                return at + 1;
            }
            else
                text.Append(query[at]);
        }

        throw new ZohoRefusal(400, "SYNTAX_ERROR", "error occurred while parsing the query", new JsonObject { ["near"] = "'", ["line"] = 1, ["column"] = start + 1 });
    }
}
