using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Tests.Cli;

namespace Crm.Integration.Hub.Tests.Pipelines;

public sealed class PauseTests : IDisposable
{
    private static readonly DateTimeOffset s_until = new(2031, 5, 6, 7, 8, 0, TimeSpan.Zero);

    private readonly TestHub _hub = new();
    private readonly TestSystem _crm;

    public PauseTests()
    {
        _hub.Limits = _hub.Limits with { AlwaysAllowed = 1000 };
        var source = _hub.Inbound("erp");
        for (var i = 1; i <= 5; i++)
            source.Put($"{i}", ("first", "F" + i), ("last", "Last" + i), ("email", $"p{i}@example.com"));
        _crm = _hub.Outbound("crm");
    }

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task A_quota_that_ends_in_the_middle_pauses_the_run_with_what_was_done_saved()
    {
        _crm.OnOpen = _ => new Counted(_crm) { PauseAfter = 2 };
        var paused = await _hub.RunAsync();
        _crm.OnOpen = _ => null;
        var next = await _hub.RunAsync();

        Assert.Equal(RunState.Paused, paused.State);
        Assert.Equal(ExitCode.Stopped, PipelineRuns.CodeOf(paused, failOnReject: false));
        Assert.Equal(s_until, paused.Pipelines[1].PausedUntil);
        Assert.Equal(2, paused.Pipelines[1].Counts.Created);
        Assert.Equal(RunState.Done, next.State);
        Assert.Equal((3, 2), ((int)next.Pipelines[1].Counts.Created, (int)next.Pipelines[1].Counts.Unchanged));
        Assert.Equal(5, _crm.Writes.Count);
    }

    [Fact]
    public async Task The_report_says_until_when_and_that_nothing_is_lost()
    {
        _crm.OnOpen = _ => new Counted(_crm) { PauseAfter = 2 };
        var screen = new Screen();
        RunReportView.Write(screen.Terminal.Out, await _hub.RunAsync());

        Assert.Contains("paused", screen.Text, StringComparison.Ordinal);
        Assert.Contains("after 2031-05-06 07:08 UTC: everything done is saved", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_that_do_not_fit_into_what_is_left_are_not_begun()
    {
        _crm.OnOpen = _ => new Counted(_crm) { Forecast = new ApiForecast(50, "calls") { Limit = 1000, Left = 160, Reserve = 150 } };
        var report = await _hub.RunAsync();

        Assert.Equal(RunState.Paused, report.State);
        Assert.Empty(_crm.Writes);
        Assert.Contains("the writes cost about 50 calls; 160 of 1,000 a day are left, and 150 are kept", report.Pipelines[1].Problem, StringComparison.Ordinal);
        Assert.Equal(RunState.Done, (await _hub.RunAsync(new RunOptions { IgnoreLimits = true })).State);
    }

    [Fact]
    public async Task Writes_that_no_day_has_room_for_are_begun_all_the_same()
    {
        _crm.OnOpen = _ => new Counted(_crm) { Forecast = new ApiForecast(5000, "calls") { Limit = 1000, Left = 900, Reserve = 150 } };

        var report = await _hub.RunAsync();

        Assert.Equal(RunState.Done, report.State);
        Assert.Contains(report.Pipelines[1].Notes, note => note.EndsWith("this takes several days", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_tells_what_a_run_costs_and_sends_nothing()
    {
        _crm.OnOpen = _ => new Counted(_crm) { Forecast = new ApiForecast(50, "calls") { Limit = 1000, Left = 900, Reserve = 150 } };
        var report = await _hub.PlanAsync();
        var screen = new Screen(140);
        RunReportView.Write(screen.Terminal.Out, report);

        Assert.Equal(new CallForecast("crm", 50, "calls", 900, 1000, 150), report.Pipelines[1].Calls);
        Assert.Contains("crm: about 50 calls; 900 of 1,000 a day are left, 150 of them for people and other programs", screen.Text, StringComparison.Ordinal);
        Assert.Empty(_crm.Writes);
    }

    [Fact]
    public async Task Connections_remember_beside_the_run_also_in_a_plan()
    {
        var lent = new List<ConnectionContext>();
        _crm.OnOpen = context =>
        {
            lent.Add(context);
            return null;
        };
        await _hub.PlanAsync();
        await lent[0].Memory.WriteAsync("token", "rotated", secret: true, TestContext.Current.CancellationToken);
        await _hub.RunAsync();

        Assert.Equal("rotated", await lent[^1].Memory.ReadAsync("token", TestContext.Current.CancellationToken));
    }

    /// <summary>The system, whose calls are counted.</summary>
    private sealed class Counted(TestSystem system) : IBudgetedConnection
    {
        public ApiForecast Forecast { get; init; } = new(1, "calls");

        public int? PauseAfter { get; init; }

        public Task<ApiForecast> ForecastAsync(ApiWork work, CancellationToken cancellationToken) => Task.FromResult(Forecast);

        public async IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var done = 0;
            await foreach (var outcome in system.PushAsync(request, writes, cancellationToken))
            {
                yield return outcome;
                if (++done == PauseAfter)
                    throw new ConnectorException(FailureKind.Transient, "only the reserve is left", "run again later") { PausedUntil = s_until };
            }
        }

        public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken) => system.CheckAsync(cancellationToken);

        public IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, CancellationToken cancellationToken) => system.DiscoverAsync(stream, cancellationToken);

        public IAsyncEnumerable<Page> PullAsync(PullRequest request, CancellationToken cancellationToken) => system.PullAsync(request, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
