using System.Threading.Channels;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Triggers;

/// <summary>
/// The runs that are asked of the service: whoever wants one adds a request, and some node carries it out. Safe for many callers at once,
/// and shared by all nodes.
/// </summary>
/// <param name="engine">The store's engine.</param>
/// <param name="clock">The time.</param>
internal sealed class RunRequests(StoreEngine engine, TimeProvider clock) : IDisposable
{
    private readonly ServiceStore _store = new(engine, clock);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Asks for a run.</summary>
    /// <returns>The request's number; null when the instant of the schedule had fired before. A schedule or a change joins a request of the same
    /// pipelines that still has to do the work: then it is the number of that.</returns>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public long? Add(NewRunRequest request)
    {
        var id = _store.Write(transaction => Add(transaction, request));
        News();
        return id;
    }

    /// <summary>Asks for a run, as a part of other work.</summary>
    /// <param name="transaction">A transaction of <see cref="Write"/>.</param>
    /// <param name="request">The request.</param>
    public static long? Add(StoreTransaction transaction, NewRunRequest request)
    {
        var now = transaction.Store.Now;
        var due = request.DueAt?.ToUnixTimeMilliseconds() ?? now;
        if (request.Cause == RunCause.Schedule && request.Pipelines.Any(pipeline => HasFired(transaction, pipeline, due)))
        {
            TriggerMeters.FiredAgain.Add(1);
            return null;
        }

        var joined = Joined(transaction, request);
        var id = joined ?? transaction.Allocate("run_request", 1);
        if (request.Cause == RunCause.Schedule)
        {
            foreach (var pipeline in request.Pipelines)
                transaction.Execute("insert into fired (pipeline, due_at, fired_at, request_id) values (@pipeline, @due, @now, @id)", new { pipeline, due, now, id });
        }

        if (joined is null)
            Insert(transaction, id, request, due, RequestState.Waiting);
        else
            TriggerMeters.Joined.Add(1);
        return id;
    }

    /// <summary>Writes down an instant that was missed and is not made up for.</summary>
    public static void Skip(StoreTransaction transaction, NewRunRequest request)
    {
        var due = request.DueAt!.Value.ToUnixTimeMilliseconds();
        if (request.Pipelines.Any(pipeline => HasFired(transaction, pipeline, due)))
            return;
        var id = transaction.Allocate("run_request", 1);
        foreach (var pipeline in request.Pipelines)
            transaction.Execute("insert into fired (pipeline, due_at, fired_at, request_id) values (@pipeline, @due, @Now, @id)", new { pipeline, due, transaction.Store.Now, id });
        Insert(transaction, id, request, due, RequestState.Skipped);
    }

    /// <summary>Works in a transaction; see <see cref="ServiceStore.Write{T}"/>.</summary>
    public T Write<T>(Func<StoreTransaction, T> work) => _store.Write(work);

    /// <summary>Reads.</summary>
    public T Read<T>(Func<MasterStore, T> work) => _store.Read(work);

    /// <summary>Ends a request: one that waits at once, one that runs at its next checkpoint, within seconds.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="by">Who wants it.</param>
    /// <returns>False when there is none of the number, or it has ended.</returns>
    public bool Cancel(long id, string by)
    {
        var cancelled = _store.Write(transaction =>
            transaction.Execute(
                "update run_request set state = 'cancelled', ended_at = @Now, cancelled_by = @by, note = @note where id = @id and state = 'waiting'",
                new { id, by, transaction.Store.Now, note = $"cancelled by {by} before it began" }) == 1
            || transaction.Execute("update run_request set cancelled_by = @by where id = @id and state = 'running'", new { id, by }) == 1);
        News();
        return cancelled;
    }

    /// <summary>A request with its report, or null.</summary>
    public RunRequest? Find(long id) => _store.Read(store =>
        store.First<RunRequestRow>($"select {RunRequestRow.Columns}, r.report from run_request r where r.id = @id", new { id })?.ToRequest());

    /// <summary>The newest requests, newest first, without their reports.</summary>
    /// <param name="before">Only those with a lower number, for the next page; null to begin with the newest.</param>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<RunRequest> List(long? before = null, int count = 50) => _store.Read<IReadOnlyList<RunRequest>>(store =>
        [.. store.Query<RunRequestRow>($"select {RunRequestRow.Columns} from run_request r where r.id < @before order by r.id desc limit @count", new { before = before ?? long.MaxValue, count }).Select(row => row.ToRequest())]);

    /// <summary>The requests that have not ended, oldest first.</summary>
    public IReadOnlyList<RunRequest> Open() => _store.Read<IReadOnlyList<RunRequest>>(store =>
        [.. store.Query<RunRequestRow>($"select {RunRequestRow.Columns} from run_request r where r.state in ('waiting', 'running') order by r.id").Select(row => row.ToRequest())]);

    /// <summary>Waits until a request was added or cancelled in this process, or some time has passed.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var news = _news.Reader.WaitToReadAsync(over.Token).AsTask();
        await Task.WhenAny(news, Task.Delay(atMost, clock, over.Token));
        await over.CancelAsync();
        _news.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>There is something to see to.</summary>
    public void News() => _news.Writer.TryWrite(true);

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private static bool HasFired(StoreTransaction transaction, string pipeline, long due) =>
        transaction.Scalar<long>("select count(*) from fired where pipeline = @pipeline and due_at = @due", new { pipeline, due }) > 0;

    /// <summary>The request that does what is asked for anyway. A run that has begun may have read past what has changed since; for a schedule it is enough.</summary>
    private static long? Joined(StoreTransaction transaction, NewRunRequest request)
    {
        if (request.Rehearsal || request.IgnoreLimits || request.Cause is not (RunCause.Schedule or RunCause.After or RunCause.Change))
            return null;
        var pipelines = RunRequestRow.Join(request.Pipelines);
        return transaction.Scalar<long?>(
            "select min(id) from run_request where state = 'waiting' and pipelines = @pipelines and rehearsal = 0", new { pipelines })
            ?? (request.Cause == RunCause.Schedule
                ? transaction.Scalar<long?>("select min(id) from run_request where state = 'running' and pipelines = @pipelines and rehearsal = 0", new { pipelines })
                : null);
    }

    private static void Insert(StoreTransaction transaction, long id, NewRunRequest request, long due, RequestState state) => transaction.Execute(
        """
        insert into run_request (id, pipelines, cause, asked_by, due_at, created_at, state, ignore_limits, rehearsal, attempts, fence, ended_at, note)
        values (@id, @pipelines, @cause, @By, @due, @Now, @state, @ignoreLimits, @rehearsal, 0, 0, @endedAt, @Note)
        """,
        new
        {
            id,
            pipelines = RunRequestRow.Join(request.Pipelines),
            cause = RunRequestRow.Word(request.Cause),
            request.By,
            due,
            transaction.Store.Now,
            state = RunRequestRow.Word(state),
            ignoreLimits = request.IgnoreLimits ? 1 : 0,
            rehearsal = request.Rehearsal ? 1 : 0,
            endedAt = state == RequestState.Skipped ? transaction.Store.Now : (long?)null,
            request.Note,
        });
}
