using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Review;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Tests.Pipelines;

public sealed class SuspiciousMastersTests : IDisposable
{
    private static readonly Dictionary<string, string> s_map = new() { ["name.given"] = "first", ["name.family"] = "last", ["email"] = "email", ["phone"] = "phone", ["nationalId"] = "ssn" };

    private readonly TestHub _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task A_master_with_two_ids_is_found_split_and_everything_downstream_follows()
    {
        var crm = _hub.Inbound("crm", map: s_map);
        var destination = _hub.Outbound("out", deletes: DeletesPolicy.Delete);
        Person(crm, "1", "AB123456C");
        Person(crm, "2", null);
        Person(crm, "3", null);
        Person(crm, "4", "ZZ987654D");
        await _hub.RunAsync();
        Assert.Equal(["crm/1 crm/2 crm/3 crm/4"], _hub.Clusters());
        Assert.Single(destination.Received);

        var one = Assert.Single(Find().First);
        Assert.Equal(SuspicionKind.Ids, one.Kind);
        Assert.Equal(_hub.Query<long>("select id from source_record where source_id = '4'"), one.Apart);

        using (var session = await _hub.SessionAsync())
            new Stewardship(session, _hub.Customer, "test", "two people").Split(one.Master, [.. one.Apart]);
        Assert.Equal(["crm/1 crm/2 crm/3", "crm/4"], _hub.Clusters());
        Assert.Equal(one.Master, _hub.MasterOf("crm", "1"));
        Assert.NotEqual(one.Master, _hub.MasterOf("crm", "4"));
        Assert.Contains(_hub.Query<string>("select kind from change_feed where master_id = @id", new { id = _hub.MasterOf("crm", "4") }), kind => kind == "c");
        await _hub.RunAsync();
        Assert.Equal(2, destination.Received.Count);
        Assert.Empty(Find().First);

        // Nobody undoes it: neither a run nor resolving everybody anew.
        Assert.True(ReclusteringOnSqliteTests.All(_hub, _hub.Customer).None);
    }

    [Fact]
    public async Task What_a_steward_has_joined_is_not_suspicious()
    {
        var crm = _hub.Inbound("crm", map: s_map);
        Person(crm, "1", "AB123456C");
        Person(crm, "2", "ZZ987654D");
        Person(crm, "3", "AB123456C");
        await _hub.RunAsync();
        using (var session = await _hub.SessionAsync())
            new Stewardship(session, _hub.Customer, "test", "asked her").Merge(_hub.MasterOf("crm", "1"), _hub.MasterOf("crm", "2"));
        Assert.Equal(["crm/1 crm/2 crm/3"], _hub.Clusters());
        var found = Find().First;
        Assert.DoesNotContain(found, one => one.Apart.Contains(_hub.Query<long>("select min(id) from source_record").Single()));
    }

    [Fact]
    public void Two_groups_that_one_pair_holds_together_are_found() =>
        Assert.Equivalent(new SuspiciousMaster(7, 5, SuspicionKind.Bridge, [4, 5]), Look([1, 2, 3, 4, 5], (1, 2), (2, 3), (1, 3), (3, 4), (4, 5)));

    [Fact]
    public void Records_that_mostly_do_not_resemble_each_other_are_found() =>
        Assert.Equal(SuspicionKind.Loose, Look([1, 2, 3, 4, 5, 6, 7, 8, 9], (1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 8), (1, 9))!.Kind);

    [Fact]
    public void A_customer_whose_records_resemble_each_other_is_not() => Assert.Null(Look([1, 2, 3, 4], (1, 2), (2, 3), (1, 3), (3, 4), (2, 4)));

    private static SuspiciousMaster? Look(long[] records, params (long, long)[] links) =>
        new MasterInspection(7, records.Length, [.. records]).Find((a, b) => new PairScore(links.Contains((a, b)) ? 20 : -4, MatchGuard.None), [], new MatchSettings(), large: false);

    private Suspicions Find()
    {
        using var store = MasterStore.Open(MasterStore.EngineOf(new StoreSettings(), _hub.Folder), TimeProvider.System);
        return new SuspiciousMasters(store, _hub.Customer).Find(10);
    }

    private static void Person(TestSystem system, string id, string? number) => system.Put(
        id, ("first", "Jonathan"), ("last", "Featherstone"), ("email", "jonathan.featherstone@mail.example"), ("phone", "+447700900123"), ("ssn", number));
}
