using System.Text.Json;
using Crm.Integration.Hub.Accounts;
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
    // Half a minute in all: a server that is restarted is back by then.
    private static readonly TimeSpan[] s_patience = [.. new[] { 0.5, 1, 2, 4, 8, 15 }.Select(TimeSpan.FromSeconds)];

    private readonly string _purpose;
    private IDisposable _lock;
    private readonly IDisposable? _rehearsal;
    private bool _ended;

    private WorkSession(string purpose, IDisposable held, MasterStore store, IDisposable? rehearsal, RunContext run)
    {
        _purpose = purpose;
        _lock = held;
        _rehearsal = rehearsal;
        Store = store;
        Run = run;
    }

    /// <summary>The store.</summary>
    public MasterStore Store { get; private set; }

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
            foreach (var (what, fix) in store.Advice())
                log.LogWarning("{What}: {Fix}", what, fix);
            var rehearsal = options.Rehearsal ? store.Rehearse() : null;
            using var transaction = store.Begin();

            // The lock is ours: whoever wrote "running" is dead.
            transaction.Execute("update run set state = 'failed', ended_at = @Now where state = 'running'", new { store.Now });
            var id = transaction.Allocate("run", 1);
            transaction.Execute("insert into run (id, state, started_at, undoes) values (@id, 'running', @Now, @Undo)", new { id, store.Now, options.Undo });
            transaction.Commit();
            return new WorkSession(purpose, held, store, rehearsal, new RunContext(id, configuration.Folder, options, progress, clock, log)
            {
                Connections = new ConnectionLender(engine, configuration.Folder, clock, log, options.Conceal),
                WebhookGrace = TimeSpan.FromSeconds(configuration.Settings.Service.Hooks.GraceSeconds),
            });
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

    /// <summary>
    /// After the store failed in a way that may pass: opens it anew, with the right to write, and goes on with the same run. Waits
    /// for a server that is restarted, longer each time and never as long as others who wait for it, too.
    /// </summary>
    /// <exception cref="StoreException">It did not come back in time, or another hub has taken over.</exception>
    public async Task ReopenAsync(CancellationToken cancellationToken)
    {
        var engine = Store.Engine;
        Store.Dispose();
        _lock.Dispose();
        for (var attempt = 0; ; attempt++)
        {
            await Task.Delay(s_patience[attempt] * (0.5 + Random.Shared.NextDouble()), Run.Clock, cancellationToken);
            IDisposable? held = null;
            MasterStore? store = null;
            try
            {
                held = await engine.LockAsync(_purpose, Run.Options.Wait, holder => Run.Log.LogInformation("waiting for {Holder}", holder), Run.Clock, cancellationToken);
                store = MasterStore.Open(engine, Run.Clock);
                using var transaction = store.Begin();

                // Who had the lock meanwhile took this run for dead.
                transaction.Execute("update run set state = 'running', ended_at = null where id = @RunId", new { Run.RunId });
                transaction.Commit();
                (_lock, Store) = (held, store);
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
        transaction.Execute("delete from run where id = @RunId", new { Run.RunId });
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
