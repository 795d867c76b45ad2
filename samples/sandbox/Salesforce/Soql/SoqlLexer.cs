using System.Text;

namespace Crm.Integration.Sandbox.Salesforce.Soql;

internal enum SoqlTokenKind
{
    Word,
    Text,
    Sign,
    End,
}

/// <summary>A piece of a query. A word is a name, a keyword, a number or a date: they look alike until one knows what is expected.</summary>
internal readonly record struct SoqlToken(SoqlTokenKind Kind, string Value, int At)
{
    public bool Is(string word) => Kind != SoqlTokenKind.Text && Value.Equals(word, StringComparison.OrdinalIgnoreCase);
}

internal static class SoqlLexer
{
    public static List<SoqlToken> Read(string query)
    {
        var tokens = new List<SoqlToken>();
        var i = 0;
        while (i < query.Length)
        {
            var start = i;
            var character = query[i];
            if (char.IsWhiteSpace(character))
            {
                i++;
            }
            else if (character == '\'')
            {
                tokens.Add(new SoqlToken(SoqlTokenKind.Text, Text(query, ref i), start));
            }
            else if (IsWord(character) || (character is '-' or '+' && i + 1 < query.Length && char.IsAsciiDigit(query[i + 1])))
            {
                // A date-time carries its sign of the zone and its colons within.
                var date = char.IsAsciiDigit(character);
                while (i < query.Length && (IsWord(query[i]) || query[i] is ':' || (query[i] is '-' or '+' && (date || i == start))))
                    i++;
                tokens.Add(new SoqlToken(SoqlTokenKind.Word, query[start..i], start));
            }
            else
            {
                var two = i + 1 < query.Length ? query.Substring(i, 2) : "";
                var sign = two is "<=" or ">=" or "!=" or "<>" ? two : query[i].ToString();
                if (sign is not ("<=" or ">=" or "!=" or "<>" or "=" or "<" or ">" or "(" or ")" or ","))
                    throw Malformed(query, i, $"unexpected character: '{sign}'");
                i += sign.Length;
                tokens.Add(new SoqlToken(SoqlTokenKind.Sign, sign, start));
            }
        }

        tokens.Add(new SoqlToken(SoqlTokenKind.End, "<EOF>", query.Length));
        return tokens;
    }

    public static SalesforceError Malformed(string query, int at, string problem)
    {
        var from = Math.Max(0, at - 30);
        var to = Math.Min(query.Length, at + 30);
        return new SalesforceError(400, "MALFORMED_QUERY", $"\n{query[from..to]}\n{new string(' ', at - from)}^\nERROR at Row:1:Column:{at + 1}\n{problem}");
    }

    private static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '.';

    private static string Text(string query, ref int i)
    {
        var start = i++;
        var text = new StringBuilder();
        for (; i < query.Length; i++)
        {
            if (query[i] == '\'')
            {
                i++;
                return text.ToString();
            }

            if (query[i] != '\\')
            {
                text.Append(query[i]);
                continue;
            }

            if (++i >= query.Length)
                break;
            text.Append(query[i] switch
            {
                'n' or 'N' => '\n',
                'r' or 'R' => '\r',
                't' or 'T' => '\t',
                '\'' or '"' or '\\' or '_' or '%' => query[i],
                _ => throw Malformed(query, i, $"Illegal character sequence: \\{query[i]}"),
            });
        }

        throw Malformed(query, start, "line 1: no viable alternative: the text is not closed");
    }
}
