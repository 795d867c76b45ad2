using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Review;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Hub.TwoWay;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>Deals and orders, which nobody matches: both ways each stays one record at each system, however much it resembles others.</summary>
public abstract class KeyedTwoWayTests<TStore> : TwoWaySubject<TStore>
    where TStore : TestStore, new()
{
    [Theory]
    [InlineData("deal")]
    [InlineData("order")]
    public async Task What_is_made_at_either_system_is_made_at_the_other_once(string entity)
    {
        var model = entity == "deal" ? TwoWayModel.Deals : TwoWayModel.Orders;
        var (what, state, when) = (model.Map[0].Field, model.Map[2].Field, model.Map[3].Field);
        var (a, b) = (Hub.Add(new Crm("a", Hub.Clock) { Model = model }), Hub.Add(new Crm("b", Hub.Clock) { Model = model }));
        a.Make((what, "4711"), ("Amount", "1200.50"), (state, "open"), (when, "2026-04-01"));
        b.Make((what, "4712"), ("Amount", "80"), (state, "won"));

        Assert.Equal(1, await Hub.SettleAsync());

        Assert.Equal((2, 2), (a.Ids.Count(), b.Ids.Count()));
        Assert.Equal(("4711", "1200.5", "open", "2026-04-01"), (b["b2", what], b["b2", "Amount"], b["b2", state], b["b2", when]));
        Assert.Equal(("4712", "80", "won", null), (a["a2", what], a["a2", "Amount"], a["a2", state], a["a2", when]));
        Assert.Equal((a["a1", "Hub"], a["a2", "Hub"]), (b["b2", "Hub"], b["b1", "Hub"]));
        Assert.Equal(2, Masters());
        Assert.Empty(Hub.Query<long>("select id from field_conflict"));
    }

    [Fact]
    public async Task Deals_that_look_the_same_stay_as_many_as_they_are()
    {
        var (a, b) = Deals();
        a.Make(("Name", "Renewal"), ("Amount", "100"));
        a.Make(("Name", "Renewal"), ("Amount", "100"));
        b.Make(("Name", "Renewal"), ("Amount", "100"));

        await Hub.SettleAsync();

        Assert.Equal((3, 3, 3), (a.Ids.Count(), b.Ids.Count(), Masters()));
    }

    [Fact]
    public async Task Edits_at_both_systems_are_merged_field_by_field_and_the_later_one_of_a_field_stays()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Stage", "won"), ("Closes", "2026-05-02"));
        Hub.Clock.Advance(TimeSpan.FromSeconds(1));
        b.Edit("b1", ("Stage", "lost"), ("Amount", "1500"));

        await Hub.SettleAsync();

        Assert.Equal(("lost", "1500", "2026-05-02"), (a["a1", "Stage"], a["a1", "Amount"], a["a1", "Closes"]));
        Assert.Equal(("lost", "1500", "2026-05-02"), (b["b1", "Stage"], b["b1", "Amount"], b["b1", "Closes"]));
        Assert.Equal(("\"won\"", "\"lost\"", "settled", "hub"), Assert.Single(Hub.Query<(string, string, string, string)>("select theirs, ours, state, winner from field_conflict")));
    }

    [Theory]
    [InlineData("hub", "won")]
    [InlineData("source", "lost")]
    public async Task What_a_person_decides_about_a_deal_is_carried_out(string side, string stands)
    {
        var (a, b) = (Hub.Add(new Crm("a", Hub.Clock) { Model = TwoWayModel.Deals }), Hub.Add(new Crm("b", Hub.Clock) { Model = TwoWayModel.Deals }, """, "conflict": { "Stage": "ask" }"""));
        a.Make(("Name", "Renewal"), ("Stage", "open"));
        await Hub.SettleAsync();
        b.Edit("b1", ("Stage", "lost"));
        Hub.Clock.Advance(TimeSpan.FromSeconds(1));
        a.Edit("a1", ("Stage", "won"));
        await Hub.SettleAsync();
        Assert.Equal(("won", "lost"), (a["a1", "Stage"], b["b1", "Stage"]));

        await Hub.StewardAsync(session =>
        {
            var conflict = Assert.Single(ConflictQuery.List(session.Store, "open", 10));
            var pipeline = Hub.Configuration().Pipelines.OfType<OutboundPipeline>().Single(pipeline => pipeline.Name == "b-out");
            if (side == "hub")
                new ConflictDecision(session, "ann", null).ForHub(conflict);
            else
                new ConflictDecision(session, "ann", null).ForSource(conflict, pipeline, pipeline.Map.ToList().FindIndex(field => field.Field == "Stage"));
        });
        await Hub.SettleAsync();

        Assert.Equal((stands, stands), (a["a1", "Stage"], b["b1", "Stage"]));
    }

    [Fact]
    public async Task A_write_that_comes_back_is_an_echo_and_an_edit_right_after_it_is_not()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Amount", "1300"), ("Stage", "won"));
        b.Applied = _ =>
        {
            b.Applied = _ => { };
            Hub.Clock.Advance(TimeSpan.FromMilliseconds(1));
            b.Edit("b1", ("Stage", "lost"));
        };
        await Hub.RunAsync();
        await Hub.SettleAsync();
        Assert.Equal(("1300", "lost"), (a["a1", "Amount"], a["a1", "Stage"]));
        Assert.Equal(("1300", "lost"), (b["b1", "Amount"], b["b1", "Stage"]));

        a.Edit("a1", ("Amount", "1400"));
        await Hub.RunAsync();
        var feed = Hub.Query<long>("select count(*) from change_feed")[0];
        var report = await Hub.RunAsync();
        Assert.Equal(1, report.Pipelines.Single(pipeline => pipeline.Name == "b-in").Echoes);
        Assert.Equal(feed, Hub.Query<long>("select count(*) from change_feed")[0]);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_is_found_again()
    {
        var (a, b) = Deals();
        b.Applied = _ => throw new ConnectorException(FailureKind.Transient, "the answer was lost", "try again");
        a.Make(("Name", "Renewal"));
        await Hub.RunAsync(mustSucceed: false);
        b.Applied = _ => { };

        await Hub.SettleAsync();

        Assert.Equal("b1", Assert.Single(b.Ids));
        Assert.Equal((1, 1), (a.Ids.Count(), Masters()));
    }

    [Fact]
    public async Task A_copy_that_users_remove_is_not_made_again_and_an_original_takes_its_copies_along_where_the_pipeline_says_so()
    {
        var a = Hub.Add(new Crm("a", Hub.Clock) { Model = TwoWayModel.Deals });
        var b = Hub.Add(new Crm("b", Hub.Clock) { Model = TwoWayModel.Deals }, """, "deletes": "delete" """);
        var c = Hub.Add(new Crm("c", Hub.Clock) { Model = TwoWayModel.Deals }, """, "deletes": "delete" """);
        a.Make(("Name", "Renewal"));
        a.Make(("Name", "Extension"));
        b.Make(("Name", "Their own"));
        await Hub.SettleAsync();
        var copy = b.Ids.Single(id => b[id, "Name"] == "Renewal");
        b.Remove(copy);
        a.Edit("a1", ("Stage", "won"));
        await Hub.SettleAsync();
        Assert.Equal((3, 2, 3), (a.Ids.Count(), b.Ids.Count(), c.Ids.Count()));

        a.Remove("a1");
        a.Remove("a2");
        await Hub.SettleAsync();

        Assert.Equal(["Their own"], a.Ids.Select(id => a[id, "Name"]));
        Assert.Equal(["Their own"], b.Ids.Select(id => b[id, "Name"]));
        Assert.Equal(["Their own"], c.Ids.Select(id => c[id, "Name"]));
    }

    [Fact]
    public async Task Deals_that_a_system_merges_are_one_everywhere()
    {
        var (a, b) = Deals();
        a.Make(("Name", "Renewal"));
        a.Make(("Name", "Renewal again"));
        await Hub.SettleAsync();

        a.Merge("a2", "a1");
        await Hub.SettleAsync();

        Assert.Equal(1, Masters());
        Assert.Equal("D1", MasterId.Of(Hub.Configuration().Entities["deal"].Type, Hub.Query<long>("select merged_into from master where merged_into is not null").Single()));
        Assert.Equal(2, b.Ids.Count());
        Assert.Single(Hub.Query<long>("select record_id from field_conflict where state = 'duplicate'"));
    }

    [Fact]
    public async Task A_record_that_a_person_takes_out_of_a_deal_is_one_of_its_own_and_stays_so()
    {
        var (a, b) = await TogetherAsync();
        await Hub.StewardAsync(session => new Stewardship(session, Hub.Configuration().Entities["deal"], "ann", null)
            .Split(1, [session.Store.Scalar<long>("select id from source_record where source_id = 'b1'")]));
        Assert.Equal(2, Masters());

        b.Edit("b1", ("Stage", "lost"));
        a.Edit("a1", ("Stage", "won"));
        await Hub.SettleAsync();

        Assert.Equal(2, Masters());
        Assert.Equal((("D1", "won"), ("D2", "lost")), ((a["a1", "Hub"], a["a1", "Stage"]), (b["b1", "Hub"], b["b1", "Stage"])));
        Assert.Equal((("D2", "lost"), ("D1", "won")), ((a["a2", "Hub"], a["a2", "Stage"]), (b["b2", "Hub"], b["b2", "Stage"])));
    }

    [Fact]
    public async Task Copies_of_an_original_that_is_gone_stay_one_and_what_was_made_meanwhile_joins_them()
    {
        var (a, b) = await TogetherAsync();
        var c = new Crm("c", Hub.Clock) { Model = TwoWayModel.Deals };
        c.Applied = _ => throw new ConnectorException(FailureKind.Transient, "the answer was lost", "try again");
        Hub.Add(c);
        await Hub.RunAsync(mustSucceed: false);
        c.Applied = _ => { };
        a.Remove("a1");

        await Hub.SettleAsync();

        Assert.Equal(("b1", "c1", 1), (Assert.Single(b.Ids), Assert.Single(c.Ids), Masters()));
        b.Edit("b1", ("Stage", "won"));
        await Hub.SettleAsync();
        Assert.Equal("won", c["c1", "Stage"]);
        Assert.Empty(a.Ids);
    }

    [Fact]
    public async Task What_a_run_wrote_is_taken_back_and_not_written_again()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Amount", "1300"), ("Stage", "won"));
        a.Make(("Name", "Extension"));
        await Hub.RunAsync();
        Assert.Equal(("1300", 2), (b["b1", "Amount"], b.Ids.Count()));
        var run = Hub.LastRun;

        await Hub.UndoAsync(run);

        Assert.Equal(("1200", "open", 1), (b["b1", "Amount"], b["b1", "Stage"], b.Ids.Count()));
        Assert.Equal(0, await Hub.SettleAsync());
        Assert.Equal(("1300", 2), (a["a1", "Amount"], a.Ids.Count()));

        a.Edit("a1", ("Stage", "lost"));
        await Hub.SettleAsync();
        Assert.Equal(("1200", "lost"), (b["b1", "Amount"], b["b1", "Stage"]));
        await Hub.UndoAsync(Hub.Undone(run).UndoneBy!.Value);
        Assert.Equal(("1300", 2), (b["b1", "Amount"], b.Ids.Count()));
    }

    [Fact]
    public async Task Orders_that_both_systems_have_under_one_number_are_named_and_become_one_by_a_persons_word()
    {
        var (a, b) = (new Crm("a", Hub.Clock) { Model = TwoWayModel.Orders, Key = "Number" }, new Crm("b", Hub.Clock) { Model = TwoWayModel.Orders, Key = "Number" });
        Hub.Add(a);
        Hub.Add(b);
        a.Make(("Number", "4711"), ("Status", "open"));
        b.Make(("Number", "4711"), ("Amount", "80"));
        var report = await Hub.RunAsync();
        Assert.Empty(a.Writes.Concat(b.Writes));
        var sent = report.Pipelines.Single(pipeline => pipeline.Name == "b-out");
        Assert.Equal((2, 1), (sent.Counts.Read, sent.Counts.Rejected));
        Assert.Contains("O2 has the same Number", Assert.Single(sent.Reasons).Example, StringComparison.Ordinal);

        await Hub.StewardAsync(session => new Stewardship(session, Hub.Configuration().Entities["order"], "ann", null).Merge(1, 2));
        await Hub.SettleAsync();
        a.Edit("a1", ("Status", "sent"));
        await Hub.SettleAsync();

        Assert.Equal(("sent", "80"), (b["b1", "Status"], a["a1", "Amount"]));
        Assert.Equal((1, 1, 1), (a.Ids.Count(), b.Ids.Count(), Masters()));
    }

    private (Crm A, Crm B) Deals() => (Hub.Add(new Crm("a", Hub.Clock) { Model = TwoWayModel.Deals }), Hub.Add(new Crm("b", Hub.Clock) { Model = TwoWayModel.Deals }));

    private new async Task<(Crm A, Crm B)> TogetherAsync()
    {
        var (a, b) = Deals();
        a.Make(("Name", "Renewal"), ("Amount", "1200"), ("Stage", "open"));
        await Hub.SettleAsync();
        return (a, b);
    }

    private long Masters() => Hub.Query<long>("select count(*) from master where merged_into is null and ended_run is null")[0];
}

public sealed class KeyedTwoWayOnSqliteTests : KeyedTwoWayTests<SqliteStore>;

public sealed class KeyedTwoWayOnPostgreSqlTests : KeyedTwoWayTests<PostgreSqlStore>;
