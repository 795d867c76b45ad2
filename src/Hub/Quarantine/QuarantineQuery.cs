using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Quarantine;

/// <summary>Which entries of the quarantine are meant.</summary>
/// <param name="Pipeline">Of this pipeline, or null for all.</param>
/// <param name="Rule">Rejected by this rule, or null for all.</param>
/// <param name="State">"open", "resolved" or "discarded"; null for all.</param>
internal sealed record QuarantineFilter(string? Pipeline, string? Rule, string? State);

/// <summary>Looks into the quarantine.</summary>
internal static class QuarantineQuery
{
    private const string Where = """ where (@Pipeline is null or i.pipeline = @Pipeline) and (@Rule is null or q."rule" = @Rule) and (@State is null or q.state = @State)""";
    private const string Columns =
        """q.id, i.pipeline, q.source_id, q.position, q."rule", q.path, q.place, q.message, q.fix, q.payload, q.readable, q.state, q.first_run, q.last_run, q.opened_at, q.closed_at, q.closed_by""";

    /// <summary>The entries, the oldest first.</summary>
    /// <param name="store">The store.</param>
    /// <param name="filter">Which.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="after">Only those after this one, for the next page.</param>
    public static IReadOnlyList<QuarantineEntry> List(MasterStore store, QuarantineFilter filter, int limit, long after = 0) => store.Query<QuarantineEntry>(
        $"select {Columns} from quarantine q join inbound i on i.id = q.inbound_id{Where} and q.id > @after order by q.id limit @limit",
        new { filter.Pipeline, filter.Rule, filter.State, limit, after });

    /// <summary>How many there are, by pipeline, rule and field, the most frequent first.</summary>
    public static IReadOnlyList<QuarantineGroup> Groups(MasterStore store, QuarantineFilter filter) => store.Query<QuarantineGroup>(
        $"""
        select i.pipeline, q."rule", q.path, count(*) as count, min(q.id) as first, min(q.message) as message, min(q.fix) as fix
        from quarantine q join inbound i on i.id = q.inbound_id{Where}
        group by i.pipeline, q."rule", q.path order by count(*) desc, i.pipeline, q."rule"
        """,
        filter);

    /// <summary>One entry, or null.</summary>
    public static QuarantineEntry? Find(MasterStore store, long id) => store.First<QuarantineEntry>(
        $"select {Columns} from quarantine q join inbound i on i.id = q.inbound_id where q.id = @id", new { id });

    /// <summary>Puts entries away for good: they are not retried, and a run that rejects the same row again leaves them closed.</summary>
    /// <returns>How many were open.</returns>
    public static int Discard(StoreTransaction transaction, ReadOnlySpan<long> ids, string who)
    {
        transaction.Batch(ids);
        return transaction.Execute(
            "update quarantine set state = 'discarded', closed_at = @Now, closed_by = @who where state = 'open' and id in (select k from batch)",
            new { transaction.Store.Now, who });
    }
}

/// <summary>A rejected row.</summary>
internal sealed record QuarantineEntry
{
    public long Id { get; init; }

    public string Pipeline { get; init; } = "";

    public string? SourceId { get; init; }

    public string Position { get; init; } = "";

    public string Rule { get; init; } = "";

    public string? Path { get; init; }

    public string Place { get; init; } = "";

    public string Message { get; init; } = "";

    public string Fix { get; init; } = "";

    public string Payload { get; init; } = "";

    public bool Readable { get; init; }

    /// <summary>Whether the row can be judged again by itself. Of rows that share a key only the whole source tells which one counts.</summary>
    public bool CanRetry => Readable && Rule != "repeated-key" && State != "resolved";

    public string State { get; init; } = "";

    public long FirstRun { get; init; }

    public long LastRun { get; init; }

    public long OpenedAt { get; init; }

    public long? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }
}

/// <summary>Rejected rows with one cause.</summary>
internal sealed record QuarantineGroup
{
    public string Pipeline { get; init; } = "";

    public string Rule { get; init; } = "";

    public string? Path { get; init; }

    public long Count { get; init; }

    public long First { get; init; }

    public string Message { get; init; } = "";

    public string Fix { get; init; } = "";
}
