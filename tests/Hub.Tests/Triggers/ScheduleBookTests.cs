using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Hub.Triggers;

namespace Crm.Integration.Hub.Tests.Triggers;

/// <summary>Which instants make requests, on every engine, by a clock that is moved by hand.</summary>
public abstract class ScheduleBookTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private static readonly DateTimeOffset s_evening = new(2026, 11, 22, 20, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_two = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private readonly TStore _test = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-triggers-").FullName;
    private readonly TestClock _clock = new(s_evening);
    private readonly RunRequests _requests;
    private readonly ScheduleBook _book;

    protected ScheduleBookTests()
    {
        _requests = new RunRequests(MasterStore.EngineOf(_test.Settings, _folder), _clock);
        _book = new ScheduleBook(_requests, new Node("here"), _clock);
    }

    public void Dispose()
    {
        _requests.Dispose();
        _test.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void An_instant_that_comes_makes_one_request_however_often_the_alarm_rings()
    {
        var schedule = Nightly();
        Assert.Equal(s_two, _book.SeeTo(schedule)!.DueAt);
        Assert.Empty(_requests.List());

        _clock.Now = s_two.AddMilliseconds(5);
        Assert.Equal(s_two.AddDays(1), _book.SeeTo(schedule, s_two)!.DueAt);
        _book.SeeTo(schedule, s_two);
        new ScheduleBook(_requests, new Node("there"), _clock).SeeTo(Nightly(), s_two);

        var request = Assert.Single(_requests.List());
        Assert.Equal((RunCause.Schedule, "here", s_two, RequestState.Waiting), (request.Cause, request.By, request.DueAt, request.State));
        Assert.Equal("p", Assert.Single(request.Pipelines));
    }

    [Fact]
    public void A_machine_that_slept_through_it_runs_once_and_late()
    {
        _book.SeeTo(Nightly());

        _clock.Now = s_two.AddHours(5);
        _book.SeeTo(Nightly());
        _book.SeeTo(Nightly());

        Assert.Equal(s_two, Assert.Single(_requests.List()).DueAt);
    }

    [Fact]
    public void A_trigger_that_skips_what_was_missed_writes_that_down()
    {
        var schedule = ScheduleTests.Of("""{ "cron": "0 0 2 * * ?", "jitter": 0, "misfire": "skip" }""");
        _book.SeeTo(schedule);

        _clock.Now = s_two.AddHours(5);
        Assert.Equal(s_two.AddDays(1), _book.SeeTo(schedule)!.DueAt);

        var request = Assert.Single(_requests.List());
        Assert.Equal(RequestState.Skipped, request.State);
        Assert.Contains("nobody was there", request.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1m", 6, "8640 instants")]
    [InlineData("1s", 30, "very many instants")]
    public void Many_missed_instants_of_an_interval_are_one_run(string every, int days, string told)
    {
        var schedule = ScheduleTests.Of($$"""{ "every": "{{every}}", "jitter": 0 }""");
        _book.SeeTo(schedule);

        _clock.Now = s_evening.AddDays(days);
        _book.SeeTo(schedule);

        var request = Assert.Single(_requests.List());
        Assert.Equal(_clock.Now, request.DueAt);
        Assert.Contains(told, request.Note, StringComparison.Ordinal);
        Assert.Equal(1, _requests.Read(store => store.Scalar<long>("select count(*) from fired")));
    }

    [Fact]
    public void An_instant_joins_a_request_that_waits_or_runs()
    {
        var schedule = ScheduleTests.Of("""{ "every": "1m", "jitter": 0 }""");
        _book.SeeTo(schedule);
        for (var minute = 1; minute <= 3; minute++)
        {
            _clock.Now = s_evening.AddMinutes(minute);
            _book.SeeTo(schedule);
        }

        var claims = new RunClaims(_requests, "here", _clock);
        var request = claims.Claim(["p"])!;
        _clock.Now = s_evening.AddMinutes(4);
        _book.SeeTo(schedule);
        Assert.Equal(request.Id, Assert.Single(_requests.List()).Id);
        Assert.Equal([request.Id], _requests.Read(store => store.Query<long>("select distinct request_id from fired")));

        Assert.True(claims.End(request, RequestState.Done, null, null, []));
        _clock.Now = s_evening.AddMinutes(5);
        _book.SeeTo(schedule);
        Assert.Equal(2, _requests.List().Count);
    }

    [Fact]
    public void A_schedule_that_was_changed_does_not_make_up_for_the_past()
    {
        _book.SeeTo(Nightly());
        _clock.Now = s_two.AddHours(5);

        var changed = ScheduleTests.Of("""{ "cron": "0 0 3 * * ?", "jitter": 0 }""");
        Assert.Equal(s_two.AddHours(25), _book.SeeTo(changed)!.DueAt);

        Assert.Empty(_requests.List());
    }

    [Fact]
    public async Task Nodes_that_see_the_same_instant_at_once_request_one_run()
    {
        var schedule = ScheduleTests.Of("""{ "every": "1s", "jitter": 0 }""");
        _book.SeeTo(schedule);
        var claims = new RunClaims(_requests, "here", _clock);
        List<RunRequests> nodes = [.. Enumerable.Range(0, 4).Select(_ => new RunRequests(MasterStore.EngineOf(_test.Settings, _folder), _clock))];
        for (var second = 1; second <= 20; second++)
        {
            _clock.Now = s_evening.AddSeconds(second);
            await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => new ScheduleBook(node, new Node($"{i}"), _clock).SeeTo(schedule, _clock.Now), TestContext.Current.CancellationToken)));
            Assert.True(claims.End(claims.Claim(["p"])!, RequestState.Done, null, null, []));
            Assert.Null(claims.Claim(["p"]));
        }

        nodes.ForEach(node => node.Dispose());
        Assert.Equal(20, _requests.List().Count);
        Assert.Equal(20, _requests.Read(store => store.Scalar<long>("select count(*) from fired")));
    }

    private static Schedule Nightly() => ScheduleTests.Of("""{ "cron": "0 0 2 * * ?", "jitter": 0 }""");
}

public sealed class ScheduleBookOnSqliteTests : ScheduleBookTests<SqliteStore>;

public sealed class ScheduleBookOnPostgreSqlTests : ScheduleBookTests<PostgreSqlStore>;
