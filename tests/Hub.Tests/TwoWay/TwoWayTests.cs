using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Review;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Hub.TwoWay;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>What a stream that is pulled and pushed does, rule by rule.</summary>
public abstract class TwoWayTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TwoWayHub _hub = new(new TStore());

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task A_record_made_at_one_system_is_made_at_the_other_and_known_again()
    {
        var (a, b) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Mail", "ann@x.example"));

        Assert.Equal(1, await _hub.SettleAsync());

        Assert.Equal("Ann", b["b1", "First"]);
        Assert.Equal("C1", b["b1", "Hub"]);
        Assert.Equal("C1", a["a1", "Hub"]);
        Assert.Equal(1, Assert.Single(_hub.Query<long>("select count(*) from master")));
    }

    [Fact]
    public async Task A_second_run_writes_nothing_and_says_nothing_new()
    {
        var (a, _) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await _hub.SettleAsync();
        var feed = _hub.Query<long>("select count(*) from change_feed")[0];

        var report = await _hub.RunAsync();

        Assert.All(_hub.Systems, system => Assert.Empty(system.Writes));
        Assert.Equal(feed, _hub.Query<long>("select count(*) from change_feed")[0]);
        Assert.All(report.Pipelines, pipeline => Assert.Equal(0, pipeline.Counts.Created + pipeline.Counts.Changed));
    }

    [Fact]
    public async Task An_edit_at_either_system_reaches_the_other()
    {
        var (a, b) = await TogetherAsync();
        b.Edit("b1", ("Phone", "111"));
        await _hub.SettleAsync();
        Assert.Equal("111", a["a1", "Phone"]);
        a.Edit("a1", ("Phone", "222"), ("Title", "Boss"));
        await _hub.SettleAsync();
        Assert.Equal("222", b["b1", "Phone"]);
        Assert.Equal("Boss", b["b1", "Title"]);
        Assert.Empty(_hub.Query<long>("select id from field_conflict"));
    }

    [Fact]
    public async Task Edits_of_different_fields_at_both_systems_are_merged()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        b.Edit("b1", ("Title", "Boss"));

        await _hub.SettleAsync();

        Assert.Equal(("111", "Boss"), (a["a1", "Phone"], a["a1", "Title"]));
        Assert.Equal(("111", "Boss"), (b["b1", "Phone"], b["b1", "Title"]));
        Assert.Empty(_hub.Query<long>("select id from field_conflict"));
    }

    [Fact]
    public async Task Only_the_fields_that_differ_are_written()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        await _hub.RunAsync();

        var write = Assert.Single(b.Writes);
        Assert.Equal(WriteKind.Update, write.Kind);
        Assert.Equal("b1", write.ExternalId);
        Assert.Equal(["Phone"], Crm.Fields.Zip(Order(write), (field, changed) => (field, changed)).Where(one => one.changed).Select(one => one.field));
    }

    [Fact]
    public async Task The_later_of_two_edits_of_a_field_stays_and_the_other_is_written_down()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        _hub.Clock.Advance(TimeSpan.FromSeconds(1));
        b.Edit("b1", ("Phone", "222"));

        await _hub.SettleAsync();

        Assert.Equal(("222", "222"), (a["a1", "Phone"], b["b1", "Phone"]));
        var conflict = Assert.Single(_hub.Query<(string Theirs, string Ours, string State, string Winner)>("select theirs, ours, state, winner from field_conflict"));
        Assert.Equal(("\"111\"", "\"222\"", "settled", "hub"), conflict);
    }

    [Fact]
    public async Task An_edit_right_after_the_hubs_own_write_gets_through()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"), ("Title", "Boss"));
        b.Applied = write =>
        {
            b.Applied = _ => { };
            _hub.Clock.Advance(TimeSpan.FromMilliseconds(1));
            b.Edit("b1", ("Title", "Chief"));
        };

        await _hub.SettleAsync();

        Assert.Equal(("111", "Chief"), (a["a1", "Phone"], a["a1", "Title"]));
        Assert.Equal(("111", "Chief"), (b["b1", "Phone"], b["b1", "Title"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_edit_that_puts_the_old_value_back_gets_through(bool versions)
    {
        var a = _hub.Add(new Crm("a", _hub.Clock));
        var b = _hub.Add(new Crm("b", _hub.Clock) { Versions = versions });
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Title", "Clerk"));
        await _hub.SettleAsync();
        a.Edit("a1", ("Title", "Boss"));
        b.Applied = write =>
        {
            b.Applied = _ => { };
            _hub.Clock.Advance(TimeSpan.FromMilliseconds(1));
            b.Edit("b1", ("Title", "Clerk"));
        };

        await _hub.SettleAsync();

        Assert.Equal(("Clerk", "Clerk"), (a["a1", "Title"], b["b1", "Title"]));
    }

    [Fact]
    public async Task What_a_system_cuts_off_is_no_edit()
    {
        var a = _hub.Add(new Crm("a", _hub.Clock));
        var b = _hub.Add(new Crm("b", _hub.Clock) { MostLetters = 5 });
        a.Make(("First", "Bartholomew"), ("Last", "Lee"));
        await _hub.SettleAsync();
        Assert.Equal(("Bartholomew", "Barth"), (a["a1", "First"], b["b1", "First"]));

        // Nor does a later edit of another field bring it back.
        b.Edit("b1", ("Title", "Boss"));
        await _hub.SettleAsync();
        Assert.Equal(("Bartholomew", "Boss"), (a["a1", "First"], a["a1", "Title"]));
        Assert.Empty(_hub.Query<long>("select id from field_conflict"));
    }

    [Fact]
    public async Task A_copy_that_the_hub_made_does_not_outlive_an_older_edit_that_comes_late()
    {
        // The source does not say when it changed anything, as exports do.
        var a = _hub.Add(new Crm("a", _hub.Clock) { Times = false, DeleteFeed = false }, writes: false);
        var b = _hub.Add(new Crm("b", _hub.Clock));
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Title", "Clerk"));
        await _hub.SettleAsync();
        a.Edit("a1", ("Title", "Boss"));
        await _hub.SettleAsync();
        Assert.Equal("Boss", b["b1", "Title"]);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_is_found_again()
    {
        var (a, b) = Pair();
        b.Applied = _ => throw new ConnectorException(FailureKind.Transient, "the answer was lost", "try again");
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await _hub.RunAsync(mustSucceed: false);
        b.Applied = _ => { };
        b.Writes.Clear();

        await _hub.SettleAsync();

        Assert.Equal(["b1"], b.Ids);
        Assert.Equal(1, _hub.Query<long>("select count(*) from master")[0]);
        Assert.Equal("hub", Assert.Single(_hub.Query<string>("select who from judgement")));
    }

    [Fact]
    public async Task A_record_that_somebody_edits_while_the_hub_writes_is_left_for_the_next_run()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        b.Refuse = write =>
        {
            b.Refuse = _ => null;
            b.Edit("b1", ("Title", "Chief"));
            return new WriteOutcome(write.Id, FailureKind.Rejected, "edited meanwhile") { Fault = WriteFault.ChangedMeanwhile };
        };
        await _hub.RunAsync();
        Assert.NotEqual("111", b["b1", "Phone"]);

        await _hub.SettleAsync();

        Assert.Equal(("111", "Chief"), (b["b1", "Phone"], b["b1", "Title"]));
        Assert.Equal("Chief", a["a1", "Title"]);
    }

    [Fact]
    public async Task At_the_first_meeting_the_hub_fills_and_never_empties()
    {
        var a = _hub.Add(new Crm("a", _hub.Clock));
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Mail", "ann@x.example"), ("Phone", "+49 30 1234567"), ("Title", "Boss"));
        await _hub.SettleAsync();
        var b = _hub.Add(new Crm("b", _hub.Clock));
        b.Make(("First", "Ann"), ("Last", "Lee"), ("Mail", "ann@x.example"), ("Phone", "+49 30 1234567"));

        await _hub.SettleAsync();

        Assert.Equal(["b1"], b.Ids);
        Assert.Equal(("Boss", "C1"), (b["b1", "Title"], b["b1", "Hub"]));
        Assert.Empty(_hub.Query<long>("select id from field_conflict"));
    }

    [Fact]
    public async Task A_record_that_its_users_remove_is_not_made_again()
    {
        var (a, b) = await TogetherAsync();
        b.Remove("b1");
        a.Edit("a1", ("Phone", "111"));
        await _hub.SettleAsync();
        Assert.Empty(b.Ids);
        Assert.Equal("gone", Assert.Single(_hub.Query<string>("select state from delivery d join outbound o on o.id = d.outbound_id where o.pipeline = 'b-out'")));
    }

    [Fact]
    public async Task A_record_that_its_users_remove_is_made_again_where_the_pipeline_says_so()
    {
        var a = _hub.Add(new Crm("a", _hub.Clock));
        var b = _hub.Add(new Crm("b", _hub.Clock), target: """, "recreate": true""");
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await _hub.SettleAsync();
        b.Remove("b1");
        await _hub.SettleAsync();
        a.Edit("a1", ("Phone", "111"));
        await _hub.SettleAsync();
        Assert.Equal("111", b[Assert.Single(b.Ids), "Phone"]);
    }

    [Fact]
    public async Task A_customer_who_is_left_in_copies_only_is_deleted_there_where_the_pipeline_says_so()
    {
        var a = _hub.Add(new Crm("a", _hub.Clock));
        var b = _hub.Add(new Crm("b", _hub.Clock), """, "deletes": "delete" """);
        var c = _hub.Add(new Crm("c", _hub.Clock), """, "deletes": "delete" """);
        a.Make(("First", "Ann"), ("Last", "Lee"));
        var own = b.Make(("First", "Zoe"), ("Last", "Quark"));
        await _hub.SettleAsync();
        a.Remove("a1");

        await _hub.SettleAsync();

        Assert.Equal([own], b.Ids);
        Assert.Equal("Zoe", c[Assert.Single(c.Ids), "First"]);
    }

    [Fact]
    public async Task Records_that_a_system_merges_are_one_customer_everywhere()
    {
        var (a, b) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Mail", "ann@x.example"));
        a.Make(("First", "Berta"), ("Last", "Quirk"), ("Mail", "berta@y.example"));
        await _hub.SettleAsync();
        Assert.Equal(2, b.Ids.Count());

        a.Merge("a2", "a1");
        await _hub.SettleAsync();

        Assert.Equal(1, _hub.Query<long>("select count(*) from master where merged_into is null and ended_run is null")[0]);
        Assert.Equal(1, _hub.Query<long>("select count(*) from master where merged_into is not null")[0]);

        // The other system has it twice, and is told so; nothing is removed there.
        Assert.Equal(2, b.Ids.Count());
        Assert.Single(_hub.Query<long>("select record_id from field_conflict where state = 'duplicate'"));
    }

    [Fact]
    public async Task A_customer_who_loses_a_record_by_a_split_gets_another_one_and_the_record_keeps_its_values()
    {
        var (a, b) = await TogetherAsync();
        var configuration = _hub.Configuration();
        using (var session = await WorkSession.BeginAsync(configuration, "test", new RunOptions(), new Progress<RunProgress>(), _hub.Clock, NullLogger.Instance, TestContext.Current.CancellationToken))
        {
            var copy = session.Store.Scalar<long>("select id from source_record where source_id = 'b1'");
            new Stewardship(session, configuration.Entities["customer"], "ann", null).Split(1, [copy]);
        }

        b.Edit("b1", ("First", "Zoe"), ("Title", "Boss"));
        await _hub.SettleAsync();

        Assert.Equal(("C2", "Zoe", "Boss"), (b["b1", "Hub"], b["b1", "First"], b["b1", "Title"]));
        Assert.Equal(("C1", "Ann", null), (b["b2", "Hub"], b["b2", "First"], b["b2", "Title"]));
        Assert.Equal(("C1", "Ann"), (a["a1", "Hub"], a["a1", "First"]));
        Assert.Equal(("C2", "Zoe"), (a["a2", "Hub"], a["a2", "First"]));
    }

    [Fact]
    public async Task A_policy_of_source_gives_the_destination_its_way()
    {
        var a = _hub.Add(new Crm("a", _hub.Clock));
        var b = _hub.Add(new Crm("b", _hub.Clock), """, "conflict": { "default": "source" }""");
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Phone", "000"));
        await _hub.SettleAsync();
        b.Edit("b1", ("Phone", "222"));
        _hub.Clock.Advance(TimeSpan.FromSeconds(1));
        a.Edit("a1", ("Phone", "111"));

        await _hub.SettleAsync();

        Assert.Equal(("222", "222"), (a["a1", "Phone"], b["b1", "Phone"]));
        // The other's edit gave way there, and is written down.
        Assert.Equal(("\"111\"", "\"222\""), Assert.Single(_hub.Query<(string, string)>("select theirs, ours from field_conflict")));

        // And the next edit at the other system is news again.
        a.Edit("a1", ("Phone", "333"));
        await _hub.SettleAsync();
        Assert.Equal(("333", "333"), (a["a1", "Phone"], b["b1", "Phone"]));
    }

    [Fact]
    public async Task A_policy_of_source_lets_a_destination_empty_a_field()
    {
        var a = _hub.Add(new Crm("a", _hub.Clock));
        var b = _hub.Add(new Crm("b", _hub.Clock), """, "conflict": { "default": "source" }""");
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Title", "Boss"));
        await _hub.SettleAsync();
        b.Edit("b1", ("Title", null));
        await _hub.SettleAsync();
        Assert.Null(a["a1", "Title"]);
    }

    [Fact]
    public async Task A_policy_of_ask_leaves_the_field_alone_and_writes_the_others()
    {
        var (a, b) = await AskedAsync();

        var conflict = Assert.Single(_hub.Query<(string Field, string State)>("select field, state from field_conflict where policy = 'ask'"));
        Assert.Equal(("Phone", "open"), conflict);
        Assert.Equal(("111", "222"), (a["a1", "Phone"], b["b1", "Phone"]));
        Assert.Equal("Boss", b["b1", "Title"]);
        var report = await _hub.RunAsync();
        Assert.Equal(1, report.Pipelines.Single(pipeline => pipeline.Name == "b-out").Conflicts!.Open);
    }

    [Theory]
    [InlineData("hub", "111")]
    [InlineData("source", "222")]
    public async Task What_a_person_decides_is_carried_out_by_the_next_run(string side, string stands)
    {
        var (a, b) = await AskedAsync();
        var configuration = _hub.Configuration();
        var pipeline = configuration.Pipelines.OfType<OutboundPipeline>().Single(pipeline => pipeline.Name == "b-out");
        using (var session = await WorkSession.BeginAsync(configuration, "test", new RunOptions(), new Progress<RunProgress>(), _hub.Clock, NullLogger.Instance, TestContext.Current.CancellationToken))
        {
            var conflict = ConflictQuery.List(session.Store, "open", 10).Single();
            var decision = new ConflictDecision(session, "ann", "asked her");
            if (side == "hub")
                decision.ForHub(conflict);
            else
                decision.ForSource(conflict, pipeline, pipeline.Map.ToList().FindIndex(field => field.Field == "Phone"));
        }

        await _hub.SettleAsync();

        Assert.Equal((stands, stands), (a["a1", "Phone"], b["b1", "Phone"]));
        Assert.Equal(("settled", side, "ann"), Assert.Single(_hub.Query<(string, string, string)>("select state, winner, decided_by from field_conflict where policy = 'ask'")));
    }

    [Theory]
    [InlineData("ignore", null, "x")]
    [InlineData("clear", null, null)]
    [InlineData("onlyIfEmpty", "y", "x")]
    public async Task What_an_empty_value_does_is_a_setting(string blank, string? now, string? then)
    {
        var a = _hub.Add(new Crm("a", _hub.Clock), writes: false);
        var b = _hub.Add(new Crm("b", _hub.Clock), target: $", \"blank\": \"{blank}\"");
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Title", "x"));
        await _hub.SettleAsync();
        a.Edit("a1", ("Title", now));
        await _hub.SettleAsync();

        // The hub's own copy would fill the golden record again: it counts for nothing as long as the original says otherwise.
        Assert.Equal(then, b["b1", "Title"]);
    }

    [Fact]
    public async Task A_write_tells_afterwards_what_it_changed()
    {
        var (a, _) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        await _hub.RunAsync();
        var changes = Assert.Single(_hub.Query<string>("select w.changes from run_write w join outbound o on o.id = w.outbound_id where o.pipeline = 'b-out' and w.run_id = (select max(id) from run)"));
        Assert.Equal("""{"Phone":[null,"111"]}""", changes);
    }

    [Fact]
    public async Task Echoes_are_counted()
    {
        var (a, _) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await _hub.RunAsync();
        var report = await _hub.RunAsync();
        Assert.Equal([1L, 1L], report.Pipelines.Where(pipeline => pipeline.Inbound).Select(pipeline => pipeline.Echoes));
    }

    [Fact]
    public async Task A_plan_says_what_the_run_then_writes()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        b.Edit("b1", ("Title", "Boss"));

        var plan = await _hub.RunAsync(new RunOptions { Rehearsal = true });
        Assert.Empty(a.Writes.Concat(b.Writes));
        var run = await _hub.RunAsync();

        Assert.Equal(plan.Pipelines.Select(pipeline => (pipeline.Name, pipeline.Counts)), run.Pipelines.Select(pipeline => (pipeline.Name, pipeline.Counts)));
        Assert.Equal((1, 1), (a.Writes.Count, b.Writes.Count));
    }

    private (Crm A, Crm B) Pair() => (_hub.Add(new Crm("a", _hub.Clock)), _hub.Add(new Crm("b", _hub.Clock)));

    private async Task<(Crm A, Crm B)> TogetherAsync()
    {
        var (a, b) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await _hub.SettleAsync();
        return (a, b);
    }

    private async Task<(Crm A, Crm B)> AskedAsync()
    {
        var a = _hub.Add(new Crm("a", _hub.Clock));
        var b = _hub.Add(new Crm("b", _hub.Clock), """, "conflict": { "Phone": "ask" }""");
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Phone", "000"));
        await _hub.SettleAsync();
        b.Edit("b1", ("Phone", "222"));
        _hub.Clock.Advance(TimeSpan.FromSeconds(1));
        a.Edit("a1", ("Phone", "111"), ("Title", "Boss"));
        await _hub.SettleAsync();
        return (a, b);
    }

    private static IReadOnlyList<bool> Order(Write write) => write.Changed;
}

public sealed class TwoWayOnSqliteTests : TwoWayTests<SqliteStore>;

public sealed class TwoWayOnPostgreSqlTests : TwoWayTests<PostgreSqlStore>;
