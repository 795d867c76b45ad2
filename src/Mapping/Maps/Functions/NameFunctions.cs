namespace Crm.Integration.Mapping.Maps.Functions;

internal static class NameFunctions
{
    public static IReadOnlyList<MapFunction> All { get; } = [];
}
