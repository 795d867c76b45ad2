using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>An edit at one system reaches the other, once, and what the hub itself wrote is not taken for one.</summary>
public abstract class TwoWayEditTests<TStore> : TwoWaySubject<TStore>
    where TStore : TestStore, new()
{
    [Fact]
    public async Task A_second_run_writes_nothing_and_says_nothing_new()
    {
        var (a, _) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await Hub.SettleAsync();
        var feed = Hub.Query<long>("select count(*) from change_feed")[0];

        var report = await Hub.RunAsync();

        Assert.All(Hub.Systems, system => Assert.Empty(system.Writes));
        Assert.Equal(feed, Hub.Query<long>("select count(*) from change_feed")[0]);
        Assert.All(report.Pipelines, pipeline => Assert.Equal(0, pipeline.Counts.Created + pipeline.Counts.Changed));
    }

    [Fact]
    public async Task An_edit_at_either_system_reaches_the_other()
    {
        var (a, b) = await TogetherAsync();
        b.Edit("b1", ("Phone", "111"));
        await Hub.SettleAsync();
        Assert.Equal("111", a["a1", "Phone"]);
        a.Edit("a1", ("Phone", "222"), ("Title", "Boss"));
        await Hub.SettleAsync();
        Assert.Equal("222", b["b1", "Phone"]);
        Assert.Equal("Boss", b["b1", "Title"]);
        Assert.Empty(Hub.Query<long>("select id from field_conflict"));
    }

    [Fact]
    public async Task Edits_of_different_fields_at_both_systems_are_merged()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        b.Edit("b1", ("Title", "Boss"));

        await Hub.SettleAsync();

        Assert.Equal(("111", "Boss"), (a["a1", "Phone"], a["a1", "Title"]));
        Assert.Equal(("111", "Boss"), (b["b1", "Phone"], b["b1", "Title"]));
        Assert.Empty(Hub.Query<long>("select id from field_conflict"));
    }

    [Fact]
    public async Task Only_the_fields_that_differ_are_written()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        await Hub.RunAsync();

        var write = Assert.Single(b.Writes);
        Assert.Equal(WriteKind.Update, write.Kind);
        Assert.Equal("b1", write.ExternalId);
        Assert.Equal(["Phone"], b.Fields.Where((_, i) => write.Changed[i]));
    }

    [Fact]
    public async Task An_edit_right_after_the_hubs_own_write_gets_through()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"), ("Title", "Boss"));
        b.Applied = write =>
        {
            b.Applied = _ => { };
            Hub.Clock.Advance(TimeSpan.FromMilliseconds(1));
            b.Edit("b1", ("Title", "Chief"));
        };

        await Hub.SettleAsync();

        Assert.Equal(("111", "Chief"), (a["a1", "Phone"], a["a1", "Title"]));
        Assert.Equal(("111", "Chief"), (b["b1", "Phone"], b["b1", "Title"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_edit_that_puts_the_old_value_back_gets_through(bool versions)
    {
        var a = Hub.Add(new Crm("a", Hub.Clock));
        var b = Hub.Add(new Crm("b", Hub.Clock) { Versions = versions });
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Title", "Clerk"));
        await Hub.SettleAsync();
        a.Edit("a1", ("Title", "Boss"));
        b.Applied = write =>
        {
            b.Applied = _ => { };
            Hub.Clock.Advance(TimeSpan.FromMilliseconds(1));
            b.Edit("b1", ("Title", "Clerk"));
        };

        await Hub.SettleAsync();

        Assert.Equal(("Clerk", "Clerk"), (a["a1", "Title"], b["b1", "Title"]));
    }

    [Fact]
    public async Task What_a_system_cuts_off_is_no_edit()
    {
        var a = Hub.Add(new Crm("a", Hub.Clock));
        var b = Hub.Add(new Crm("b", Hub.Clock) { MostLetters = 5 });
        a.Make(("First", "Bartholomew"), ("Last", "Lee"));
        await Hub.SettleAsync();
        Assert.Equal(("Bartholomew", "Barth"), (a["a1", "First"], b["b1", "First"]));

        // Nor does a later edit of another field bring it back.
        b.Edit("b1", ("Title", "Boss"));
        await Hub.SettleAsync();
        Assert.Equal(("Bartholomew", "Boss"), (a["a1", "First"], a["a1", "Title"]));
        Assert.Empty(Hub.Query<long>("select id from field_conflict"));
    }

    [Fact]
    public async Task A_copy_that_the_hub_made_does_not_outlive_an_older_edit_that_comes_late()
    {
        // The source does not say when it changed anything, as exports do.
        var a = Hub.Add(new Crm("a", Hub.Clock) { Times = false, DeleteFeed = false }, writes: false);
        var b = Hub.Add(new Crm("b", Hub.Clock));
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Title", "Clerk"));
        await Hub.SettleAsync();
        a.Edit("a1", ("Title", "Boss"));
        await Hub.SettleAsync();
        Assert.Equal("Boss", b["b1", "Title"]);
    }

    [Theory]
    [InlineData("ignore", null, "x")]
    [InlineData("clear", null, null)]
    [InlineData("onlyIfEmpty", "y", "x")]
    public async Task What_an_empty_value_does_is_a_setting(string blank, string? now, string? then)
    {
        var a = Hub.Add(new Crm("a", Hub.Clock), writes: false);
        var b = Hub.Add(new Crm("b", Hub.Clock), target: $", \"blank\": \"{blank}\"");
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Title", "x"));
        await Hub.SettleAsync();
        a.Edit("a1", ("Title", now));
        await Hub.SettleAsync();

        // The hub's own copy would fill the golden record again: it counts for nothing as long as the original says otherwise.
        Assert.Equal(then, b["b1", "Title"]);
    }

    [Fact]
    public async Task A_write_tells_afterwards_what_it_changed()
    {
        var (a, _) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        await Hub.RunAsync();
        var changes = Assert.Single(Hub.Query<string>("select w.changes from run_write w join outbound o on o.id = w.outbound_id where o.pipeline = 'b-out' and w.run_id = (select max(id) from run)"));
        Assert.Equal("""{"Phone":[null,"111"]}""", changes);
    }

    [Fact]
    public async Task Echoes_are_counted()
    {
        var (a, _) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await Hub.RunAsync();
        var report = await Hub.RunAsync();
        Assert.Equal([1L, 1L], report.Pipelines.Where(pipeline => pipeline.Inbound).Select(pipeline => pipeline.Echoes));
    }

    [Fact]
    public async Task A_plan_says_what_the_run_then_writes()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        b.Edit("b1", ("Title", "Boss"));

        var plan = await Hub.RunAsync(new RunOptions { Rehearsal = true });
        Assert.Empty(a.Writes.Concat(b.Writes));
        var run = await Hub.RunAsync();

        Assert.Equal(plan.Pipelines.Select(pipeline => (pipeline.Name, pipeline.Counts)), run.Pipelines.Select(pipeline => (pipeline.Name, pipeline.Counts)));
        Assert.Equal((1, 1), (a.Writes.Count, b.Writes.Count));
    }
}

public sealed class TwoWayEditOnSqliteTests : TwoWayEditTests<SqliteStore>;

public sealed class TwoWayEditOnPostgreSqlTests : TwoWayEditTests<PostgreSqlStore>;
