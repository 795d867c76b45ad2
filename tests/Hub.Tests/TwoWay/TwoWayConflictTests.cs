using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Hub.TwoWay;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>A field that both ends have edited: who wins, who is asked, and what is written down.</summary>
public abstract class TwoWayConflictTests<TStore> : TwoWaySubject<TStore>
    where TStore : TestStore, new()
{
    [Fact]
    public async Task The_later_of_two_edits_of_a_field_stays_and_the_other_is_written_down()
    {
        var (a, b) = await TogetherAsync();
        a.Edit("a1", ("Phone", "111"));
        Hub.Clock.Advance(TimeSpan.FromSeconds(1));
        b.Edit("b1", ("Phone", "222"));

        await Hub.SettleAsync();

        Assert.Equal(("222", "222"), (a["a1", "Phone"], b["b1", "Phone"]));
        var conflict = Assert.Single(Hub.Query<(string Theirs, string Ours, string State, string Winner)>("select theirs, ours, state, winner from field_conflict"));
        Assert.Equal(("\"111\"", "\"222\"", "settled", "hub"), conflict);
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
        await Hub.RunAsync();
        Assert.NotEqual("111", b["b1", "Phone"]);

        await Hub.SettleAsync();

        Assert.Equal(("111", "Chief"), (b["b1", "Phone"], b["b1", "Title"]));
        Assert.Equal("Chief", a["a1", "Title"]);
    }

    [Fact]
    public async Task A_policy_of_source_gives_the_destination_its_way()
    {
        var a = Hub.Add(new Crm("a", Hub.Clock));
        var b = Hub.Add(new Crm("b", Hub.Clock), """, "conflict": { "default": "source" }""");
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Phone", "000"));
        await Hub.SettleAsync();
        b.Edit("b1", ("Phone", "222"));
        Hub.Clock.Advance(TimeSpan.FromSeconds(1));
        a.Edit("a1", ("Phone", "111"));

        await Hub.SettleAsync();

        Assert.Equal(("222", "222"), (a["a1", "Phone"], b["b1", "Phone"]));
        // The other's edit gave way there, and is written down.
        Assert.Equal(("\"111\"", "\"222\""), Assert.Single(Hub.Query<(string, string)>("select theirs, ours from field_conflict")));

        // And the next edit at the other system is news again.
        a.Edit("a1", ("Phone", "333"));
        await Hub.SettleAsync();
        Assert.Equal(("333", "333"), (a["a1", "Phone"], b["b1", "Phone"]));
    }

    [Fact]
    public async Task A_policy_of_source_lets_a_destination_empty_a_field()
    {
        var a = Hub.Add(new Crm("a", Hub.Clock));
        var b = Hub.Add(new Crm("b", Hub.Clock), """, "conflict": { "default": "source" }""");
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Title", "Boss"));
        await Hub.SettleAsync();
        b.Edit("b1", ("Title", null));
        await Hub.SettleAsync();
        Assert.Null(a["a1", "Title"]);
    }

    [Fact]
    public async Task A_policy_of_ask_leaves_the_field_alone_and_writes_the_others()
    {
        var (a, b) = await AskedAsync();

        var conflict = Assert.Single(Hub.Query<(string Field, string State)>("select field, state from field_conflict where policy = 'ask'"));
        Assert.Equal(("Phone", "open"), conflict);
        Assert.Equal(("111", "222"), (a["a1", "Phone"], b["b1", "Phone"]));
        Assert.Equal("Boss", b["b1", "Title"]);
        var report = await Hub.RunAsync();
        Assert.Equal(1, report.Pipelines.Single(pipeline => pipeline.Name == "b-out").Conflicts!.Open);
    }

    [Theory]
    [InlineData("hub", "111")]
    [InlineData("source", "222")]
    public async Task What_a_person_decides_is_carried_out_by_the_next_run(string side, string stands)
    {
        var (a, b) = await AskedAsync();
        var pipeline = Hub.Configuration().Pipelines.OfType<OutboundPipeline>().Single(pipeline => pipeline.Name == "b-out");
        await Hub.StewardAsync(session =>
        {
            var conflict = ConflictQuery.List(session.Store, "open", 10).Single();
            var decision = new ConflictDecision(session, "ann", "asked her");
            if (side == "hub")
                decision.ForHub(conflict);
            else
                decision.ForSource(conflict, pipeline, pipeline.Map.ToList().FindIndex(field => field.Field == "Phone"));
        });

        await Hub.SettleAsync();

        Assert.Equal((stands, stands), (a["a1", "Phone"], b["b1", "Phone"]));
        Assert.Equal(("settled", side, "ann"), Assert.Single(Hub.Query<(string, string, string)>("select state, winner, decided_by from field_conflict where policy = 'ask'")));
    }

    [Fact]
    public async Task An_edit_that_was_written_over_is_written_down_though_the_answer_was_lost()
    {
        var (a, b) = await TogetherAsync();
        b.Edit("b1", ("Phone", "222"));
        Hub.Clock.Advance(TimeSpan.FromSeconds(1));
        a.Edit("a1", ("Phone", "111"));
        b.Applied = _ => throw new InvalidOperationException("the program died");
        await Hub.RunAsync(mustSucceed: false);
        b.Applied = _ => { };
        Assert.Equal("111", b["b1", "Phone"]);

        await Hub.SettleAsync();

        Assert.Equal(("\"222\"", "\"111\"", "settled", "hub"), Assert.Single(Hub.Query<(string, string, string, string)>("select theirs, ours, state, winner from field_conflict")));
    }

    [Fact]
    public async Task A_write_over_an_edit_that_never_arrived_is_made_by_the_next_run_and_written_down_once()
    {
        var (a, b) = await TogetherAsync();
        b.Edit("b1", ("Phone", "222"));
        Hub.Clock.Advance(TimeSpan.FromSeconds(1));
        a.Edit("a1", ("Phone", "111"));
        b.Refuse = _ => throw new InvalidOperationException("the program died");
        await Hub.RunAsync(mustSucceed: false);
        b.Refuse = _ => null;
        Assert.Equal("222", b["b1", "Phone"]);

        await Hub.SettleAsync();

        Assert.Equal("111", b["b1", "Phone"]);
        Assert.Equal(("\"222\"", "\"111\"", "settled", "hub"), Assert.Single(Hub.Query<(string, string, string, string)>("select theirs, ours, state, winner from field_conflict")));
    }

    private async Task<(Crm A, Crm B)> AskedAsync()
    {
        var a = Hub.Add(new Crm("a", Hub.Clock));
        var b = Hub.Add(new Crm("b", Hub.Clock), """, "conflict": { "Phone": "ask" }""");
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Phone", "000"));
        await Hub.SettleAsync();
        b.Edit("b1", ("Phone", "222"));
        Hub.Clock.Advance(TimeSpan.FromSeconds(1));
        a.Edit("a1", ("Phone", "111"), ("Title", "Boss"));
        await Hub.SettleAsync();
        return (a, b);
    }
}

public sealed class TwoWayConflictOnSqliteTests : TwoWayConflictTests<SqliteStore>;

public sealed class TwoWayConflictOnPostgreSqlTests : TwoWayConflictTests<PostgreSqlStore>;
