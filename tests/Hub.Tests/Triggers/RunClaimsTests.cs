using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Hub.Triggers;

namespace Crm.Integration.Hub.Tests.Triggers;

/// <summary>Requests and who carries them out, on every engine.</summary>
public abstract class RunClaimsTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TStore _test = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-claims-").FullName;
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero));
    private readonly RunRequests _requests;
    private readonly RunClaims _here;
    private readonly RunClaims _there;

    protected RunClaimsTests()
    {
        _requests = new RunRequests(MasterStore.EngineOf(_test.Settings, _folder), _clock);
        _here = new RunClaims(_requests, "here", _clock);
        _there = new RunClaims(_requests, "there", _clock);
    }

    public void Dispose()
    {
        _requests.Dispose();
        _test.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_request_comes_back_as_it_was_asked_for()
    {
        var id = _requests.Add(new() { Pipelines = ["客户", "b"], Cause = RunCause.Api, By = "token night", IgnoreLimits = true, Rehearsal = true, Note = "a note" })!.Value;

        var request = _requests.Find(id)!;
        Assert.Equal(["客户", "b"], request.Pipelines);
        Assert.Equal(
            (RunCause.Api, "token night", RequestState.Waiting, true, true, "a note", _clock.Now, _clock.Now),
            (request.Cause, request.By, request.State, request.IgnoreLimits, request.Rehearsal, request.Note, request.DueAt, request.CreatedAt));
        Assert.Null(_requests.Find(99));
        Assert.Single(_requests.Open());
    }

    [Fact]
    public void Requests_of_one_pipeline_run_one_after_the_other_and_others_beside_them()
    {
        var first = Ask("a");
        var second = Ask("a");
        var other = Ask("b");
        var all = Ask();
        var late = Ask("b");

        var claimed = Claim(_here);
        Assert.Equal(first, claimed.Id);
        Assert.Equal(other, Claim(_there).Id);
        Assert.Null(_here.Claim(["a", "b"]));

        Assert.True(_here.End(claimed, RequestState.Done, null, null, []));
        Assert.Equal(second, Claim(_here).Id);

        // The one for all waits for both, and nobody overtakes it.
        _there.End(_requests.Find(other)! with { Fence = 1 }, RequestState.Done, null, null, []);
        Assert.Null(_there.Claim(["a", "b"]));
        _here.End(_requests.Find(second)!, RequestState.Failed, "why", null, []);
        Assert.Equal(all, Claim(_here).Id);
        Assert.Null(_there.Claim(["a", "b"]));
        _here.End(_requests.Find(all)!, RequestState.Done, null, null, []);
        Assert.Equal(late, Claim(_there).Id);
        Assert.Equal("why", _requests.Find(second)!.Note);
    }

    [Fact]
    public void Nothing_is_begun_before_it_is_due()
    {
        _requests.Add(new() { Pipelines = ["a"], Cause = RunCause.Manual, By = "test", DueAt = _clock.Now.AddMinutes(1) });

        Assert.Null(_here.Claim(["a"]));
        _clock.Now = _clock.Now.AddMinutes(1);
        Assert.NotNull(_here.Claim(["a"]));
    }

    [Fact]
    public void The_request_of_a_node_that_is_not_heard_of_is_taken_over_with_a_higher_fence()
    {
        Ask("a");
        var lost = Claim(_here);
        _clock.Now += TimeSpan.FromSeconds(20);
        Assert.Empty(_there.TakeOver(alone: false));
        Assert.Contains(lost.Id, _here.Renew(renew: true).Requests);
        _clock.Now += TimeSpan.FromSeconds(20);
        Assert.Empty(_there.TakeOver(alone: false));
        _clock.Now += TimeSpan.FromSeconds(20);

        Assert.Equal(lost.Id, Assert.Single(_there.TakeOver(alone: false)).Id);
        var taken = Claim(_there);

        Assert.Equal((lost.Id, lost.Fence + 1, 2), (taken.Id, taken.Fence, taken.Attempts));
        Assert.DoesNotContain(lost.Id, _here.Renew(renew: true).Requests);
        Assert.False(_here.End(lost, RequestState.Done, null, null, [new() { Pipelines = ["b"], Cause = RunCause.After, By = "a" }]));
        Assert.False(_here.GiveBack(lost, "", _clock.Now, counts: false));
        Assert.True(_there.End(taken, RequestState.Done, null, null, []));
        Assert.Single(_requests.List());
    }

    [Fact]
    public void Who_is_alone_takes_over_what_another_left_at_once()
    {
        Ask("a");
        Claim(_here);

        Assert.Empty(_here.TakeOver(alone: true));
        Assert.Single(_there.TakeOver(alone: true));
        Assert.Contains("here was not heard of any more", Claim(_there).Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_takes_its_service_with_it_is_given_up_in_the_end()
    {
        var id = Ask("a");
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            Assert.Equal(id, Claim(_here).Id);
            _there.TakeOver(alone: true);
        }

        Assert.Null(_there.Claim(["a"]));
        var request = _requests.Find(id)!;
        Assert.Equal(RequestState.Failed, request.State);
        Assert.Contains("it was begun 5 times", request.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_waits_is_cancelled_at_once_and_one_that_runs_is_told()
    {
        var waiting = Ask("a");
        Assert.True(_requests.Cancel(waiting, "anna"));
        Assert.Equal((RequestState.Cancelled, "cancelled by anna before it began"), (_requests.Find(waiting)!.State, _requests.Find(waiting)!.Note));
        Assert.False(_requests.Cancel(waiting, "anna"));
        Assert.False(_requests.Cancel(99, "anna"));

        var running = Ask("a");
        Claim(_here);
        Assert.True(_requests.Cancel(running, "anna"));
        Assert.Equal("anna", _here.Renew(renew: false).Requests[running].CancelledBy);
        _there.TakeOver(alone: true);
        Assert.Equal(RequestState.Cancelled, _requests.Find(running)!.State);
    }

    [Fact]
    public void What_is_given_back_waits_again()
    {
        Ask("a");
        var request = Claim(_here);

        Assert.True(_here.GiveBack(request, "stopped", _clock.Now.AddSeconds(30), counts: false));

        Assert.Null(_there.Claim(["a"]));
        _clock.Now += TimeSpan.FromSeconds(30);
        Assert.Equal((request.Id, 1, 2), (Claim(_there) is var again ? again.Id : 0, again.Attempts, again.Fence));
    }

    [Fact]
    public void The_end_and_what_comes_of_it_are_one_thing_and_a_rehearsal_keeps_its_report()
    {
        var id = _requests.Add(new() { Pipelines = ["a"], Cause = RunCause.Api, By = "test", Rehearsal = true })!.Value;
        var report = new RunReport { RunId = 0, Rehearsal = true, State = RunState.Done, StartedAt = _clock.Now, Took = TimeSpan.FromSeconds(2), Pipelines = [], Totals = [] };

        Assert.True(_here.End(Claim(_here), RequestState.Done, null, report, [new() { Pipelines = ["b"], Cause = RunCause.After, By = "a" }]));

        Assert.Equal(TimeSpan.FromSeconds(2), _requests.Find(id)!.Report!.Took);
        Assert.Equal(["b"], _requests.Open().Single().Pipelines);
    }

    [Fact]
    public async Task Many_nodes_that_claim_at_once_have_each_request_once_and_no_pipeline_twice()
    {
        for (var i = 0; i < 30; i++)
            Ask($"p{i % 10}");
        List<RunRequests> nodes = [.. Enumerable.Range(0, 4).Select(_ => new RunRequests(MasterStore.EngineOf(_test.Settings, _folder), _clock))];

        var claimed = await Task.WhenAll(nodes.Select((node, i) => Task.Run(
            () =>
            {
                var claims = new RunClaims(node, $"n{i}", _clock);
                List<RunRequest> own = [];
                while (claims.Claim([]) is { } request)
                    own.Add(request);
                return own;
            },
            TestContext.Current.CancellationToken)));

        nodes.ForEach(node => node.Dispose());
        var all = claimed.SelectMany(own => own).ToList();
        Assert.Equal(10, all.Count);
        Assert.Equal(10, all.Select(request => request.Pipelines[0]).Distinct().Count());
    }

    private long Ask(params string[] pipelines) => _requests.Add(new() { Pipelines = pipelines, Cause = RunCause.Manual, By = "test" })!.Value;

    private static RunRequest Claim(RunClaims claims) => claims.Claim(["a", "b"]) ?? throw new InvalidOperationException("there is nothing to claim");
}

public sealed class RunClaimsOnSqliteTests : RunClaimsTests<SqliteStore>;

public sealed class RunClaimsOnPostgreSqlTests : RunClaimsTests<PostgreSqlStore>;
