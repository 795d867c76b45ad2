using System.Globalization;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Says of a name that agrees how common it is, since that decides how much the agreement counts.</summary>
public static class TermRemarks
{
    private const long FewRecords = 5;
    private const double CommonShare = 0.002;

    /// <summary>"rare: 2 of 4,763", records; null for what does not depend on it.</summary>
    /// <param name="step">A step of an explanation.</param>
    /// <param name="features">The features of one of the two records.</param>
    /// <param name="frequencies">How common terms are.</param>
    public static string? Of(PairStep step, MatchFeatures features, TermFrequencies frequencies)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(frequencies);
        var term = step switch
        {
            { Bits: <= 0 } => 0UL,
            { Comparison: "given name" } => features.NameRef.GivenHash,
            { Comparison: "family name" } => features.NameRef.FamilyHash,
            { Comparison: "company", Level: "same" } => features.CompanyRef.Hash,
            _ => 0UL,
        };
        if (term == 0 || !frequencies.Counts.TryGetValue(term, out var count) || frequencies.Records == 0 || count == 0)
            return null;
        var word = count <= FewRecords ? "rare: " : count >= frequencies.Records * CommonShare ? "common: " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{word}{count:N0} of {frequencies.Records:N0}");
    }
}
