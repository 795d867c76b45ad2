using Crm.Integration.Mapping.Maps.Functions;

namespace Crm.Integration.Mapping.Maps;

/// <summary>
/// All functions of the mapping language. They are pure: no clock, no random numbers, no network.
/// One rule holds for all: what cannot be understood stays as it was (trimmed), for validation to judge.
/// A function of one value that is given a list is applied to each element; empty results drop out.
/// </summary>
public static class MapFunctions
{
    /// <summary>The functions in the order of the reference page.</summary>
    public static IReadOnlyList<MapFunction> All { get; } =
    [
        .. TextFunctions.All,
        .. PatternFunctions.All,
        .. ListFunctions.All,
        .. NameFunctions.All,
        .. ContactFunctions.All,
        .. PlaceFunctions.All,
        .. DateFunctions.All,
        .. NumberFunctions.All,
        .. LookupFunctions.All,
    ];

    private static readonly Dictionary<string, MapFunction> s_byName = All.ToDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>The function of a name, or null. Names are case-sensitive.</summary>
    /// <param name="name">Its name.</param>
    public static MapFunction? Find(string name) => s_byName.GetValueOrDefault(name);
}
