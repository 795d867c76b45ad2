using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps.Evaluation;

/// <summary>
/// A compiled part of an expression: everything that can be decided before the first row has been decided.
/// Immutable, so that threads can share it.
/// </summary>
internal abstract class Code
{
    public abstract Value Run(ReadOnlySpan<Value> values);

    public virtual bool Test(ReadOnlySpan<Value> values) => Truth.Of(Run(values));
}

internal sealed class ConstantCode(Value value) : Code
{
    public Value Value { get; } = value;

    public override Value Run(ReadOnlySpan<Value> values) => Value;
}

/// <summary>A field of the row. Rows may be shorter than their shape.</summary>
internal sealed class FieldCode(int ordinal) : Code
{
    public override Value Run(ReadOnlySpan<Value> values) => (uint)ordinal < (uint)values.Length ? values[ordinal] : Value.Null;
}

/// <summary>A member or element inside a field of the row.</summary>
internal sealed class WalkCode(int ordinal, Syntax.PathSegment[] steps) : Code
{
    public override Value Run(ReadOnlySpan<Value> values) => (uint)ordinal < (uint)values.Length ? Walk(values[ordinal], steps) : Value.Null;

    private static Value Walk(Value value, ReadOnlySpan<Syntax.PathSegment> steps)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            if (step.Name is { } name)
            {
                if (value.Kind == ValueKind.List)
                    return All(value, steps[i..]);
                value = value.AsObject is { } members && members.TryGetValue(name, out var member) ? member : Value.Null;
            }
            else if (step.Index is { } index)
            {
                var items = value.AsList;
                value = index < items.Count ? items[index] : Value.Null;
            }
            else
            {
                return i + 1 == steps.Length ? Value.List([.. value.AsList]) : All(value, steps[(i + 1)..]);
            }

            if (value.IsNull)
                return value;
        }

        return value;
    }

    private static Value All(Value list, ReadOnlySpan<Syntax.PathSegment> steps)
    {
        var found = new List<Value>();
        foreach (var item in list.AsList)
        {
            foreach (var inner in Walk(item, steps).AsList)
                found.Add(inner);
        }

        return found.Count == 0 ? Value.Null : Value.List([.. found]);
    }
}

internal sealed class ListCode(Code[] items) : Code
{
    public override Value Run(ReadOnlySpan<Value> values)
    {
        var list = new Value[items.Length];
        var count = 0;
        var nested = false;
        foreach (var item in items)
        {
            var value = item.Run(values);
            if (value.IsEmpty)
                continue;
            nested |= value.Kind == ValueKind.List;
            list[count++] = value;
        }

        if (count == 0)
            return Value.Null;
        if (count < list.Length)
            Array.Resize(ref list, count);
        return Value.List(nested ? [.. list.SelectMany(value => value.AsList).Where(value => !value.IsEmpty)] : list);
    }
}

/// <summary>The first value that is not empty.</summary>
internal sealed class CoalesceCode(Code[] items, BranchTrace? trace) : Code
{
    public override Value Run(ReadOnlySpan<Value> values)
    {
        for (var i = 0; i < items.Length; i++)
        {
            var value = items[i].Run(values);
            if (!value.IsEmpty)
            {
                trace?.Took(i);
                return value;
            }
        }

        return Value.Null;
    }
}

internal sealed class IfCode(Code condition, Code then, Code otherwise, BranchTrace? trace) : Code
{
    public override Value Run(ReadOnlySpan<Value> values)
    {
        var holds = condition.Test(values);
        trace?.Took(holds ? 0 : 1);
        return holds ? then.Run(values) : otherwise.Run(values);
    }
}
