using Crm.Integration.Mapping.Maps.Evaluation;
using Crm.Integration.Mapping.Maps.Syntax;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Maps;

/// <summary>Checks a parsed expression and turns it into a plan; every mistake is reported, none stops it.</summary>
internal sealed class Compiler(string text, MapEnvironment environment, ICollection<MapProblem> problems)
{
    private readonly List<string> _paths = [];

    /// <summary>The paths met so far, each once.</summary>
    public IReadOnlyList<string> Paths => _paths;

    public Plan Compile(SyntaxNode node) => node switch
    {
        ConstantNode constant => Plan.Of(constant.Value),
        TextNode literal => Template(literal),
        PathNode path => Path(path),
        ListNode list => List(list),
        UnaryNode unary => Unary(unary),
        BinaryNode { Symbol: "??" } chain => Coalesce(chain),
        BinaryNode binary => Binary(binary),
        CallNode { Name.Content: "if" } choice => If(choice),
        CallNode call => Call(call),
        _ => Plan.Of(Value.Null),
    };

    private Plan Path(PathNode node)
    {
        if (!_paths.Contains(node.Path, StringComparer.Ordinal))
            _paths.Add(node.Path);
        return new Plan(binding => Bind(node, binding.Find));
    }

    private static Code Bind(PathNode node, Func<string, int> find)
    {
        var segments = node.Segments;
        for (var count = segments.Count; count > 0; count--)
        {
            var ordinal = find(PathNode.Join(segments, count));
            if (ordinal >= 0)
                return count == segments.Count ? new FieldCode(ordinal) : new WalkCode(ordinal, [.. segments.Skip(count)]);
        }

        return new ConstantCode(Value.Null);
    }

    private Plan List(ListNode node)
    {
        var items = node.Items.Select(Compile).ToArray();
        return Plan.Of(items, binding => new ListCode([.. items.Select(item => item.Bind(binding))]));
    }

    private Plan Unary(UnaryNode node)
    {
        var operand = Compile(node.Operand);
        return Plan.Of([operand], binding => node.Symbol == "not" ? new NotCode(operand.Bind(binding)) : new NegateCode(operand.Bind(binding)));
    }

    private Plan Coalesce(BinaryNode node)
    {
        var nodes = new List<SyntaxNode> { node.Right };
        SyntaxNode left = node.Left;
        for (; left is BinaryNode { Symbol: "??" } inner; left = inner.Left)
            nodes.Insert(0, inner.Right);
        nodes.Insert(0, left);
        var items = nodes.Select(Compile).ToArray();
        return Plan.Of(items, binding => new CoalesceCode([.. items.Select(item => item.Bind(binding))], Branches(binding, nodes)));
    }

    private Plan Binary(BinaryNode node)
    {
        var left = Compile(node.Left);
        var right = Compile(node.Right);
        return Plan.Of([left, right], binding => Make(node.Symbol, left.Bind(binding), right.Bind(binding)));
    }

    private static Code Make(string symbol, Code left, Code right) => symbol switch
    {
        "and" => new AndCode(left, right),
        "or" => new OrCode(left, right),
        "in" => new InCode(left, right),
        "=" => new EqualCode(left, right, wanted: true),
        "!=" => new EqualCode(left, right, wanted: false),
        "+" or "-" or "*" or "/" => new ArithmeticCode(left, right, symbol[0]),
        _ => new OrderCode(left, right, symbol),
    };

    private Plan If(CallNode node)
    {
        var parts = node.Arguments.Select(Compile).ToList();
        if (parts.Count is < 2 or > 3)
        {
            Report(node.Name, $"if takes 2 or 3 arguments, not {parts.Count}", "if(condition, value, otherwise?)");
            return Plan.Of(Value.Null);
        }

        if (parts.Count == 2)
            parts.Add(Plan.Of(Value.Null));
        return Plan.Of(parts, binding => new IfCode(parts[0].Bind(binding), parts[1].Bind(binding), parts[2].Bind(binding), Branches(binding, node.Arguments.Skip(1))));
    }

    private BranchTrace? Branches(Binding binding, IEnumerable<SyntaxNode> nodes)
    {
        if (binding.Trace is not { } trace)
            return null;
        var branches = nodes.Select(node => (node.Offset, node.Length, text.Substring(node.Offset, node.Length))).ToList();
        // An if without its third argument still has the branch "nothing".
        return trace.Branch(binding.Field, branches.Count > 1 ? branches : [.. branches, (branches[0].Item1, branches[0].Item2, "(otherwise nothing)")]);
    }

    private Plan Call(CallNode node)
    {
        var name = node.Name;
        if (MapFunctions.Find(name.Content) is not { } function)
        {
            foreach (var argument in node.Arguments)
                Compile(argument);
            var nearest = Spelling.Nearest(name.Content, MapFunctions.All.Select(known => known.Name).Append("if"));
            var fix = nearest is null ? "the functions are listed in the reference of the mapping language" : $"did you mean {MapFunctions.Find(nearest)?.Signature ?? "if(condition, value, otherwise?)"}?";
            Report(name, $"there is no function '{name.Content}'", fix);
            return Plan.Of(Value.Null);
        }

        var given = node.Arguments.Count;
        var before = problems.Count;
        var arguments = node.Arguments.Select((argument, index) => Argument(function, argument, index)).ToArray();
        if (given < function.LeastArguments || given > function.MostArguments)
        {
            var expected = function.LeastArguments == function.MostArguments ? $"{function.MostArguments}" : function.MostArguments == 100 ? $"at least {function.LeastArguments}" : $"{function.LeastArguments} to {function.MostArguments}";
            Report(name, $"'{function.Name}' takes {expected} argument{(expected == "1" ? "" : "s")} (a piped value counts as the first), not {given}", function.Signature);
        }

        return problems.Count > before ? Plan.Of(Value.Null) : Call(function, node, arguments);
    }

    private Plan Call(MapFunction function, CallNode node, Plan[] arguments)
    {
        var subject = arguments[0];
        var rest = arguments[1..];
        if (rest.All(plan => plan.Constant is not null))
        {
            if (Prepare(function, node, [.. rest.Select(plan => plan.Constant!.Value)]) is not { } call)
                return Plan.Of(Value.Null);
            return Traced(function, arguments, (code, _) => new CallCode(function, call, code));
        }

        return Traced(function, arguments, (code, binding) =>
        {
            var codes = rest.Select(plan => plan.Bind(binding)).ToArray();
            return function.Body is not null ? new BodyCallCode(function, code, codes) : new MakerCallCode(function, code, codes, environment);
        });
    }

    private static Plan Traced(MapFunction function, Plan[] arguments, Func<Code, Binding, Code> call) => Plan.Of(arguments, binding =>
    {
        var subject = arguments[0].Bind(binding);
        return binding.Trace is null ? call(subject, binding) : new TracedCallCode(function, subject, code => call(code, binding), binding.Field, binding.Trace);
    });

    private Func<Value, Value>? Prepare(MapFunction function, CallNode node, Value[] rest)
    {
        if (function.Body is { } body)
            return value => body(value, rest);
        try
        {
            return function.Maker!(rest, environment);
        }
        catch (MapArgumentException mistake)
        {
            var at = mistake.Index + 1 < node.Arguments.Count ? node.Arguments[mistake.Index + 1] : node;
            problems.Add(new MapProblem(at.Offset, at.Length, mistake.Message, mistake.Fix ?? function.Signature));
            return null;
        }
    }

    /// <summary>An argument; literals are checked and brought into the type that the function expects.</summary>
    private Plan Argument(MapFunction function, SyntaxNode node, int index)
    {
        var parameter = function.Parameters[Math.Min(index, function.Parameters.Count - 1)];
        if (parameter.Type == MapParameterType.Pattern && node is TextNode raw)
            return Plan.Of(Value.Text(Unquote(raw.Raw)));
        var plan = Compile(node);
        if (plan.Constant is not { IsNull: false } constant || index == 0)
            return plan;
        switch (parameter.Type)
        {
            case MapParameterType.Number when Comparison.Number(constant) is { } number:
                return Plan.Of(Value.Number(number));
            case MapParameterType.Number:
                return Wrong("a number", null);
            case MapParameterType.Text or MapParameterType.Pattern when constant.Kind is ValueKind.Text or ValueKind.Number:
                return Plan.Of(Value.Text(constant.ToText()));
            case MapParameterType.Text or MapParameterType.Pattern:
                return Wrong("a text", "Texts stand in single quotes: 'text'.");
            case MapParameterType.Country when Countries.Find(constant.ToText()) is { } country:
                return Plan.Of(Value.Text(country));
            case MapParameterType.Country:
                return Wrong("a country", "Write its ISO code, such as 'DE', 'CN', 'US'; a field stands without quotes.");
            default:
                return plan;
        }

        Plan Wrong(string expected, string? fix)
        {
            problems.Add(new MapProblem(node.Offset, node.Length, $"'{parameter.Name}' of {function.Signature} must be {expected}, not {text.AsSpan(node.Offset, Math.Min(40, node.Length))}", fix));
            return plan;
        }
    }

    private Plan Template(TextNode node)
    {
        if (node.Raw.AsSpan().IndexOfAny('{', '}') < 0)
            return Plan.Of(Value.Text(Unquote(node.Raw)));
        var texts = new List<string>();
        var parts = new List<Plan>();
        var current = new System.Text.StringBuilder();
        // Doubled quotes are still in the raw text, so that its offsets are those of the expression.
        var from = node.Offset + 1;
        for (var i = 0; i < node.Raw.Length; i++)
        {
            var c = node.Raw[i];
            if (c is '{' or '}' or '\'' && i + 1 < node.Raw.Length && node.Raw[i + 1] == c)
            {
                current.Append(c);
                i++;
            }
            else if (c == '{')
            {
                var close = node.Raw.IndexOf('}', i);
                if (close < 0 || node.Raw.AsSpan(i + 1, close - i - 1).IsWhiteSpace())
                {
                    problems.Add(new MapProblem(from + i, close < 0 ? 1 : close - i + 1, close < 0 ? "the brace is not closed" : "there is no field between the braces", "A text fills in fields as in '{street} {houseNo}'; a brace itself is written twice: {{ }}."));
                    return Plan.Of(Value.Null);
                }

                texts.Add(current.ToString());
                current.Clear();
                parts.Add(Compile(Parser.Parse(text, from + i + 1, from + close, problems)));
                i = close;
            }
            else if (c == '}')
            {
                problems.Add(new MapProblem(from + i, 1, "this brace closes nothing", "A brace itself is written twice: }}."));
            }
            else
            {
                current.Append(c);
            }
        }

        texts.Add(current.ToString());
        return parts.Count == 0
            ? Plan.Of(Value.Text(texts[0]))
            : Plan.Of(parts, binding => new TemplateCode([.. texts], [.. parts.Select(part => part.Bind(binding))]));
    }

    private static string Unquote(string raw) => raw.Replace("''", "'", StringComparison.Ordinal);

    private void Report(Token at, string message, string? fix) => problems.Add(new MapProblem(at.Offset, Math.Max(1, at.Length), message, fix));
}
