using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Matching;

/// <summary>A source record while its chunk is matched.</summary>
internal sealed class MatchRecord
{
    /// <summary>The store's number of it.</summary>
    public required long Id { get; init; }

    /// <summary>Its connection.</summary>
    public required string Connection { get; init; }

    /// <summary>Its id at the source.</summary>
    public required string SourceId { get; init; }

    /// <summary>When the source says it was changed.</summary>
    public required long? ModifiedAt { get; init; }

    /// <summary>Its content as JSON.</summary>
    public required byte[] Data { get; init; }

    /// <summary>Whether it is gone from its source.</summary>
    public required bool Gone { get; init; }

    /// <summary>The master it belongs to so far; 0 for none.</summary>
    public required long MasterId { get; init; }

    /// <summary>Its content as matching saw it last, where that has changed since.</summary>
    public byte[]? MatchedData { get; init; }

    /// <summary>Its content.</summary>
    public EntityRecord? Record { get; private set; }

    /// <summary>What the matcher compares.</summary>
    public MatchFeatures? Features { get; private set; }

    /// <summary>The keys it can be met by.</summary>
    public MatchKey[] Keys { get; set; } = [];

    /// <summary>Its terms.</summary>
    public ulong[] Terms { get; set; } = [];

    /// <summary>Reads its content, and, given a matcher, makes it comparable.</summary>
    public void Prepare(EntityType type, Matcher? matcher)
    {
        Record ??= RecordJson.Read(type, Data);
        if (matcher is not null)
            Features ??= matcher.Extract(Record);
    }

    /// <summary>It, as survivorship sees it.</summary>
    public Member ToMember(EntityType type)
    {
        Prepare(type, null);
        return new Member(Id, Connection, SourceId, ModifiedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, Record!);
    }
}
