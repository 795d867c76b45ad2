namespace Crm.Integration.Mapping.Matching;

/// <summary>How common terms are in the store.</summary>
public sealed class TermFrequencies
{
    /// <summary>No counts: every term counts by the built-in priors.</summary>
    public static TermFrequencies None { get; } = new(new Dictionary<ulong, long>(), 0);

    /// <summary>Counts from the store.</summary>
    /// <param name="counts">How many records have a term; a missing one counts as 0.</param>
    /// <param name="records">How many records there are in all.</param>
    public TermFrequencies(IReadOnlyDictionary<ulong, long> counts, long records)
    {
        Counts = counts;
        Records = records;
    }

    // Records that one customer may well have.
    private const int OneCustomer = 3;

    /// <summary>How many records have a term.</summary>
    public IReadOnlyDictionary<ulong, long> Counts { get; }

    /// <summary>How many records there are in all.</summary>
    public long Records { get; }

    /// <summary>
    /// The share of people (or firms) with a term: what the store has seen, and the world's share as if seen in
    /// <paramref name="weight"/> more records, so that a small store is not fooled by what it has met but once.
    /// </summary>
    internal double Share(ulong term, double prior, double weight)
    {
        // The first few are as likely the records of one customer as of several.
        var seen = Counts.TryGetValue(term, out var count) ? Math.Max(0, count - OneCustomer) : 0;
        return (seen + (weight * prior)) / (Records + weight);
    }
}
