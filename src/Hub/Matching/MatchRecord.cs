using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Matching;

/// <summary>A source record, whole, while it is matched or merged.</summary>
internal sealed class MatchRecord
{
    /// <summary>The store's number of it.</summary>
    public required long Id { get; init; }

    /// <summary>Whether it is gone from its source.</summary>
    public required bool Gone { get; init; }

    /// <summary>The master it belongs to so far; 0 for none.</summary>
    public required long MasterId { get; init; }

    /// <summary>Its connection.</summary>
    public required string Connection { get; init; }

    /// <summary>Its id at the source.</summary>
    public required string SourceId { get; init; }

    /// <summary>When the source says it was changed.</summary>
    public required long? ModifiedAt { get; init; }

    /// <summary>Its content as JSON.</summary>
    public required byte[] Data { get; init; }

    /// <summary>Its content as matching saw it last, where that has changed since.</summary>
    public required byte[]? MatchedData { get; init; }

    /// <summary>What the matcher compares; null for one that is gone.</summary>
    public Comparable? Comparable { get; set; }

    /// <summary>The keys it can be met by.</summary>
    public MatchKey[] Keys { get; set; } = [];

    /// <summary>When its fields changed, where that was asked for and is known.</summary>
    public FieldTimes? Times { get; set; }

    /// <summary>The fields in which a conflict was decided for it, where that was asked for.</summary>
    public Dictionary<string, DateTimeOffset>? Decided { get; set; }

    /// <summary>It, as if matching had never seen it.</summary>
    public MatchRecord AsNew() => new()
    {
        Id = Id, Gone = Gone, MasterId = 0, Connection = Connection, SourceId = SourceId, ModifiedAt = ModifiedAt, Data = Data, MatchedData = null, Comparable = Comparable, Keys = Keys, Times = Times,
    };

    /// <summary>It, as survivorship sees it.</summary>
    public Member ToMember(EntityType type) =>
        new(Id, Connection, SourceId, ModifiedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, RecordJson.Read(type, Data))
        {
            Times = Times,
            Decided = Decided,
        };
}

/// <summary>A record as the matcher sees it.</summary>
/// <param name="Features">What it compares.</param>
/// <param name="Terms">What it wants to know the frequency of.</param>
internal sealed record Comparable(MatchFeatures Features, ulong[] Terms);
