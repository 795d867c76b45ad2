using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps.Evaluation;

internal abstract class ConditionCode : Code
{
    public sealed override Value Run(ReadOnlySpan<Value> values) => Value.Boolean(Test(values));

    public abstract override bool Test(ReadOnlySpan<Value> values);
}

internal sealed class AndCode(Code left, Code right) : ConditionCode
{
    public override bool Test(ReadOnlySpan<Value> values) => left.Test(values) && right.Test(values);
}

internal sealed class OrCode(Code left, Code right) : ConditionCode
{
    public override bool Test(ReadOnlySpan<Value> values) => left.Test(values) || right.Test(values);
}

internal sealed class NotCode(Code operand) : ConditionCode
{
    public override bool Test(ReadOnlySpan<Value> values) => !operand.Test(values);
}

internal sealed class EqualCode(Code left, Code right, bool wanted) : ConditionCode
{
    public override bool Test(ReadOnlySpan<Value> values) => Comparison.AreEqual(left.Run(values), right.Run(values)) == wanted;
}

/// <summary>&lt;, &lt;=, &gt;, &gt;=: never true when one side is empty or the two cannot be compared.</summary>
internal sealed class OrderCode(Code left, Code right, string symbol) : ConditionCode
{
    public override bool Test(ReadOnlySpan<Value> values)
    {
        if (Comparison.Compare(left.Run(values), right.Run(values)) is not { } order)
            return false;
        return symbol switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }
}

internal sealed class InCode(Code left, Code right) : ConditionCode
{
    public override bool Test(ReadOnlySpan<Value> values)
    {
        var wanted = left.Run(values);
        foreach (var item in right.Run(values).AsList)
        {
            if (Comparison.AreEqual(wanted, item))
                return true;
        }

        return false;
    }
}
