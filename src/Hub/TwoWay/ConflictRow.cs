using System.Text.Json;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>A field that was edited at a destination while the hub says otherwise; or, without a field, a record that is there more than once.</summary>
internal record ConflictRow
{
    /// <summary>The columns, of a table called c.</summary>
    public const string Columns =
        "c.id, c.outbound_id, c.master_id, c.record_id, c.field, c.base, c.ours, c.theirs, c.ours_at, c.theirs_at, c.policy, c.state, c.winner, c.run_id, c.at, c.decided_at, c.decided_by, c.note";

    public long Id { get; init; }

    public long OutboundId { get; init; }

    public long MasterId { get; init; }

    public long RecordId { get; init; }

    /// <summary>The destination's field; empty for a duplicate.</summary>
    public string Field { get; init; } = "";

    public string? Base { get; init; }

    public string? Ours { get; init; }

    public string? Theirs { get; init; }

    public long? OursAt { get; init; }

    public long? TheirsAt { get; init; }

    public string Policy { get; init; } = "";

    /// <summary>open, decided, announced, settled, duplicate.</summary>
    public string State { get; init; } = "";

    /// <summary>hub, source, both; null while it is open.</summary>
    public string? Winner { get; init; }

    public long RunId { get; init; }

    public long At { get; init; }

    public long? DecidedAt { get; init; }

    public string? DecidedBy { get; init; }

    public string? Note { get; init; }

    /// <summary>What the destination says.</summary>
    public Value TheirsValue => ValueOf(Theirs);

    /// <summary>What the hub says.</summary>
    public Value OursValue => ValueOf(Ours);

    /// <summary>What both last agreed on.</summary>
    public Value BaseValue => ValueOf(Base);

    private static Value ValueOf(string? json)
    {
        if (json is null)
            return Value.Null;
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
        reader.Read();
        return RecordJson.ReadValue(ref reader);
    }
}
