using System.Globalization;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps.Syntax;

/// <summary>
/// A Pratt parser. From loose to tight: or, and, not, comparisons and in, pipes, ??, + and -, * and /, minus sign.
/// So a pipe takes the whole ?? chain to its left, as people expect of <c>phone ?? mobile | phone</c>, but leaves a
/// comparison alone: <c>status | lower = 'active'</c>. What follows a pipe goes on with its result: <c>a | trim ?? b</c>.
/// </summary>
internal sealed class Parser(IReadOnlyList<Token> tokens, ICollection<MapProblem> problems)
{
    public const int MaxDepth = 200;

    private int _index;
    private int _depth;
    private bool _tooDeep;

    private Token Current => tokens[_index];

    private Token Peek(int ahead) => tokens[Math.Min(_index + ahead, tokens.Count - 1)];

    private Token Take() => tokens[_index++];

    public static SyntaxNode Parse(string text, int start, int end, ICollection<MapProblem> problems) =>
        new Parser(new Lexer(text, start, end, problems).ReadAll(), problems).ParseAll();

    private SyntaxNode ParseAll()
    {
        var node = Expression(0);
        while (Current.Kind != TokenKind.End)
        {
            if (Current.Kind != TokenKind.Bad && !_tooDeep)
                Report(Current, Unexpected(), AfterExpression());
            Recover();
            if (Current.Kind == TokenKind.End)
                break;
            _index++;
            // What stands after the mistake is read for further mistakes only.
            if (Current.Kind != TokenKind.End)
                Expression(0);
        }

        return node;
    }

    private static int Binding(Token token) => token.Kind switch
    {
        TokenKind.Symbol => token.Content switch
        {
            "=" or "!=" or "<" or "<=" or ">" or ">=" => 4,
            "|" => 5,
            "??" => 6,
            "+" or "-" => 7,
            "*" or "/" => 8,
            _ => 0,
        },
        TokenKind.Keyword => token.Content switch
        {
            "or" => 1,
            "and" => 2,
            "in" or "not" => 4,
            _ => 0,
        },
        _ => 0,
    };

    private SyntaxNode Expression(int least)
    {
        if (++_depth > MaxDepth)
            return TooDeep();
        var left = Prefix();
        while (!_tooDeep)
        {
            var token = Current;
            var binding = Binding(token);
            if (binding <= least || (token.IsKeyword("not") && !Peek(1).IsKeyword("in")))
                break;
            _index++;
            left = Infix(left, token, binding);
            if (left.Depth > MaxDepth)
                return TooDeep();
        }

        _depth--;
        return left;
    }

    private SyntaxNode Infix(SyntaxNode left, Token token, int binding)
    {
        switch (token.Content)
        {
            case "|":
                return Pipe(left);
            case "not":
                _index++;
                return new UnaryNode(left.Offset, "not", new BinaryNode("in", left, Expression(binding)));
            default:
                var right = Expression(binding);
                if (binding == 4 && Binding(Current) == 4 && Current.Kind == TokenKind.Symbol)
                    Report(Current, "comparisons cannot be chained", "Join them with and: a < b and b < c.");
                return new BinaryNode(token.Content, left, right);
        }
    }

    private SyntaxNode Pipe(SyntaxNode left)
    {
        var name = Current;
        if (name.Kind != TokenKind.Name && !name.IsKeyword("if") && !name.IsKeyword("in") && !name.IsKeyword("not"))
        {
            if (name.Kind != TokenKind.Bad)
            {
                Report(name, $"a function must follow the pipe, not {name}", name.Kind is TokenKind.Text or TokenKind.QuotedName or TokenKind.Number
                    ? "For a value to fall back on, write ?? in place of |."
                    : "Write the name of a function: | trim.");
            }

            if (name.Is("(") || name.Is("["))
                Expression(5);
            else if (name.Kind is not TokenKind.End and not TokenKind.Symbol)
                _index++;
            return new ErrorNode(left.Offset, Math.Max(1, name.Offset + name.Length - left.Offset));
        }

        _index++;
        var arguments = new List<SyntaxNode> { left };
        var end = name.Offset + name.Length;
        if (Current.Is("("))
            end = Items(")", arguments);
        return new CallNode(left.Offset, end - left.Offset, name, arguments);
    }

    private SyntaxNode Prefix()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _index++;
                return new ConstantNode(token.Offset, token.Length, Value.Number(decimal.Parse(token.Content, CultureInfo.InvariantCulture)));
            case TokenKind.Text:
                _index++;
                return new TextNode(token.Offset, token.Length, token.Content);
            case TokenKind.Name when Peek(1).Is("("):
            case TokenKind.Keyword when token.Content == "if":
                return Call();
            case TokenKind.Name or TokenKind.QuotedName:
                return Path();
            case TokenKind.Keyword when token.Content == "not":
                _index++;
                return new UnaryNode(token.Offset, "not", Expression(3));
            case TokenKind.Keyword when token.Content is "true" or "false":
                _index++;
                return new ConstantNode(token.Offset, token.Length, Value.Boolean(token.Content == "true"));
            case TokenKind.Keyword when token.Content == "null":
                _index++;
                return new ConstantNode(token.Offset, token.Length, Value.Null);
            case TokenKind.Symbol when token.Content == "-":
                _index++;
                return new UnaryNode(token.Offset, "-", Expression(8));
            case TokenKind.Symbol when token.Content == "(":
                return Group();
            case TokenKind.Symbol when token.Content == "[":
                var items = new List<SyntaxNode>();
                return new ListNode(token.Offset, Items("]", items) - token.Offset, items);
            case TokenKind.Bad:
                _index++;
                return new ErrorNode(token.Offset, token.Length);
            default:
                Report(token, token.Kind == TokenKind.End ? "a value is missing at the end" : $"a value is missing before {token}", token.Kind == TokenKind.Keyword ? $"A field of this name stands in back-ticks: `{token.Content}`." : null);
                return new ErrorNode(token.Offset, token.Length);
        }
    }

    private SyntaxNode Call()
    {
        var name = Current;
        _index++;
        var arguments = new List<SyntaxNode>();
        if (Current.Is("("))
            return new CallNode(name.Offset, Items(")", arguments) - name.Offset, name, arguments);
        Report(name, "if needs its arguments in brackets", "if(condition, value, otherwise)");
        return new ErrorNode(name.Offset, name.Length);
    }

    private SyntaxNode Group()
    {
        var open = Current;
        _index++;
        var inner = Expression(0);
        if (Current.Is(")"))
            _index++;
        else
            Unclosed(open, ")");
        return inner;
    }

    /// <summary>Reads items up to a closing bracket.</summary>
    /// <returns>The offset after it.</returns>
    private int Items(string close, List<SyntaxNode> items)
    {
        var open = Current;
        _index++;
        if (Current.Is(close))
            return Take().Offset + 1;
        while (!_tooDeep)
        {
            items.Add(Expression(0));
            if (!Current.Is(",") && !Current.Is(close) && Current.Kind != TokenKind.End)
            {
                if (Current.Kind != TokenKind.Bad && !_tooDeep)
                    Report(Current, Unexpected(), AfterExpression() ?? "Put a comma between arguments.");
                Recover(close);
            }

            if (Current.Is(close))
                return Take().Offset + 1;
            if (!Current.Is(","))
                break;
            _index++;
        }

        Unclosed(open, close);
        return Current.Offset;
    }

    private PathNode Path()
    {
        var first = Current;
        _index++;
        var segments = new List<PathSegment> { new(first.Content, null) };
        var end = first.Offset + first.Length;
        while (true)
        {
            if (Current.Is(".") && Peek(1).Kind is TokenKind.Name or TokenKind.QuotedName or TokenKind.Keyword)
            {
                segments.Add(new PathSegment(Peek(1).Content, null));
                _index++;
            }
            else if (Current.Is("[") && Current.Offset == end && Peek(1).Is("]"))
            {
                segments.Add(new PathSegment(null, null));
                _index++;
            }
            else if (Current.Is("[") && Current.Offset == end && Peek(2).Is("]")
                && int.TryParse(Peek(1).Content, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                segments.Add(new PathSegment(null, index));
                _index += 2;
            }
            else
            {
                return new PathNode(first.Offset, end - first.Offset, segments);
            }

            end = Current.Offset + Current.Length;
            _index++;
        }
    }

    private string Unexpected() => Current.Is(")") || Current.Is("]") ? $"{Current} closes nothing that was opened" : $"{Current} was not expected here";

    /// <summary>What people mean who write two things in a row.</summary>
    private string? AfterExpression()
    {
        var before = _index > 0 ? tokens[_index - 1] : default;
        if (before.Kind == TokenKind.Name && Current.Kind == TokenKind.Name)
            return $"A field with a blank in its name stands in back-ticks: `{before.Content} {Current.Content}`.";
        if (Current.Is("[") && before.Kind is TokenKind.Name or TokenKind.QuotedName)
            return "An element is read by its number: lines[0]; all of them: lines[].";
        return Current.Kind is TokenKind.Name or TokenKind.QuotedName or TokenKind.Text ? "Between two values stands an operator; to join texts, write a template: '{a} {b}'." : null;
    }

    private void Unclosed(Token open, string close)
    {
        if (!_tooDeep)
            Report(open, $"'{open.Content}' is not closed", $"Put a {close} where it ends.");
    }

    /// <summary>Goes on to the next comma or bracket of this level, so that one mistake is not reported many times.</summary>
    private void Recover(string? close = null)
    {
        var open = 0;
        for (; Current.Kind != TokenKind.End; _index++)
        {
            if (Current.Is("(") || Current.Is("["))
                open++;
            else if (open == 0 && (Current.Is(",") || (close is not null && Current.Is(close))))
                return;
            else if ((Current.Is(")") || Current.Is("]")) && --open < 0)
                return;
        }
    }

    private ErrorNode TooDeep()
    {
        if (!_tooDeep)
            problems.Add(new MapProblem(Current.Offset, Math.Max(1, Current.Length), $"the expression nests more than {MaxDepth} levels deep", "Split it: map an intermediate custom field, or use a look-up table."));
        _tooDeep = true;
        _index = tokens.Count - 1;
        return new ErrorNode(Current.Offset, 0);
    }

    private void Report(Token token, string message, string? fix = null) => problems.Add(new MapProblem(token.Offset, Math.Max(1, token.Length), message, fix));
}
