using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Maps.Evaluation;

/// <summary>What counts as true.</summary>
internal static class Truth
{
    public static bool Of(Value value) => Read(value) ?? false;

    /// <summary>True, false, or null when the value says neither.</summary>
    public static bool? Read(Value value) => value.AsBoolean ?? (value.AsNumber is { } number ? number != 0 : value.AsText is { } text ? BooleanText.Parse(text) : null);
}
