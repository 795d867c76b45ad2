using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Tests.Pipelines;

/// <summary>What a store has learned is kept version by version, an entity at a time, and all is weighed by the latest.</summary>
public sealed class MatchModelsTests
{
    [Fact]
    public async Task A_store_of_few_records_goes_by_the_shipped_weights_and_learns_when_there_are_more()
    {
        using var hub = new TestHub();
        var crm = hub.Inbound("crm");
        Put(crm, 0, 200);
        await hub.RunAsync();
        Assert.Equal(0, Latest(hub).Version);
        Put(crm, 200, 500);
        await hub.RunAsync();
        var learned = Latest(hub);
        Assert.Equal(1, learned.Version);
        Assert.Equal(crm.Rows.Count, learned.Records);
    }

    [Fact]
    public async Task What_says_the_same_is_no_new_version_and_other_entities_have_their_own()
    {
        using var hub = new TestHub();
        Put(hub.Inbound("crm"), 0, 500);
        await hub.RunAsync();
        using var store = hub.Open();
        using var transaction = store.Begin();
        var latest = MatchModels.Latest(transaction, "customer");
        Assert.Equal(latest.Version, MatchModels.Save(transaction, "customer", latest, run: 1).Version);
        Assert.Equal(0, MatchModels.Latest(transaction, "account").Version);
        var shipped = MatchModels.Save(transaction, "customer", MatchModel.Shipped, run: 1);
        Assert.Equal(latest.Version + 1, shipped.Version);
        Assert.True(shipped.SaysTheSame(MatchModels.InForce(transaction, hub.Customer).Matcher!.Model));
    }

    [Fact]
    public async Task Every_pair_that_is_kept_was_weighed_by_the_weights_in_force()
    {
        using var hub = new TestHub();
        var crm = hub.Inbound("crm");
        var options = new RunOptions { RescoreUpTo = 0, IgnoreLimits = true };
        Put(crm, 0, 200);
        await hub.RunAsync(options);
        Put(crm, 200, 500);
        await hub.RunAsync(options);

        using var store = hub.Open();
        using var transaction = store.Begin();
        var entity = MatchModels.InForce(transaction, hub.Customer);
        Assert.Equal(1, entity.Matcher!.Model.Version);
        var cache = new ComparableCache(entity);
        var edges = transaction.Query<(long A, long B, double Bits)>("select a, b, bits from edge order by a, b");
        Assert.NotEmpty(edges);
        cache.Read(transaction, [.. edges.Select(edge => edge.A).Distinct()]);
        Assert.All(edges, edge => Assert.Equal(entity.Matcher.Score(cache[edge.A].Features, cache[edge.B].Features, cache.Frequencies).Bits, edge.Bits, 9));
    }

    private static MatchModel Latest(TestHub hub)
    {
        using var store = hub.Open();
        using var transaction = store.Begin();
        return MatchModels.Latest(transaction, "customer");
    }

    private static void Put(TestSystem system, int from, int to)
    {
        foreach (var (person, i) in HardPeople.Make(5, 500).Take(to).Skip(from).Select((person, i) => (person, i)))
            system.Put($"{from + i}", ("first", person.First), ("last", person.Last), ("email", person.Email), ("phone", person.Phone));
    }
}
