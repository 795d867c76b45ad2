using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps.Evaluation;

/// <summary>A function whose other arguments were settled when the expression was compiled.</summary>
internal sealed class CallCode(MapFunction function, Func<Value, Value> call, Code subject) : Code
{
    public override Value Run(ReadOnlySpan<Value> values) => Spread.Call(function, call, subject.Run(values));
}

/// <summary>A function whose arguments come with the row.</summary>
internal sealed class BodyCallCode(MapFunction function, Code subject, Code[] rest) : Code
{
    private readonly FunctionBody _body = function.Body!;

    public override Value Run(ReadOnlySpan<Value> values)
    {
        var value = subject.Run(values);
        if (value.IsNull && !function.TakesNull)
            return value;
        var few = default(FewValues);
        var arguments = rest.Length <= FewValues.Length ? ((Span<Value>)few)[..rest.Length] : new Value[rest.Length];
        for (var i = 0; i < rest.Length; i++)
            arguments[i] = rest[i].Run(values);
        if (value.Kind != ValueKind.List || function.TakesLists)
            return _body(value, arguments);
        var results = new List<Value>();
        foreach (var item in value.AsList)
        {
            var result = item.IsNull ? item : _body(item, arguments);
            if (!result.IsEmpty)
                results.Add(result);
        }

        return results.Count == 0 ? Value.Null : Value.List([.. results]);
    }

    [InlineArray(Length)]
    private struct FewValues
    {
        public const int Length = 4;

        private Value _first;
    }
}

/// <summary>A function that is made anew for each combination of arguments: phone(country) makes one function a country.</summary>
internal sealed class MakerCallCode(MapFunction function, Code subject, Code[] rest, MapEnvironment environment) : Code
{
    // Arguments that differ in every row would fill the memory; beyond this they are made each time.
    private const int MostKept = 500;

    private readonly ConcurrentDictionary<Arguments, Func<Value, Value>> _made = new();

    public override Value Run(ReadOnlySpan<Value> values)
    {
        var value = subject.Run(values);
        if (value.IsNull && !function.TakesNull)
            return value;
        if (rest.Length > 3)
        {
            var many = new Value[rest.Length];
            for (var i = 0; i < many.Length; i++)
                many[i] = rest[i].Run(values);
            return Spread.Call(function, Make(many), value);
        }

        var arguments = new Arguments(At(0, values), At(1, values), At(2, values));
        if (!_made.TryGetValue(arguments, out var call))
        {
            ReadOnlySpan<Value> all = [arguments.First, arguments.Second, arguments.Third];
            call = Make(all[..rest.Length]);
            if (_made.Count < MostKept)
                _made.TryAdd(arguments, call);
        }

        return Spread.Call(function, call, value);
    }

    private Value At(int index, ReadOnlySpan<Value> values) => index < rest.Length ? rest[index].Run(values) : Value.Null;

    private Func<Value, Value> Make(ReadOnlySpan<Value> arguments)
    {
        try
        {
            return function.Maker!(arguments, environment);
        }
        catch (MapArgumentException)
        {
            // A literal would have been an error when the expression was compiled; from a row it is one more thing
            // that cannot be understood, and then the value stays as it was.
            return value => value;
        }
    }

    private readonly record struct Arguments(Value First, Value Second, Value Third);
}

/// <summary>Applies functions of one value to lists.</summary>
internal static class Spread
{
    public static Value Call(MapFunction function, Func<Value, Value> call, Value value)
    {
        if (value.IsNull && !function.TakesNull)
            return value;
        return value.Kind != ValueKind.List || function.TakesLists ? call(value) : Each(call, value);
    }

    private static Value Each(Func<Value, Value> call, Value list)
    {
        var results = new List<Value>(list.AsList.Count);
        foreach (var item in list.AsList)
        {
            var result = item.IsNull ? item : call(item);
            if (!result.IsEmpty)
                results.Add(result);
        }

        return results.Count == 0 ? Value.Null : Value.List([.. results]);
    }
}
