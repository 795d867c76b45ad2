using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps.Evaluation;

/// <summary>+ - * / on numbers and texts that read as numbers; null where one side is none, or the result too large.</summary>
internal sealed class ArithmeticCode(Code left, Code right, char symbol) : Code
{
    public override Value Run(ReadOnlySpan<Value> values)
    {
        if (Comparison.Number(left.Run(values)) is not { } a || Comparison.Number(right.Run(values)) is not { } b)
            return Value.Null;
        try
        {
            return symbol switch
            {
                '+' => Value.Number(a + b),
                '-' => Value.Number(a - b),
                '*' => Value.Number(a * b),
                _ => b == 0 ? Value.Null : Value.Number(a / b),
            };
        }
        catch (OverflowException)
        {
            // decimal has no way to ask beforehand.
            return Value.Null;
        }
    }
}

internal sealed class NegateCode(Code operand) : Code
{
    public override Value Run(ReadOnlySpan<Value> values) => Comparison.Number(operand.Run(values)) is { } number ? Value.Number(-number) : Value.Null;
}
