using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps.Evaluation;

/// <summary>Stands around a call when a trace watches, and reports what the function lost or cut.</summary>
internal sealed class TracedCallCode(MapFunction function, Code subject, Func<Code, Code> call, string field, MapTrace trace) : Code
{
    public override Value Run(ReadOnlySpan<Value> values)
    {
        var before = subject.Run(values);
        var after = call(new ConstantCode(before)).Run(values);
        if (!before.IsEmpty && after.IsEmpty)
            trace.Lost(field, TraceLoss.Lost, function.Name);
        else if (function.Cuts && after.AsText is { } shorter && before.ToText() is { } longer && shorter.Length < longer.Length)
            trace.Lost(field, TraceLoss.Cut, function.Name);
        return after;
    }
}
