using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Retention;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Pipelines;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Tests.Retention;

public abstract class ClearanceTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private static readonly RetentionSettings s_short = new() { RunDetailDays = 10, RunDays = 20, FeedDays = 10, QuarantineDays = 10, HistoryDays = 10 };

    private readonly TestHub _hub = new(new TStore());

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task What_is_younger_than_the_settings_say_stays()
    {
        await WorkAsync();
        var before = Counts();

        Assert.All(Clearance(9).Plan(1000), line => Assert.Equal(0, line.Rows));
        await Clearance(9).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(before, Counts());
    }

    [Fact]
    public async Task Details_go_before_runs_and_golden_records_never()
    {
        await WorkAsync();
        var people = Rows("select count(*) from master");
        var delivered = Rows("select count(*) from delivery");

        var planned = Clearance(11).Plan(1000);
        var cleared = await Clearance(11).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(planned, cleared);
        Assert.Equal((0, 0), (Rows("select count(*) from run_record"), Rows("select count(*) from run_write")));
        Assert.Equal(3, Rows("select count(*) from run"));
        Assert.Equal((people, delivered), (Rows("select count(*) from master"), Rows("select count(*) from delivery")));

        await Clearance(21).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, Rows("select count(*) from run"));
        Assert.Equal((people, delivered), (Rows("select count(*) from master"), Rows("select count(*) from delivery")));
    }

    [Fact]
    public async Task Of_golden_records_only_versions_that_were_replaced_long_ago_go()
    {
        await WorkAsync();
        const string first = "master_id = (select min(id) from master)";
        Assert.Equal(2, Rows($"select count(*) from master_version where {first}"));

        // The last change is of yesterday: what stood before it stood at the limit, and is still needed to tell what stood there.
        Execute($"update master set changed_at = changed_at + 864000000 where id = (select min(id) from master)");
        await Clearance(11).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, Rows($"select count(*) from master_version where {first}"));

        await Clearance(22).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, Rows($"select count(*) from master_version where {first}"));
    }

    [Fact]
    public async Task A_change_that_somebody_has_not_read_stays_however_old()
    {
        await WorkAsync();
        var feed = Rows("select count(*) from change_feed");
        Execute("update outbound set feed_seq = 1");

        await Clearance(1000).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(feed - 1, Rows("select count(*) from change_feed"));
    }

    [Fact]
    public async Task After_a_clearance_a_run_does_what_it_would_have_done()
    {
        await WorkAsync();
        await Clearance(1000).RunAsync(TestContext.Current.CancellationToken);

        var idle = await _hub.RunAsync();
        Assert.All(idle.Pipelines, pipeline => Assert.Equal(0, pipeline.Counts.Created + pipeline.Counts.Changed));

        Person("1", "Annabel");
        var report = await _hub.RunAsync();
        Assert.Equal(1, report.Pipelines[0].Counts.Changed);
        Assert.Equal(1, report.Pipelines[1].Counts.Changed);
    }

    [Fact]
    public async Task Rows_in_quarantine_stay_until_they_have_left_it()
    {
        var shop = _hub.Inbound("shop", rules: [new RuleDefinition { Field = "email", Rule = RuleKind.Required, Otherwise = Otherwise.Reject }]);
        shop.Put("open", ("first", "Zoe"), ("last", "Alt"));
        shop.Put("left", ("first", "Max"), ("last", "Neu"));
        await _hub.RunAsync();
        shop.Put("left", ("first", "Max"), ("last", "Neu"), ("email", "max@neu.example"));
        await _hub.RunAsync();
        Assert.Equal((2, 1), (Rows("select count(*) from quarantine"), Rows("select count(*) from quarantine where state = 'resolved'")));

        await Clearance(11).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["open"], _hub.Query<string>("select source_id from quarantine"));
    }

    [Fact]
    public async Task Webhooks_that_wait_stay_however_old()
    {
        var engine = MasterStore.EngineOf(_hub.Configuration.Settings.Store, _hub.Folder).Service;
        using (var store = MasterStore.Open(engine, TimeProvider.System))
        using (var transaction = store.Begin())
        {
            for (var state = 0; state < 3; state++)
            {
                transaction.Execute(
                    "insert into inbox (connection, stream, delivery_id, received_at, method, headers, query, body, state, done_at) values ('shop', 'orders', @delivery, 0, 'POST', '{}', '{}', @body, @state, @done)",
                    new { delivery = $"d{state}", body = new byte[1], state, done = state == 1 ? 0L : (long?)null });
            }

            transaction.Commit();
        }

        await Clearance(1).RunAsync(TestContext.Current.CancellationToken);

        using var left = MasterStore.Open(engine, TimeProvider.System);
        Assert.Equal(["d0"], left.Query<string>("select delivery_id from inbox"));
    }

    private async Task WorkAsync()
    {
        _hub.Inbound("crm");
        _hub.Outbound("target");
        foreach (var name in new[] { "Ann", "Anna", "Anne" })
        {
            Person("1", name);
            Person("2", "Bob");
            await _hub.RunAsync();
        }
    }

    private void Person(string id, string first) => _hub.Systems["crm"].Put(id, ("first", first), ("last", "Lee" + id), ("email", $"p{id}@lee.example"));

    private Clearance Clearance(int daysLater) => new(MasterStore.EngineOf(_hub.Configuration.Settings.Store, _hub.Folder), s_short, new LaterClock(TimeSpan.FromDays(daysLater)));

    private long Rows(string sql) => _hub.Query<long>(sql).Single();

    private void Execute(string sql)
    {
        using var store = _hub.Open();
        using var transaction = store.Begin();
        transaction.Execute(sql);
        transaction.Commit();
    }

    private long[] Counts() => [.. new[] { "run", "run_record", "run_write", "change_feed", "master_version" }.Select(table => Rows($"select count(*) from {table}"))];

    /// <summary>A clock that is ahead and waits for nothing.</summary>
    private sealed class LaterClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}

public sealed class ClearanceOnSqliteTests : ClearanceTests<SqliteStore>;

public sealed class ClearanceOnPostgreSqlTests : ClearanceTests<PostgreSqlStore>;
