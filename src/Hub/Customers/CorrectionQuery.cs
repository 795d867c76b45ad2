using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Customers;

/// <summary>Looks up what stewards have said of a master's values.</summary>
internal static class CorrectionQuery
{
    private const string Columns = "id, entity, record_id, field, kind, data, who, why, at, expires_at, state, ended_at, ended_run";

    /// <summary>The corrections that count.</summary>
    public static IReadOnlyList<CorrectionRow> Open(MasterStore store, long master) =>
        store.Query<CorrectionRow>($"select {Columns} from correction where master_id = @master and state = 'open' order by id", new { master });

    /// <summary>All that ever were.</summary>
    public static IReadOnlyList<CorrectionRow> All(MasterStore store, long master) =>
        store.Query<CorrectionRow>($"select {Columns} from correction where master_id = @master order by id", new { master });
}

/// <summary>What a steward said of a value.</summary>
internal sealed record CorrectionRow
{
    public long Id { get; init; }

    public string Entity { get; init; } = "";

    public long RecordId { get; init; }

    public string Field { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Data { get; init; } = "";

    public string Who { get; init; } = "";

    public string? Why { get; init; }

    public long At { get; init; }

    public long? ExpiresAt { get; init; }

    public string State { get; init; } = "";

    public long? EndedAt { get; init; }

    public long? EndedRun { get; init; }

    /// <summary>"steward/customer/17".</summary>
    public string Name => FormattableString.Invariant($"{Survivor.Steward}/{Entity}/{Id}");

    /// <summary>As survivorship sees it.</summary>
    public Member ToMember(EntityType type) => CorrectionMember.Of(type, Id, Kind, Data, At);
}
