namespace Crm.Integration.Hub.Runs;

/// <summary>Counts what was found fault with, by kind, rule and field, and keeps one example of each.</summary>
internal sealed class Reasons
{
    private readonly Dictionary<(string What, string Rule, string? Path), ReasonCount> _counts = [];

    /// <summary>Counts one.</summary>
    public void Add(string what, string rule, string? path, string place, string message, string? fix)
    {
        var key = (what, rule, path);
        _counts[key] = _counts.TryGetValue(key, out var known)
            ? known with { Count = known.Count + 1 }
            : new ReasonCount(what, rule, path, 1, place.Length == 0 ? message : $"{place}: {message}", fix);
    }

    /// <summary>The most frequent ones.</summary>
    public IReadOnlyList<ReasonCount> Top(int count) =>
        [.. _counts.Values.OrderByDescending(reason => reason.Count).ThenBy(reason => reason.Rule, StringComparer.Ordinal).ThenBy(reason => reason.Path, StringComparer.Ordinal).Take(count)];
}
