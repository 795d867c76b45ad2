using System.Text.Json;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Triggers;

/// <summary>
/// Which node carries out which request. A node claims a request for a short time and renews that for as long as it works; one that is not
/// heard of any more loses it to another, and a higher fence keeps it from writing an end that is not its own.
/// </summary>
/// <param name="requests">The requests.</param>
/// <param name="node">This node.</param>
/// <param name="clock">The time.</param>
internal sealed class RunClaims(RunRequests requests, string node, TimeProvider clock)
{
    /// <summary>How long a node may be silent. A restart of the database takes less.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    // A run that takes its process with it each time must not do so for ever.
    private const int MostAttempts = 5;
    private const int LooksAt = 500;

    /// <summary>Takes the oldest request that is due and of whose pipelines none is running.</summary>
    /// <param name="all">The pipelines that a request for all of them means.</param>
    public RunRequest? Claim(IReadOnlyList<string> all) => HasDue() ? ClaimDue(all) : null;

    /// <summary>Says that this node still works on its requests, and looks what became of them.</summary>
    /// <param name="renew">Whether it is time to say so; to look costs less.</param>
    /// <returns>Those that are still its own, and who wants them ended, if somebody does.</returns>
    public (bool Renewed, IReadOnlyDictionary<long, (long Fence, string? CancelledBy)> Requests) Renew(bool renew)
    {
        if (renew)
        {
            requests.Write(transaction => transaction.Execute(
                "update run_request set lease_until = @until where state = 'running' and node = @node", new { node, until = transaction.Store.Now + (long)Lease.TotalMilliseconds }));
        }

        var rows = requests.Read(store => store.Query<RunRequestRow>($"select {RunRequestRow.Columns} from run_request r where r.state = 'running' and r.node = @node", new { node }));
        return (renew, rows.ToDictionary(row => row.Id, row => (row.Fence, row.CancelledBy)));
    }

    /// <summary>Puts back what nodes have left behind that are not heard of any more.</summary>
    /// <param name="alone">Whether this node is the only one: then all that others left is left behind.</param>
    /// <returns>The requests as they were.</returns>
    public IReadOnlyList<RunRequest> TakeOver(bool alone)
    {
        var rows = requests.Read(store => store.Query<RunRequestRow>(
            $"select {RunRequestRow.Columns} from run_request r where r.state = 'running' and (r.lease_until < @Now or (@alone = 1 and r.node <> @node)) order by r.id", new { store.Now, node, alone = alone ? 1 : 0 }));

        // Who has given a sign of life, or was taken over by another, since they were read has another lease or another fence.
        return rows.Count == 0 ? [] : requests.Write<IReadOnlyList<RunRequest>>(transaction => PutBack(transaction, [.. rows.Where(row => Unheard(transaction, row))]));
    }

    /// <summary>Gives a request back, to be begun again, here or elsewhere.</summary>
    /// <param name="request">As it was claimed.</param>
    /// <param name="note">Why.</param>
    /// <param name="dueAt">Not earlier than then.</param>
    /// <param name="counts">Whether it counts as an attempt.</param>
    public bool GiveBack(RunRequest request, string note, DateTimeOffset dueAt, bool counts) => requests.Write(transaction =>
    {
        if (!Release(transaction, request.Id, request.Fence, RequestState.Waiting, note, dueAt.ToUnixTimeMilliseconds(), runId: null, report: null))
            return false;
        if (!counts)
            transaction.Execute("update run_request set attempts = attempts - 1 where id = @Id", new { request.Id });
        return true;
    });

    /// <summary>Writes how a request ended, and asks for what comes of that, all of it or nothing.</summary>
    /// <returns>False when the request is this node's no longer: nothing was written.</returns>
    public bool End(RunRequest request, RequestState state, string? note, RunReport? report, IReadOnlyList<NewRunRequest> next) => requests.Write(transaction =>
    {
        var kept = request.Rehearsal && report is not null ? JsonSerializer.Serialize(report, RunReport.Json) : null;
        if (!Release(transaction, request.Id, request.Fence, state, note, request.DueAt.ToUnixTimeMilliseconds(), report is { RunId: > 0 } ? report.RunId : null, kept))
            return false;
        foreach (var following in next)
            RunRequests.Add(transaction, following);
        return true;
    });

    private bool HasDue() => requests.Read(store => store.Scalar<long>("select count(*) from run_request where state = 'waiting' and due_at <= @Now", new { store.Now })) > 0;

    private RunRequest? ClaimDue(IReadOnlyList<string> all) => requests.Write(transaction =>
    {
        var now = transaction.Store.Now;
        var rows = transaction.Query<RunRequestRow>(
            $"select {RunRequestRow.Columns} from run_request r where r.state = 'waiting' and r.due_at <= @now order by r.due_at, r.id limit @LooksAt", new { now, LooksAt });
        if (rows.Count == 0)
            return null;
        var taken = transaction.Query<string>("select pipeline from run_slot").ToHashSet(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var pipelines = row.Pipelines.Length == 0 ? all : RunRequestRow.Split(row.Pipelines);
            if (pipelines.Any(taken.Contains))
            {
                // Who came later does not overtake on the same pipeline.
                taken.UnionWith(pipelines);
                continue;
            }

            var claim = new { row.Id, row.Fence, node, until = now + (long)Lease.TotalMilliseconds, now };
            if (transaction.Execute(
                "update run_request set state = 'running', node = @node, lease_until = @until, started_at = @now, attempts = attempts + 1, fence = fence + 1 where id = @Id and fence = @Fence and state = 'waiting'", claim) == 0)
                continue;
            foreach (var pipeline in pipelines)
                transaction.Execute("insert into run_slot (pipeline, request_id) values (@pipeline, @Id)", new { pipeline, row.Id });
            return row.ToRequest() with { State = RequestState.Running, Node = node, Attempts = row.Attempts + 1, Fence = row.Fence + 1, StartedAt = clock.GetUtcNow() };
        }

        return null;
    });

    private static bool Unheard(StoreTransaction transaction, RunRequestRow row) =>
        transaction.Scalar<long>("select count(*) from run_request where id = @Id and fence = @Fence and lease_until = @LeaseUntil and state = 'running'", row) > 0;

    private static List<RunRequest> PutBack(StoreTransaction transaction, IReadOnlyList<RunRequestRow> rows)
    {
        List<RunRequest> left = [];
        foreach (var row in rows)
        {
            var (state, note) =
                row.CancelledBy is { } by ? (RequestState.Cancelled, $"cancelled by {by}; {row.Node} died meanwhile")
                : row.Attempts >= MostAttempts ? (RequestState.Failed, $"given up: it was begun {row.Attempts} times, and each time the service ended without a word; the log of {row.Node} may say why")
                : (RequestState.Waiting, $"begun again: {row.Node} was not heard of any more");
            if (Release(transaction, row.Id, row.Fence, state, note, row.DueAt, runId: null, report: null))
                left.Add(row.ToRequest());
        }

        return left;
    }

    private static bool Release(StoreTransaction transaction, long id, long fence, RequestState state, string? note, long due, long? runId, string? report)
    {
        var row = new { id, fence, state = RunRequestRow.Word(state), note, due, runId, report, endedAt = state == RequestState.Waiting ? (long?)null : transaction.Store.Now };
        if (transaction.Execute(
            "update run_request set state = @state, note = @note, due_at = @due, run_id = @runId, report = @report, ended_at = @endedAt, lease_until = null where id = @id and fence = @fence and state = 'running'", row) == 0)
            return false;
        transaction.Execute("delete from run_slot where request_id = @id", row);
        return true;
    }
}
