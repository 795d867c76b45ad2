using System.Text.Json;
using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>
/// The right to work on a hub folder's store, and the run that does it: alone, or beside others that share the store. Ends undone when it
/// is a rehearsal.
/// </summary>
internal sealed class WorkSession : IDisposable
{
    // Half a minute in all: a server that is restarted is back by then.
    private static readonly TimeSpan[] s_patience = [.. new[] { 0.5, 1, 2, 4, 8, 15 }.Select(TimeSpan.FromSeconds)];

    // Who has named a server that is not there hears of it soon.
    private const int MostBegins = 3;

    private readonly string _purpose;
    private readonly LockMode _mode;
    private readonly long _fence;
    private readonly IDisposable? _rehearsal;
    private readonly RunHeartbeat? _heartbeat;
    private StoreLock _lock;
    private IDisposable? _alive;
    private bool _ended;

    private WorkSession(string purpose, LockMode mode, StoreLock held, MasterStore store, IDisposable? rehearsal, IDisposable? alive, RunHeartbeat? heartbeat, long fence, RunContext run)
    {
        (_purpose, _mode, _lock, _rehearsal, _alive, _heartbeat, _fence) = (purpose, mode, held, rehearsal, alive, heartbeat, fence);
        Store = store;
        Run = run;
        Guard();
    }

    /// <summary>The store.</summary>
    public MasterStore Store { get; private set; }

    /// <summary>The run.</summary>
    public RunContext Run { get; }

    /// <summary>Somebody wants the run to stop.</summary>
    public CancellationToken Cancelled => _heartbeat?.Cancelled ?? CancellationToken.None;

    /// <summary>Who wants it to stop; null when nobody does.</summary>
    public string? CancelledBy => _heartbeat?.CancelledBy;

    /// <summary>Takes the store for itself alone, and begins a run.</summary>
    /// <param name="configuration">The hub folder.</param>
    /// <param name="purpose">What for, shown to whoever waits.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="progress">Hears how far it has come.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="StoreException">Another hub is at work, or the store cannot be used.</exception>
    public static Task<WorkSession> BeginAsync(
        HubConfiguration configuration, string purpose, RunOptions options, IProgress<RunProgress> progress, TimeProvider clock, ILogger log, CancellationToken cancellationToken) =>
        BeginAsync(configuration, purpose, LockMode.Alone, options, progress, clock, log, cancellationToken);

    /// <summary>Takes the store, and begins a run.</summary>
    /// <param name="configuration">The hub folder.</param>
    /// <param name="purpose">What for, shown to whoever waits.</param>
    /// <param name="mode">Alone, or beside others.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="progress">Hears how far it has come.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="StoreException">Another hub is at work, or the store cannot be used.</exception>
    public static async Task<WorkSession> BeginAsync(
        HubConfiguration configuration, string purpose, LockMode mode, RunOptions options, IProgress<RunProgress> progress, TimeProvider clock, ILogger log, CancellationToken cancellationToken)
    {
        var engine = MasterStore.EngineOf(configuration.Settings.Store, configuration.Folder);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await TryBeginAsync(engine, configuration, purpose, mode, options, progress, clock, log, cancellationToken);
            }
            catch (StoreException exception) when (attempt < MostBegins - 1 && engine.IsTransient(exception))
            {
                // A session that was ended between its begin and the run's: there was nothing yet that could be lost.
                log.LogWarning("the run is begun again: {Problem}", exception.Message);
                await Task.Delay(s_patience[attempt], clock, cancellationToken);
            }
        }
    }

    private static async Task<WorkSession> TryBeginAsync(
        StoreEngine engine, HubConfiguration configuration, string purpose, LockMode mode, RunOptions options, IProgress<RunProgress> progress, TimeProvider clock, ILogger log, CancellationToken cancellationToken)
    {
        var held = await engine.LockAsync(purpose, mode, options.Wait, holder => log.LogInformation("waiting for {Holder}", holder), clock, cancellationToken);
        MasterStore? store = null;
        RunHeartbeat? heartbeat = null;
        try
        {
            store = MasterStore.Open(engine, clock);
            foreach (var (what, fix) in store.Advice())
                log.LogWarning("{What}: {Fix}", what, fix);
            RunReaper.Reap(store, held, log);
            var rehearsal = options.Rehearsal ? store.Rehearse() : null;
            var id = NextNumber(store);

            // A rehearsal is alone, and of its run nothing stays.
            var alive = options.Rehearsal ? null : held.TryHold(RunLeases.LockOf(id));
            using (var transaction = store.Begin())
            {
                transaction.Execute(
                    "insert into run (id, state, started_at, undoes, node, fence) values (@id, 'running', @Now, @Undo, @Node, 1)", new { id, store.Now, options.Undo, options.Node });
                transaction.Commit();
            }

            heartbeat = options.Rehearsal ? null : new RunHeartbeat(engine, id, options.Node, progress, clock, log);
            return new WorkSession(purpose, mode, held, store, rehearsal, alive, heartbeat, fence: 1, new RunContext(id, configuration.Folder, options, heartbeat ?? progress, clock, log)
            {
                Connections = new ConnectionLender(engine, configuration.Folder, clock, log, options.Conceal),
                WebhookGrace = TimeSpan.FromSeconds(configuration.Settings.Service.Hooks.GraceSeconds),
            });
        }
        catch (Exception exception)
        {
            heartbeat?.Dispose();
            store?.Dispose();
            held.Dispose();
            if (engine.Translate(exception) is { } known)
                throw known;
            throw;
        }
    }

    /// <summary>Keeps others from doing at the same time what only one may do.</summary>
    /// <param name="name">What: "entity:customer".</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ends it; null where nobody else is at work anyway.</returns>
    public async Task<IDisposable?> HoldAsync(string name, CancellationToken cancellationToken) => _mode == LockMode.Alone
        ? null
        : await _lock.HoldAsync(name, holder => Run.Log.LogInformation("run {RunId} waits for {Name}: {Holder} is at it", Run.RunId, name, holder), Run.Clock, cancellationToken);

    /// <summary>
    /// After the store failed in a way that may pass: opens it anew, with the right to write, and goes on with the same run. Waits
    /// for a server that is restarted, longer each time and never as long as others who wait for it, too.
    /// </summary>
    /// <exception cref="StoreException">It did not come back in time, or the run was taken for dead meanwhile.</exception>
    public async Task ReopenAsync(CancellationToken cancellationToken)
    {
        var engine = Store.Engine;
        _alive?.Dispose();
        Store.Dispose();
        _lock.Dispose();
        for (var attempt = 0; ; attempt++)
        {
            await Task.Delay(s_patience[attempt] * (0.5 + Random.Shared.NextDouble()), Run.Clock, cancellationToken);
            StoreLock? held = null;
            MasterStore? store = null;
            try
            {
                held = await engine.LockAsync(_purpose, _mode, Run.Options.Wait, holder => Run.Log.LogInformation("waiting for {Holder}", holder), Run.Clock, cancellationToken);
                store = MasterStore.Open(engine, Run.Clock);
                Check(store.Scalar<long?>("select fence from run where id = @RunId", new { Run.RunId }));
                (_lock, Store, _alive) = (held, store, held.TryHold(RunLeases.LockOf(Run.RunId)));
                Guard();
                return;
            }
            catch (Exception exception)
            {
                store?.Dispose();
                held?.Dispose();
                if (attempt + 1 == s_patience.Length || !engine.IsTransient(exception))
                    throw;
                Run.Log.LogWarning("the store is not back yet: {Problem}", exception.Message);
            }
        }
    }

    /// <summary>Records how the run ended.</summary>
    public void End(RunReport report)
    {
        using var transaction = Store.Begin();
        transaction.Execute(
            "update run set state = @state, ended_at = @Now, report = @report where id = @RunId",
            new { state = JsonNamingPolicy.CamelCase.ConvertName(report.State.ToString()), Store.Now, report = JsonSerializer.Serialize(report, RunReport.Json), Run.RunId });
        transaction.Commit();
        _ended = true;
    }

    /// <summary>Nothing was there to do: the run leaves no trace.</summary>
    public void Discard()
    {
        using var transaction = Store.Begin();
        if (transaction.Execute("delete from run where id = @RunId and fence = @_fence", new { Run.RunId, _fence }) == 0)
            Check(null);

        // Nothing is left to be guarded.
        Store.BeforeCommit = null;
        transaction.Commit();
        _ended = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ended)
            Run.Log.LogWarning("run {RunId} ends without a report", Run.RunId);
        _heartbeat?.Dispose();
        _alive?.Dispose();
        _rehearsal?.Dispose();
        Store.Dispose();
        _lock.Dispose();
    }

    // A transaction of its own: the session holds the number before anybody can see the run.
    private static long NextNumber(MasterStore store)
    {
        using var transaction = store.Begin();
        var id = transaction.Allocate("run", 1);
        transaction.Commit();
        return id;
    }

    // What was lost with a session is lost; this is for who has slept through his own end, and finds his session still there.
    private void Guard() => Store.BeforeCommit = transaction => Check(transaction.Scalar<long?>("select fence from run where id = @RunId", new { Run.RunId }));

    private void Check(long? fence)
    {
        if (fence != _fence)
        {
            throw new StoreException(
                FormattableString.Invariant($"run {Run.RunId} gave no sign of life for so long that it was taken for dead"),
                "run again: nothing is lost, the next run goes on from the last commit; look why this machine or its way to the store stood still");
        }
    }
}
