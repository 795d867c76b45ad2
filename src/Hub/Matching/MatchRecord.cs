using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>A source record of the chunk that is being matched.</summary>
internal sealed class MatchRecord
{
    /// <summary>The store's number of it.</summary>
    public required long Id { get; init; }

    /// <summary>Whether it is gone from its source.</summary>
    public required bool Gone { get; init; }

    /// <summary>The master it belongs to so far; 0 for none.</summary>
    public required long MasterId { get; init; }

    /// <summary>Its content as JSON.</summary>
    public required byte[] Data { get; init; }

    /// <summary>Its content as matching saw it last, where that has changed since.</summary>
    public required byte[]? MatchedData { get; init; }

    /// <summary>What the matcher compares; null for one that is gone.</summary>
    public Comparable? Comparable { get; set; }

    /// <summary>The keys it can be met by.</summary>
    public MatchKey[] Keys { get; set; } = [];
}

/// <summary>A record as the matcher sees it.</summary>
/// <param name="Features">What it compares.</param>
/// <param name="Terms">What it wants to know the frequency of.</param>
internal sealed record Comparable(MatchFeatures Features, ulong[] Terms);
