using Crm.Integration.Mapping.Maps.Evaluation;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Maps;

/// <summary>A checked expression that only waits for the ordinals of its paths.</summary>
/// <param name="bind">Makes the code.</param>
internal sealed class Plan(Func<Binding, Code> bind)
{
    /// <summary>Set when the value is known without any row.</summary>
    public Value? Constant { get; private init; }

    public Code Bind(Binding binding) => bind(binding);

    public static Plan Of(Value constant)
    {
        var code = new ConstantCode(constant);
        return new Plan(_ => code) { Constant = constant };
    }

    /// <summary>A plan made of others; when these are all constants, so is the result, since every function is pure.</summary>
    public static Plan Of(IReadOnlyList<Plan> parts, Func<Binding, Code> bind) =>
        parts.All(part => part.Constant is not null) ? Of(bind(Binding.None).Run([])) : new Plan(bind);
}

/// <summary>What an expression is tied to.</summary>
/// <param name="Find">The ordinal of a name, or -1.</param>
/// <param name="Field">The entity field that is filled, for the trace.</param>
/// <param name="Trace">Who watches, or null.</param>
internal sealed record Binding(Func<string, int> Find, string Field, MapTrace? Trace)
{
    public static Binding None { get; } = new(_ => -1, "", null);
}
