using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Review;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>Which record is whose at a stream that is pulled and pushed: made, found again, removed, merged, split.</summary>
public abstract class TwoWayRecordTests<TStore> : TwoWaySubject<TStore>
    where TStore : TestStore, new()
{
    [Fact]
    public async Task A_record_made_at_one_system_is_made_at_the_other_and_known_again()
    {
        var (a, b) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Mail", "ann@x.example"));

        Assert.Equal(1, await Hub.SettleAsync());

        Assert.Equal("Ann", b["b1", "First"]);
        Assert.Equal("C1", b["b1", "Hub"]);
        Assert.Equal("C1", a["a1", "Hub"]);
        Assert.Equal(1, Assert.Single(Hub.Query<long>("select count(*) from master")));
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_is_found_again()
    {
        var (a, b) = Pair();
        b.Applied = _ => throw new ConnectorException(FailureKind.Transient, "the answer was lost", "try again");
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await Hub.RunAsync(mustSucceed: false);
        b.Applied = _ => { };
        b.Writes.Clear();

        await Hub.SettleAsync();

        Assert.Equal(["b1"], b.Ids);
        Assert.Equal(1, Hub.Query<long>("select count(*) from master")[0]);
        Assert.Equal("hub", Assert.Single(Hub.Query<string>("select who from judgement")));
    }

    [Fact]
    public async Task At_the_first_meeting_the_hub_fills_and_never_empties()
    {
        var a = Hub.Add(new Crm("a", Hub.Clock));
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Mail", "ann@x.example"), ("Phone", "+49 30 1234567"), ("Title", "Boss"));
        await Hub.SettleAsync();
        var b = Hub.Add(new Crm("b", Hub.Clock));
        b.Make(("First", "Ann"), ("Last", "Lee"), ("Mail", "ann@x.example"), ("Phone", "+49 30 1234567"));

        await Hub.SettleAsync();

        Assert.Equal(["b1"], b.Ids);
        Assert.Equal(("Boss", "C1"), (b["b1", "Title"], b["b1", "Hub"]));
        Assert.Empty(Hub.Query<long>("select id from field_conflict"));
    }

    [Fact]
    public async Task A_record_that_its_users_remove_is_not_made_again()
    {
        var (a, b) = await TogetherAsync();
        b.Remove("b1");
        a.Edit("a1", ("Phone", "111"));
        await Hub.SettleAsync();
        Assert.Empty(b.Ids);
        Assert.Equal("gone", Assert.Single(Hub.Query<string>("select state from delivery d join outbound o on o.id = d.outbound_id where o.pipeline = 'b-out'")));
    }

    [Fact]
    public async Task A_record_that_its_users_remove_is_made_again_where_the_pipeline_says_so()
    {
        var a = Hub.Add(new Crm("a", Hub.Clock));
        var b = Hub.Add(new Crm("b", Hub.Clock), target: """, "recreate": true""");
        a.Make(("First", "Ann"), ("Last", "Lee"));
        await Hub.SettleAsync();
        b.Remove("b1");
        await Hub.SettleAsync();
        a.Edit("a1", ("Phone", "111"));
        await Hub.SettleAsync();
        Assert.Equal("111", b[Assert.Single(b.Ids), "Phone"]);
    }

    [Fact]
    public async Task A_customer_who_is_left_in_copies_only_is_deleted_there_where_the_pipeline_says_so()
    {
        var a = Hub.Add(new Crm("a", Hub.Clock));
        var b = Hub.Add(new Crm("b", Hub.Clock), """, "deletes": "delete" """);
        var c = Hub.Add(new Crm("c", Hub.Clock), """, "deletes": "delete" """);
        a.Make(("First", "Ann"), ("Last", "Lee"));
        var own = b.Make(("First", "Zoe"), ("Last", "Quark"));
        await Hub.SettleAsync();
        a.Remove("a1");

        await Hub.SettleAsync();

        Assert.Equal([own], b.Ids);
        Assert.Equal("Zoe", c[Assert.Single(c.Ids), "First"]);
    }

    [Fact]
    public async Task Records_that_a_system_merges_are_one_customer_everywhere()
    {
        var (a, b) = Pair();
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Mail", "ann@x.example"));
        a.Make(("First", "Berta"), ("Last", "Quirk"), ("Mail", "berta@y.example"));
        await Hub.SettleAsync();
        Assert.Equal(2, b.Ids.Count());

        a.Merge("a2", "a1");
        await Hub.SettleAsync();

        Assert.Equal(1, Hub.Query<long>("select count(*) from master where merged_into is null and ended_run is null")[0]);
        Assert.Equal(1, Hub.Query<long>("select count(*) from master where merged_into is not null")[0]);

        // The other system has it twice, and is told so; nothing is removed there.
        Assert.Equal(2, b.Ids.Count());
        Assert.Single(Hub.Query<long>("select record_id from field_conflict where state = 'duplicate'"));
    }

    [Fact]
    public async Task A_customer_who_loses_a_record_by_a_split_gets_another_one_and_the_record_keeps_its_values()
    {
        var (a, b) = await TogetherAsync();
        await Hub.StewardAsync(session => new Stewardship(session, Hub.Configuration().Entities["customer"], "ann", null)
            .Split(1, [session.Store.Scalar<long>("select id from source_record where source_id = 'b1'")]));

        b.Edit("b1", ("First", "Zoe"), ("Title", "Boss"));
        await Hub.SettleAsync();

        Assert.Equal(("C2", "Zoe", "Boss"), (b["b1", "Hub"], b["b1", "First"], b["b1", "Title"]));
        Assert.Equal(("C1", "Ann", null), (b["b2", "Hub"], b["b2", "First"], b["b2", "Title"]));
        Assert.Equal(("C1", "Ann"), (a["a1", "Hub"], a["a1", "First"]));
        Assert.Equal(("C2", "Zoe"), (a["a2", "Hub"], a["a2", "First"]));
    }
}

public sealed class TwoWayRecordOnSqliteTests : TwoWayRecordTests<SqliteStore>;

public sealed class TwoWayRecordOnPostgreSqlTests : TwoWayRecordTests<PostgreSqlStore>;
