using System.Text.Json;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>
/// The right to write to a hub folder's store, and the run that does it: one at a time a folder. Ends undone when it is a
/// rehearsal.
/// </summary>
internal sealed class WorkSession : IDisposable
{
    private readonly IDisposable _lock;
    private readonly IDisposable? _rehearsal;
    private bool _ended;

    private WorkSession(IDisposable held, MasterStore store, IDisposable? rehearsal, RunContext run)
    {
        _lock = held;
        _rehearsal = rehearsal;
        Store = store;
        Run = run;
    }

    /// <summary>The store.</summary>
    public MasterStore Store { get; }

    /// <summary>The run.</summary>
    public RunContext Run { get; }

    /// <summary>Takes the folder's lock, opens the store and begins a run.</summary>
    /// <param name="configuration">The hub folder.</param>
    /// <param name="purpose">What for, shown to whoever waits.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="progress">Hears how far it has come.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="StoreException">Another hub holds the folder, or the store cannot be used.</exception>
    public static async Task<WorkSession> BeginAsync(
        HubConfiguration configuration, string purpose, RunOptions options, IProgress<RunProgress> progress, TimeProvider clock, ILogger log, CancellationToken cancellationToken)
    {
        var engine = MasterStore.EngineOf(configuration.Settings.Store, configuration.Folder);
        var held = await engine.LockAsync(purpose, options.Wait, holder => log.LogInformation("waiting for {Holder}", holder), clock, cancellationToken);
        MasterStore? store = null;
        try
        {
            store = MasterStore.Open(engine, clock);
            var rehearsal = options.Rehearsal ? store.Rehearse() : null;
            using var transaction = store.Begin();

            // The lock is ours: whoever wrote "running" is dead.
            transaction.Execute("update run set state = 'failed', ended_at = @Now where state = 'running'", new { store.Now });
            var id = transaction.Allocate("run", 1);
            transaction.Execute("insert into run (id, state, started_at) values (@id, 'running', @Now)", new { id, store.Now });
            transaction.Commit();
            return new WorkSession(held, store, rehearsal, new RunContext(id, configuration.Folder, options, progress, clock, log));
        }
        catch (Exception exception)
        {
            store?.Dispose();
            held.Dispose();
            if (engine.Translate(exception) is { } known)
                throw known;
            throw;
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

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ended)
            Run.Log.LogWarning("run {RunId} ends without a report", Run.RunId);
        _rehearsal?.Dispose();
        Store.Dispose();
        _lock.Dispose();
    }
}
