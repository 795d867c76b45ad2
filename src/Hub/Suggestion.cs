using Crm.Integration.Mapping.Maps;

namespace Crm.Integration.Hub;

/// <summary>What to say of a name that does not exist.</summary>
internal static class Suggestion
{
    /// <summary>The name that is probably meant, else all there are.</summary>
    public static string Of(string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        return Spelling.Nearest(name, names) is { } nearest ? $"did you mean '{nearest}'?" : $"there {(names.Count == 1 ? "is" : "are")} {string.Join(", ", names)}";
    }
}
