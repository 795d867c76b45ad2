using System.Globalization;

namespace Crm.Integration.Mapping.Maps.Syntax;

/// <summary>Cuts an expression, or the part of it inside a template's braces, into tokens.</summary>
internal sealed class Lexer(string text, int start, int end, ICollection<MapProblem> problems)
{
    private static readonly HashSet<string> s_keywords = new(StringComparer.Ordinal) { "and", "or", "not", "in", "if", "true", "false", "null" };
    private static readonly string[] s_symbols = ["??", "!=", "<>", "==", "<=", ">=", "&&", "||", "|", "(", ")", "[", "]", ",", ".", "=", "<", ">", "+", "-", "*", "/"];

    private int _position = start;

    public static bool IsKeyword(string word) => s_keywords.Contains(word);

    public List<Token> ReadAll()
    {
        var tokens = new List<Token>();
        while (true)
        {
            while (_position < end && char.IsWhiteSpace(text[_position]))
                _position++;
            if (_position >= end)
            {
                tokens.Add(new Token(TokenKind.End, end, 0, ""));
                return tokens;
            }

            tokens.Add(Next());
        }
    }

    private Token Next()
    {
        var c = text[_position];
        if (c == '\'')
            return Text();
        if (c == '`')
            return QuotedName();
        if (char.IsAsciiDigit(c))
            return Number();
        if (IsNameStart(c))
            return Name();
        foreach (var symbol in s_symbols)
        {
            if (text.AsSpan(_position, end - _position).StartsWith(symbol))
                return Symbol(symbol);
        }

        return Stranger(c);
    }

    private Token Name()
    {
        var from = _position;
        while (_position < end && IsNamePart(text[_position]))
            _position++;
        var word = text[from.._position];
        return new Token(s_keywords.Contains(word) ? TokenKind.Keyword : TokenKind.Name, from, word.Length, word);
    }

    private Token QuotedName()
    {
        var from = _position++;
        var close = text.IndexOf('`', _position, end - _position);
        if (close < 0)
        {
            _position = end;
            return Bad(from, end - from, "the name in back-ticks does not end", "Put a back-tick (`) after the name.");
        }

        var name = text[_position..close];
        _position = close + 1;
        return name.Length == 0
            ? Bad(from, 2, "a name is missing between the back-ticks", null)
            : new Token(TokenKind.QuotedName, from, _position - from, name);
    }

    private Token Text()
    {
        var from = _position++;
        while (_position < end)
        {
            if (text[_position] == '\'')
            {
                if (_position + 1 >= end || text[_position + 1] != '\'')
                {
                    _position++;
                    return new Token(TokenKind.Text, from, _position - from, text[(from + 1)..(_position - 1)]);
                }

                _position++;
            }

            _position++;
        }

        _position = end;
        return Bad(from, end - from, "the text does not end", "Put a single quote (') after it; a quote inside a text is written twice ('').");
    }

    private Token Number()
    {
        var from = _position;
        while (_position < end && char.IsAsciiDigit(text[_position]))
            _position++;
        if (_position + 1 < end && text[_position] == '.' && char.IsAsciiDigit(text[_position + 1]))
        {
            _position++;
            while (_position < end && char.IsAsciiDigit(text[_position]))
                _position++;
        }

        if (_position < end && IsNamePart(text[_position]))
        {
            while (_position < end && IsNamePart(text[_position]))
                _position++;
            var name = text[from.._position];
            return Bad(from, name.Length, $"'{name}' is neither a number nor a name", $"A field whose name begins with a digit stands in back-ticks: `{name}`.");
        }

        var digits = text[from.._position];
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? new Token(TokenKind.Number, from, digits.Length, digits)
            : Bad(from, digits.Length, "the number is too large", "Numbers have at most 28 digits; write ids as texts, in single quotes.");
    }

    private Token Symbol(string symbol)
    {
        var from = _position;
        _position += symbol.Length;
        return symbol switch
        {
            "==" => new Token(TokenKind.Symbol, from, 2, "="),
            "<>" => new Token(TokenKind.Symbol, from, 2, "!="),
            "&&" => Bad(from, 2, "'&&' is not known", "Write and."),
            "||" => Bad(from, 2, "'||' is not known", "Write or; for the first value that is not empty write ??."),
            _ => new Token(TokenKind.Symbol, from, symbol.Length, symbol),
        };
    }

    private Token Stranger(char c)
    {
        var from = _position++;
        var fix = c switch
        {
            '"' or '“' or '”' or '‘' or '’' => "Texts stand in straight single quotes: 'text'.",
            '!' => "Write not.",
            '&' => "Write and; to join texts, write a template: '{a} {b}'.",
            '{' or '}' => "Braces fill in fields inside a text only: '{street} {houseNo}'.",
            '，' or '（' or '）' or '｜' => "Write it half-width, as ASCII.",
            '?' => "For the first value that is not empty write ??; for a choice write if(condition, a, b).",
            _ => "Names with signs such as this stand in back-ticks: `name`.",
        };
        if (c is '"' or '“' or '‘')
        {
            var close = text.AsSpan(_position, end - _position).IndexOfAny("\"”’");
            _position = close < 0 ? end : _position + close + 1;
            return Bad(from, _position - from, "this is not how a text is written", fix);
        }

        return Bad(from, 1, char.IsControl(c) || char.IsSurrogate(c) ? "there is a character here that means nothing" : $"'{c}' means nothing here", fix);
    }

    private Token Bad(int offset, int length, string message, string? fix)
    {
        problems.Add(new MapProblem(offset, Math.Max(1, length), message, fix));
        return new Token(TokenKind.Bad, offset, length, "");
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c is '_' or '$' or '@' or '#';

    private static bool IsNamePart(char c) => IsNameStart(c) || char.IsDigit(c)
        || (c > 127 && char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
