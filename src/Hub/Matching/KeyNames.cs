namespace Crm.Integration.Hub.Matching;

/// <summary>The kinds of match keys as people read them.</summary>
internal static class KeyNames
{
    /// <summary>"HostAndInitial" → "host and initial".</summary>
    public static string Of(string kind) =>
        string.Concat(kind.Select((letter, i) => char.IsUpper(letter) && i > 0 ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
