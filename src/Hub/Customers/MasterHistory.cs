using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Customers;

/// <summary>How a master came about: its versions, and the records that joined or left it.</summary>
internal static class MasterHistory
{
    /// <summary>The versions of a golden record, the oldest first, the present one last.</summary>
    public static IReadOnlyList<VersionRow> Versions(MasterStore store, long master) => store.Query<VersionRow>(
        """
        select version, data, changed_at, changed_run from master_version where master_id = @master
        union all
        select version, data, changed_at, changed_run from master where id = @master
        order by version
        """,
        new { master });

    /// <summary>The records that joined or left a master that exists, in order.</summary>
    public static IReadOnlyList<MoveRow> Moves(MasterStore store, long master) => store.Query<MoveRow>(
        """
        select i.connection, i.stream, r.source_id, m.from_master, m.to_master, m.run_id, m.at
        from xref_move m left join source_record r on r.id = m.record_id left join inbound i on i.id = r.inbound_id
        where m.from_master = @master or m.to_master = @master order by m.id
        """,
        new { master });

    /// <summary>What people said of who its records are, a line a decision.</summary>
    public static IReadOnlyList<DecisionRow> Decisions(MasterStore store, long master) => store.Query<DecisionRow>(
        """
        select j.at, j.same, j.who, j.why, count(*) as pairs from judgement j
        where j.record_a in (select record_id from xref where master_id = @master) or j.record_b in (select record_id from xref where master_id = @master)
        group by j.at, j.same, j.who, j.why order by j.at
        """,
        new { master });

    /// <summary>The fields in which two versions differ: name, before, after.</summary>
    public static IReadOnlyList<(string Field, string? Before, string? After)> Differences(VersionRow? before, VersionRow after)
    {
        var old = before is null ? [] : GoldenText.Fields(before.Data);
        var now = GoldenText.Fields(after.Data);
        var lost = old.Where(field => now.All(other => other.Field != field.Field)).Select(field => (field.Field, (string?)field.Value, (string?)null));
        var other = now.Select(field => (field.Field, old.FirstOrDefault(each => each.Field == field.Field).Value, (string?)field.Value)).Where(field => field.Item2 != field.Item3);
        return [.. other, .. lost];
    }
}

/// <summary>A version of a golden record.</summary>
internal sealed record VersionRow
{
    public long Version { get; init; }

    public string Data { get; init; } = "";

    public long ChangedAt { get; init; }

    public long ChangedRun { get; init; }
}

/// <summary>A record that went from one master to another.</summary>
internal sealed record MoveRow
{
    public string? Connection { get; init; }

    public string? Stream { get; init; }

    public string? SourceId { get; init; }

    /// <summary>"crm/customers.csv/4711"; null when the record is not stored any more.</summary>
    public string? Record => SourceId is null ? null : $"{Connection}/{Stream}/{SourceId}";

    public long FromMaster { get; init; }

    public long? ToMaster { get; init; }

    public long RunId { get; init; }

    public long At { get; init; }
}

/// <summary>A decision of a person about who is who.</summary>
internal sealed record DecisionRow
{
    public long At { get; init; }

    public bool Same { get; init; }

    public string Who { get; init; } = "";

    public string? Why { get; init; }

    public long Pairs { get; init; }
}
