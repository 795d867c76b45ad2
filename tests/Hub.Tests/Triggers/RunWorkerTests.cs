using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Pipelines;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Hub.Triggers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Triggers;

/// <summary>The worker carries out what is requested, on every engine.</summary>
public abstract class RunWorkerTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TestHub _hub = new(new TStore());
    private readonly List<(RunRequest Request, RunReport Report)> _told = [];
    private readonly Gate _gate = new();
    private readonly StoreEngine _engine;
    private readonly RunRequests _requests;

    protected RunWorkerTests()
    {
        _hub.Inbound("one").Put("1", ("first", "Anna"), ("last", "Keller"), ("email", "anna@keller.example"));
        _hub.Inbound("two").OnOpen = _ => _gate;
        _hub.Outbound("out");
        _engine = MasterStore.EngineOf(_hub.Configuration.Settings.Store, _hub.Folder);
        _requests = new RunRequests(_engine, TimeProvider.System);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _requests.Dispose();
        _hub.Dispose();
    }

    [Fact]
    public async Task A_run_that_is_asked_for_is_carried_out_and_everybody_is_told()
    {
        using var worker = await StartAsync();

        var ended = await EndOf(Ask("one"));

        Assert.Equal(RequestState.Done, ended.State);
        Assert.Equal([ended.RunId!.Value], _hub.Query<long>("select id from run where state = 'done'"));
        await UntilAsync(() => Told().Count == 1);
        Assert.Equal((ended.Id, RunState.Done, 1L), (Told()[0].Request.Id, Told()[0].Report.State, Told()[0].Report.Pipelines[0].Counts.Created));
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task Those_that_run_after_another_are_asked_for_when_that_is_done()
    {
        using var worker = await StartAsync(("out", new() { After = ["one"] }), ("two", new() { After = ["out"] }));

        await EndOf(Ask("one"));

        await UntilAsync(() => _requests.List().Count == 3 && _requests.Find(2)!.Ended);
        Assert.Equal(
            [(RunCause.Manual, "test", "one"), (RunCause.After, "one", "out"), (RunCause.After, "out", "two")],
            _requests.List().Reverse().Select(request => (request.Cause, request.By, request.Pipelines[0])));
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task One_that_runs_is_cancelled_within_seconds()
    {
        using var worker = await StartAsync();
        var id = Ask("two");
        await _gate.Reached;

        Assert.True(_requests.Cancel(id, "anna"));
        var ended = await EndOf(id);

        Assert.Equal((RequestState.Cancelled, "cancelled by anna"), (ended.State, ended.Note));
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task A_service_that_stops_gives_back_what_it_had_begun_and_the_next_one_does_it()
    {
        using (var worker = await StartAsync())
        {
            var id = Ask("two");
            await _gate.Reached;
            await worker.StopAsync(Token);
            var back = _requests.Find(id)!;
            Assert.Equal((RequestState.Waiting, 0L), (back.State, back.Attempts));
        }

        _gate.Open();
        using var next = await StartAsync();
        Assert.Equal(RequestState.Done, (await EndOf(1)).State);
        await next.StopAsync(Token);
    }

    [Fact]
    public async Task A_run_that_was_left_behind_is_carried_out_by_who_comes_next()
    {
        var id = Ask("one");
        Assert.Equal(id, new RunClaims(_requests, "dead", TimeProvider.System).Claim(["one"])!.Id);
        _requests.Write(transaction => transaction.Execute("update run_request set lease_until = 1 where id = @id", new { id }));

        using var worker = await StartAsync();
        var ended = await EndOf(id);

        Assert.Equal((RequestState.Done, 2L, "here"), (ended.State, ended.Attempts, ended.Node));
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task One_that_pauses_until_a_quota_is_renewed_is_asked_for_again_then()
    {
        var until = new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _gate.PausedUntil = until;
        using var worker = await StartAsync();

        Assert.Equal(RequestState.Paused, (await EndOf(Ask("two"))).State);

        var next = Assert.Single(_requests.Open());
        Assert.Equal((until, RunCause.Manual), (next.DueAt, next.Cause));
        Assert.Contains("goes on with run 1", next.Note, StringComparison.Ordinal);
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task A_late_one_says_so_in_its_request_and_in_its_run()
    {
        using var worker = await StartAsync();
        var due = TimeProvider.System.GetUtcNow().AddDays(-2);
        var ended = await EndOf(_requests.Add(new() { Pipelines = ["one"], Cause = RunCause.Schedule, By = "here", DueAt = due })!.Value);

        Assert.StartsWith($"due {due:yyyy-MM-dd HH:mm}, ran ", ended.Note, StringComparison.Ordinal);
        await UntilAsync(() => Told().Count == 1);
        Assert.StartsWith("due ", Told()[0].Report.Pipelines[0].Notes[0], StringComparison.Ordinal);
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task One_whose_pipeline_is_gone_fails_and_says_why()
    {
        using var worker = await StartAsync();

        var ended = await EndOf(Ask("old"));

        Assert.Equal(RequestState.Failed, ended.State);
        Assert.Contains("there is no pipeline 'old' any more", ended.Note, StringComparison.Ordinal);
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task A_plan_keeps_its_report_and_leaves_no_run()
    {
        using var worker = await StartAsync();

        var ended = await EndOf(_requests.Add(new() { Pipelines = ["one"], Cause = RunCause.Api, By = "test", Rehearsal = true })!.Value);

        Assert.Equal((RequestState.Done, null, 1L), (ended.State, ended.RunId, ended.Report!.Pipelines[0].Counts.Created));
        Assert.Empty(_hub.Query<long>("select id from run"));
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task A_pipeline_that_runs_on_changes_is_asked_for_once_for_each_of_them()
    {
        var live = Live(("out", new() { OnChange = "0s" }));
        var book = new ScheduleBook(_requests, new Node("here"), TimeProvider.System);
        book.SeeTo(ScheduleBook.Of(live.Current)["out"]);
        using var changes = new ChangeWatch(_requests, live, _engine, TimeProvider.System);
        changes.Look();
        Assert.Empty(_requests.List());
        using var worker = await StartAsync(live);

        await EndOf(Ask("one"));
        changes.Look();
        changes.Look();
        var asked = _requests.List()[0];
        Assert.Equal((RunCause.Change, "customer", 2), (asked.Cause, asked.By, _requests.List().Count));
        Assert.Equal(RequestState.Done, (await EndOf(asked.Id)).State);
        changes.Look();
        using var restarted = new ChangeWatch(_requests, live, _engine, TimeProvider.System);
        restarted.Look();

        Assert.Equal(2, _requests.List().Count);
        await worker.StopAsync(Token);
    }

    private long Ask(params string[] pipelines) => _requests.Add(new() { Pipelines = pipelines, Cause = RunCause.Manual, By = "test" })!.Value;

    private async Task<RunRequest> EndOf(long id)
    {
        await UntilAsync(() => _requests.Find(id)!.Ended);
        return _requests.Find(id)!;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < s_patience, "it did not come to that");
            await Task.Delay(20, Token);
        }
    }

    private List<(RunRequest Request, RunReport Report)> Told()
    {
        lock (_told)
            return [.. _told];
    }

    private LiveConfiguration Live(params (string Pipeline, TriggerSettings Trigger)[] triggers)
    {
        var configuration = _hub.Configuration;
        return new(configuration with
        {
            Pipelines =
            [
                .. configuration.Pipelines.Select(pipeline => triggers.FirstOrDefault(trigger => trigger.Pipeline == pipeline.Name) is { Trigger: { } trigger }
                    ? pipeline with { Settings = pipeline.Settings with { Trigger = [trigger] } }
                    : pipeline),
            ],
        });
    }

    private Task<RunWorker> StartAsync(params (string Pipeline, TriggerSettings Trigger)[] triggers) => StartAsync(Live(triggers));

    private async Task<RunWorker> StartAsync(LiveConfiguration live)
    {
        var carrier = new RunCarrier(live, [new Broken(), new Listener(_told)], _engine, new SecretRedactor(), TimeProvider.System, NullLoggerFactory.Instance);
        var worker = new RunWorker(_requests, new RunningRuns(), carrier, live, new Node("here"), _engine, TimeProvider.System, NullLoggerFactory.Instance);
        await worker.StartAsync(Token);
        return worker;
    }

    private sealed class Listener(List<(RunRequest, RunReport)> told) : IRunObserver
    {
        public Task EndedAsync(RunRequest request, RunReport report, CancellationToken cancellationToken)
        {
            lock (told)
                told.Add((request, report));
            return Task.CompletedTask;
        }
    }

    private sealed class Broken : IRunObserver
    {
        public Task EndedAsync(RunRequest request, RunReport report, CancellationToken cancellationToken) => throw new InvalidOperationException("an observer that fails keeps nobody from hearing");
    }

    /// <summary>A system that keeps whoever reads it waiting.</summary>
    private sealed class Gate : IConnection
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task.WaitAsync(s_patience, Token);

        public DateTimeOffset? PausedUntil { get; set; }

        public void Open() => _open.SetResult();

        public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            _reached.TrySetResult();
            if (PausedUntil is { } until)
                throw new ConnectorException(FailureKind.Transient, "only the reserve is left", "run again later") { PausedUntil = until };
            await _open.Task.WaitAsync(cancellationToken);
            yield return new Page([]) { CompletesSnapshot = true };
        }

        public async IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }

        public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CheckLine>>([]);

        public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

public sealed class RunWorkerOnSqliteTests : RunWorkerTests<SqliteStore>;

public sealed class RunWorkerOnPostgreSqlTests : RunWorkerTests<PostgreSqlStore>;
