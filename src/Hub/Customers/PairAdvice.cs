using System.Globalization;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Customers;

/// <summary>What would have to change for another outcome of a comparison.</summary>
internal static class PairAdvice
{
    private const string CountedOnce = "counted once";

    private static readonly string[] s_people = ["given name", "family name", "birth date", "e-mail", "phone", "address"];
    private static readonly string[] s_companies = ["company", "e-mail", "phone", "address", "tax id", "register number", "web site"];

    /// <summary>What would have to change, a sentence each.</summary>
    /// <param name="pair">The comparison.</param>
    /// <param name="settings">The thresholds.</param>
    /// <param name="isPerson">Whether the two are people.</param>
    public static IReadOnlyList<string> For(PairComparison pair, MatchSettings settings, bool isPerson)
    {
        var (score, steps) = (pair.Why.Score, pair.Why.Steps.Skip(1).Where(step => step.Level != CountedOnce).ToList());
        if (GuardWords.Of(score.Guard) is { } guard)
            return [$"Whatever the sum, they are not linked while {guard}. Put that right at its source, or say who they are: `hub merge`."];
        if (score.Bits >= settings.LinkBits)
            return [Linked(score.Bits, steps, settings.LinkBits)];
        var missing = settings.LinkBits - score.Bits;
        var lines = new List<string> { $"{Number(missing)} bits are missing for a link." };
        var against = steps.Where(step => step.Bits < 0).OrderBy(step => step.Bits).ToList();
        var enough = against.Where(step => -step.Bits >= missing).ToList();
        if (enough.Count > 0)
            lines.Add($"They would be linked if this did not speak against it: {Join(enough, " or ")}.");
        else if (against.Count > 1 && -against.Sum(step => step.Bits) >= missing)
            lines.Add($"They would be linked if these did not speak against it: {Join(against, " and ")}.");
        var empty = (isPerson ? s_people : s_companies).Where(field => pair.Why.Steps.All(step => step.Comparison != field)).ToList();
        if (empty.Count > 0)
            lines.Add($"Not compared, since one of the two lacks it: {string.Join(", ", empty)}. Where both have it and agree, it counts for them.");
        return lines;
    }

    private static string Linked(double bits, List<PairStep> steps, double link)
    {
        var carrying = steps.Where(step => step.Bits > 0 && bits - step.Bits < link).OrderByDescending(step => step.Bits).ToList();
        return carrying.Count == 0
            ? "No single agreement carries the link; without any one of them it would still hold."
            : $"Take any of these away and they would not be linked: {Join(carrying, ", ")}.";
    }

    private static string Join(List<PairStep> steps, string between) => string.Join(between, steps.Select(step => $"{step.Comparison} ({step.Level}, {step.Bits.ToString("+0.0;-0.0", CultureInfo.InvariantCulture)})"));

    private static string Number(double bits) => bits.ToString("0.0", CultureInfo.InvariantCulture);
}
