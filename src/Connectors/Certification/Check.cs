using System.Diagnostics.CodeAnalysis;

namespace Crm.Integration.Connectors.Certification;

/// <summary>One thing that the hub relies on from a connector.</summary>
public sealed class Check
{
    internal Check(string id, CertificationLevel level, string title, Func<Stage, Task> body) => (Id, Level, Title, Body) = (id, level, title, body);

    /// <summary>Its id: M1, R3, W2.</summary>
    public string Id { get; }

    /// <summary>The level that needs it.</summary>
    public CertificationLevel Level { get; }

    /// <summary>What it proves, in a sentence without its full stop.</summary>
    public string Title { get; }

    internal Func<Stage, Task> Body { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Id} {Title}";
}

/// <summary>A connector does not do what the hub relies on.</summary>
/// <param name="message">What was expected and what was seen.</param>
public sealed class CheckFailedException(string message) : Exception(message);

/// <summary>What a check expects.</summary>
internal static class Expect
{
    public static void That([DoesNotReturnIf(false)] bool condition, string otherwise)
    {
        if (!condition)
            throw new CheckFailedException(otherwise);
    }

    /// <summary>The same things, in any order; as often as expected.</summary>
    public static void Same(IEnumerable<string> expected, IEnumerable<string> actual, string what)
    {
        var missing = Count(expected);
        var extra = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var each in actual)
        {
            if (missing.GetValueOrDefault(each) > 0)
                missing[each]--;
            else
                extra[each] = extra.GetValueOrDefault(each) + 1;
        }

        var lost = missing.Where(each => each.Value > 0).Select(each => each.Key).ToList();
        That(lost.Count == 0, $"{what}: {lost.Count} missing, such as {string.Join(", ", lost.Take(3))}");
        That(extra.Count == 0, $"{what}: {extra.Values.Sum()} too many, such as {string.Join(", ", extra.Keys.Take(3))}");
    }

    /// <summary>At least these.</summary>
    public static void Has(IEnumerable<string> expected, IEnumerable<string> actual, string what)
    {
        var lost = expected.Except(actual).ToList();
        That(lost.Count == 0, $"{what}: {lost.Count} missing, such as {string.Join(", ", lost.Take(3))}");
    }

    private static Dictionary<string, int> Count(IEnumerable<string> items) => items.GroupBy(item => item, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}
