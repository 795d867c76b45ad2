using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Pipelines;
using Crm.Integration.Hub.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Runs;

/// <summary>Runs at work are known by their signs of life, can be stopped from elsewhere, and are ended in the books when their process died.</summary>
public abstract class RunLeaseTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private const long LongAgo = 1_000_000_000_000;

    private readonly TestHub _hub = new(new TStore());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task A_run_that_is_asked_to_stop_stops_within_seconds_and_keeps_what_it_has()
    {
        var system = _hub.Inbound("crm");
        for (var i = 0; i < 600; i++)
            system.Put($"c{i}", ("first", $"Anna{i}"), ("last", "Keller"), ("email", $"c{i}@mail.example"));
        system.Delay = TimeSpan.FromMilliseconds(200);
        var running = _hub.RunAsync();
        RunningRun run;
        while (Running() is not [var found] || (run = found).Moved == 0)
            await Task.Delay(100, Token);
        Assert.Equal(("crm", "pull", false, false), (run.Pipeline, run.Phase, run.Stalled, run.Silent));

        using (var store = _hub.Open())
        using (var service = RunLeases.Open(store.Engine, TimeProvider.System))
            Assert.True(new RunLeases(service).Cancel(run.Id, "Vera"));

        var report = await running.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(RunState.Cancelled, report.State);
        Assert.Contains("stopped on the word of Vera", report.Pipelines.Single().Notes);
        Assert.Equal(report.Pipelines.Single().Counts.Created, _hub.Query<long>("select count(*) from source_record").Single());
        Assert.Empty(Running());
        Assert.False(Cancel(run.Id));
    }

    [Fact]
    public async Task A_run_whose_process_died_is_ended_and_whoever_lives_is_left_alone()
    {
        using var session = await BeginAsync();
        Dead(4711);
        using (var store = _hub.Open())
        using (var service = RunLeases.Open(store.Engine, TimeProvider.System))
        using (var transaction = service.Begin())
        {
            transaction.Execute("update run_lease set heartbeat_at = @LongAgo", new { LongAgo });
            transaction.Commit();
        }

        using var engine = _hub.Open();
        var ended = await RunReaper.ReapAsync(MasterStore.EngineOf(_hub.Configuration.Settings.Store, _hub.Folder), TimeProvider.System, NullLogger.Instance, Token);

        Assert.Equal([4711], ended);
        var row = RunHistory.Find(engine, 4711)!;
        Assert.Equal("failed", row.State);
        Assert.StartsWith("its node died: app2/17", row.Problem, StringComparison.Ordinal);
        Assert.Equal("running", RunHistory.Find(engine, session.Run.RunId)!.State);
    }

    [Fact]
    public async Task The_next_run_ends_in_the_books_who_died_long_ago()
    {
        await _hub.RunAsync();
        Dead(4711);
        await _hub.RunAsync();
        Assert.Equal(["done", "done", "failed"], _hub.Query<string>("select state from run order by id"));
    }

    [Fact]
    public async Task Who_was_taken_for_dead_can_commit_nothing_more()
    {
        using var session = await BeginAsync();
        using (var store = _hub.Open())
        using (var raise = store.Begin())
        {
            raise.Execute("update run set state = 'failed', fence = fence + 1 where id = @RunId", new { session.Run.RunId });
            raise.Commit();
        }

        using (var transaction = session.Store.Begin())
        {
            transaction.Execute("insert into setting (name, value) values ('late', 'word')");
            var refused = Assert.Throws<StoreException>(transaction.Commit);
            Assert.Contains("taken for dead", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_hub.Query<string>("select value from setting where name = 'late'"));
    }

    [Theory]
    [InlineData(5, 100, false)]
    [InlineData(15, 100, true)]
    [InlineData(15, 60_000, false)]
    [InlineData(25, 60_000, true)]
    public async Task A_run_is_stalled_when_it_comes_no_further_for_much_longer_than_it_usually_takes(int minutes, long pace, bool stalled)
    {
        using var session = await BeginAsync();
        using (var store = _hub.Open())
        using (var service = RunLeases.Open(store.Engine, TimeProvider.System))
            new RunLeases(service).Beat(session.Run.RunId, new RunPulse("crm", "pull", 17, store.Now - (minutes * 60_000), pace));

        var run = Assert.Single(Running());
        Assert.Equal((17, stalled), (run.Moved, run.Stalled));
    }

    private IReadOnlyList<RunningRun> Running()
    {
        using var store = _hub.Open();
        return RunWatch.Running(store);
    }

    private bool Cancel(long run)
    {
        using var store = _hub.Open();
        using var service = RunLeases.Open(store.Engine, TimeProvider.System);
        return new RunLeases(service).Cancel(run, "Vera");
    }

    private Task<WorkSession> BeginAsync() =>
        WorkSession.BeginAsync(_hub.Configuration, "run", LockMode.Shared, new RunOptions(), new Progress<RunProgress>(), new Frozen(), NullLogger.Instance, Token);

    private void Dead(long id)
    {
        using var store = _hub.Open();
        using var transaction = store.Begin();
        transaction.Execute("insert into run (id, state, started_at, node, fence) values (@id, 'running', @LongAgo, 'app2/17', 1)", new { id, LongAgo });
        transaction.Commit();
    }

    /// <summary>The time of now, in which no timer ever rings: a run whose signs of life are those of the test.</summary>
    private sealed class Frozen : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}

public sealed class RunLeaseOnSqliteTests : RunLeaseTests<SqliteStore>;

public sealed class RunLeaseOnPostgreSqlTests : RunLeaseTests<PostgreSqlStore>;
