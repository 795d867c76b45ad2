using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>All that a connection has is compared with the store.</summary>
public abstract class VerifyTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TwoWayHub _hub = new(new TStore());

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task What_agrees_is_no_drift_and_the_run_is_remembered()
    {
        var a = await FilledAsync();

        var report = await _hub.VerifyAsync(a);

        Assert.Equal(0, In(report).Total);
        Assert.Contains("\"verified\":\"a\"", _hub.Query<string>("select report from run order by id desc")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_system_never_told_is_found_with_its_ids_and_nothing_is_kept()
    {
        var a = await FilledAsync();
        Lose(a);
        var before = _hub.Query<string>("select data from source_record order by id");
        var cursor = _hub.Query<string>("""select "cursor" from inbound""");

        var drift = In(await _hub.VerifyAsync(a));

        Assert.Equal(["a4"], drift.Missing.First);
        Assert.Equal(["a1"], drift.Different.First);
        Assert.Equal(["a2"], drift.Gone.First);
        Assert.Equal((3, 0), (drift.Total, drift.Recovered));
        Assert.Equal(before, _hub.Query<string>("select data from source_record order by id"));
        Assert.Equal(cursor, _hub.Query<string>("""select "cursor" from inbound"""));
    }

    [Fact]
    public async Task A_repair_lands_it_and_then_all_agrees()
    {
        var a = await FilledAsync();
        Lose(a);
        var cursor = _hub.Query<string>("""select "cursor" from inbound""");

        var drift = In(await _hub.VerifyAsync(a, repair: true));

        Assert.Equal((3, 3), (drift.Total, drift.Recovered));
        Assert.Equal(cursor, _hub.Query<string>("""select "cursor" from inbound"""));
        Assert.Equal(0, In(await _hub.VerifyAsync(a)).Total);
        Assert.Equal(3, _hub.Query<long>("select count(*) from master where ended_run is null and merged_into is null")[0]);
    }

    [Fact]
    public async Task What_the_next_run_reads_anyway_is_no_drift()
    {
        var a = await FilledAsync();
        a.Edit("a1", ("Phone", "111"));
        a.Make(("First", "Yves"), ("Last", "New"));

        var drift = In(await _hub.VerifyAsync(a));

        Assert.Equal((0, 2), (drift.Total, drift.Pending));
    }

    [Fact]
    public async Task The_hubs_own_writes_are_no_drift()
    {
        var a = await FilledAsync();
        var b = _hub.Add(new Crm("b", _hub.Clock));
        await _hub.RunAsync();

        var report = await _hub.VerifyAsync(b);

        Assert.All(report.Pipelines, pipeline => Assert.Equal(0, pipeline.Drift!.Total));
        Assert.Equal(3, a.Ids.Count());
    }

    [Fact]
    public async Task What_was_delivered_and_never_came_back_is_found()
    {
        await FilledAsync();
        var b = _hub.Add(new Crm("b", _hub.Clock));
        await _hub.RunAsync();
        b.Silently(() => b.Remove("b2"));

        var report = await _hub.VerifyAsync(b);

        Assert.Equal(["b2"], report.Pipelines.Single(pipeline => !pipeline.Inbound).Drift!.Missing.First);
        Assert.Equal(0, In(report).Total);
    }

    [Fact]
    public async Task What_was_delivered_is_compared_with_what_is_there_and_put_right()
    {
        await FilledAsync();
        var b = _hub.AddTarget(new Crm("b", _hub.Clock));
        await _hub.SettleAsync();
        b.Remove("b1");
        b.Edit("b2", ("Last", "Wrong"));
        b.Make(("First", "Not"), ("Last", "Ours"));

        var found = (await _hub.VerifyAsync(b)).Pipelines.Single().Drift!;
        Assert.Equal(["C1"], found.Missing.First);
        Assert.Equal(["C2"], found.Different.First);
        Assert.Empty(b.Writes);
        var repaired = (await _hub.VerifyAsync(b, repair: true)).Pipelines.Single().Drift!;

        Assert.Equal(2, repaired.Recovered);
        Assert.Equal("Bee", b["b2", "Last"]);
        Assert.Equal(4, b.Ids.Count());
        Assert.Equal(0, (await _hub.VerifyAsync(b)).Pipelines.Single().Drift!.Total);
        Assert.Equal(0, await _hub.SettleAsync());
    }

    [Fact]
    public async Task Where_nothing_tells_what_is_gone_all_ids_are_looked_over_once_a_day()
    {
        var a = _hub.Add(new Crm("a", _hub.Clock) { Sweeps = true }, writes: false);
        a.Make(("First", "Ann"), ("Last", "Ant"));
        a.Make(("First", "Bob"), ("Last", "Bee"));
        await _hub.RunAsync();
        var before = _hub.Query<string>("select data from source_record order by id");
        a.Remove("a2");

        await _hub.RunAsync();
        Assert.Equal(2, _hub.Query<long>("select live from inbound")[0]);
        Assert.Equal(["a2"], In(await _hub.VerifyAsync(a)).Gone.First);
        _hub.Clock.Advance(TimeSpan.FromHours(24));
        var report = await _hub.RunAsync();

        Assert.Equal(1, report.Pipelines[0].Counts.Deleted);
        Assert.Equal(1, _hub.Query<long>("select live from inbound")[0]);
        // A sighting says no more than that the record is there.
        Assert.Equal(before, _hub.Query<string>("select data from source_record order by id"));
    }

    private static Drift In(RunReport report) => report.Pipelines.Single(pipeline => pipeline.Inbound).Drift!;

    private static void Lose(Crm a) => a.Silently(() =>
    {
        a.Edit("a1", ("Phone", "111"));
        a.Remove("a2");
        a.Make(("First", "Dora"), ("Last", "Dee"));
    });

    private async Task<Crm> FilledAsync()
    {
        var a = _hub.Add(new Crm("a", _hub.Clock), writes: false);
        a.Make(("First", "Ann"), ("Last", "Ant"));
        a.Make(("First", "Bob"), ("Last", "Bee"));
        a.Make(("First", "Cid"), ("Last", "Cat"));
        await _hub.SettleAsync();
        return a;
    }
}

public sealed class VerifyOnSqliteTests : VerifyTests<SqliteStore>;

public sealed class VerifyOnPostgreSqlTests : VerifyTests<PostgreSqlStore>;
