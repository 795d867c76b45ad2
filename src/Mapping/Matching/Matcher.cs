using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Compares records of one entity: which keys they can meet by, how strongly two of them speak for one customer, and why.
/// Pure and immutable; safe to share between threads.
/// </summary>
public sealed class Matcher
{
    /// <summary>A matcher for records of a type.</summary>
    /// <param name="type">The type; the roles of its fields decide what is compared.</param>
    /// <param name="settings">Thresholds and limits.</param>
    public Matcher(EntityType type, MatchSettings settings) => throw new NotImplementedException();

    /// <summary>Names the algorithms and weights; a store whose keys were made by another version is rebuilt.</summary>
    public int Version => throw new NotImplementedException();

    /// <summary>The thresholds and limits.</summary>
    public MatchSettings Settings => throw new NotImplementedException();

    /// <summary>Normalises a record for comparison.</summary>
    /// <param name="record">The mapped record.</param>
    public MatchFeatures Extract(EntityRecord record) => throw new NotImplementedException();

    /// <summary>The keys (blocking) by which the record can meet others; placeholders give none.</summary>
    /// <param name="features">The record's features.</param>
    /// <param name="keys">The keys are added here, without duplicates; the list is the caller's, to be used again.</param>
    public void Keys(MatchFeatures features, List<MatchKey> keys) => throw new NotImplementedException();

    /// <summary>The terms whose frequency matters for weighing the record's agreements: the hash of each name, and so on.</summary>
    /// <param name="features">The record's features.</param>
    /// <param name="terms">The terms are added here, without duplicates.</param>
    public void Terms(MatchFeatures features, List<ulong> terms) => throw new NotImplementedException();

    /// <summary>Scores a pair. Symmetric.</summary>
    /// <param name="a">One record.</param>
    /// <param name="b">The other.</param>
    /// <param name="frequencies">How common terms are.</param>
    /// <returns>The weight in bits, prior included: log2 of the odds that both are one customer.</returns>
    public PairScore Score(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies) => throw new NotImplementedException();

    /// <summary>Scores a pair and says why: the waterfall.</summary>
    /// <param name="a">One record.</param>
    /// <param name="b">The other.</param>
    /// <param name="frequencies">How common terms are.</param>
    public PairExplanation Explain(MatchFeatures a, MatchFeatures b, TermFrequencies frequencies) => throw new NotImplementedException();
}

/// <summary>A record, normalised for comparison. Opaque to all but the matcher.</summary>
public sealed class MatchFeatures
{
    internal MatchFeatures()
    {
    }
}

/// <summary>A key by which records meet.</summary>
/// <param name="Hash">The hash of kind and value; equal hash, same key.</param>
/// <param name="Kind">What kind of key it is; index into <see cref="MatchKeyKind"/> for names.</param>
public readonly record struct MatchKey(ulong Hash, MatchKeyKind Kind);

/// <summary>The kinds of key, for limits and reports.</summary>
public enum MatchKeyKind : byte
{
    /// <summary>A whole e-mail address.</summary>
    Email,
}

/// <summary>The score of a pair.</summary>
/// <param name="Bits">log2 of the odds, prior included.</param>
/// <param name="Guard">The guard that forbids the link whatever the bits say, or <see cref="MatchGuard.None"/>.</param>
public readonly record struct PairScore(double Bits, MatchGuard Guard);

/// <summary>What forbids a link.</summary>
public enum MatchGuard : byte
{
    /// <summary>Nothing does.</summary>
    None,

    /// <summary>Two different ids that the state gives to one person or company.</summary>
    DifferentId,

    /// <summary>The agreement lies only in what a household or a firm shares.</summary>
    SharedOnly,

    /// <summary>Senior and junior, or birth dates a generation apart.</summary>
    Generation,

    /// <summary>Same birth date, family and home, but different given names.</summary>
    Twins,
}

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

    /// <summary>How many records have a term.</summary>
    public IReadOnlyDictionary<ulong, long> Counts { get; }

    /// <summary>How many records there are in all.</summary>
    public long Records { get; }
}

/// <summary>Why a pair scores as it does.</summary>
/// <param name="Score">The score.</param>
/// <param name="Steps">The waterfall: the prior first, then a step a comparison that said anything.</param>
/// <param name="Summary">One line in words: "+7.1 same mobile; +6.4 family name Featherstone (rare); −5.2 given name Anna / Karl".</param>
public sealed record PairExplanation(PairScore Score, IReadOnlyList<PairStep> Steps, string Summary);

/// <summary>One step of the waterfall.</summary>
/// <param name="Comparison">What was compared: "family name".</param>
/// <param name="Level">How far it agrees: "same", "one letter off", "different".</param>
/// <param name="Left">The value on one side, or null.</param>
/// <param name="Right">The value on the other side, or null.</param>
/// <param name="Bits">What it adds or takes.</param>
public sealed record PairStep(string Comparison, string Level, string? Left, string? Right, double Bits);
