using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Review;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Pipelines;

public abstract class MatchingTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TestHub _hub = new(new TStore());

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task The_same_person_of_two_systems_becomes_one_master()
    {
        Same(_hub.Inbound("crm"), "1");
        Same(_hub.Inbound("shop"), "a");
        await _hub.RunAsync();
        Assert.Equal(["crm/1 shop/a"], _hub.Clusters());
    }

    [Fact]
    public async Task Those_who_went_as_one_customer_may_come_back_as_two()
    {
        var crm = _hub.Inbound("crm");
        Same(crm, "1");
        Same(crm, "2");
        await _hub.RunAsync();
        var master = Assert.Single(_hub.Query<long>("select distinct master_id from xref"));
        crm.Rows.Clear();
        await _hub.RunAsync(new RunOptions { IgnoreLimits = true });
        crm.Put("1", ("first", "Wolfgang"), ("last", "Achterberg"), ("email", "wolfgang@achterberg.example"));
        crm.Put("2", ("first", "Priya"), ("last", "Okonkwo"), ("email", "priya@okonkwo.example"));
        var report = await _hub.RunAsync(new RunOptions { IgnoreLimits = true });

        Assert.Null(report.Pipelines[0].Problem);
        Assert.Equal(["crm/1", "crm/2"], _hub.Clusters());
        Assert.Equal(master, _hub.MasterOf("crm", "1"));
        Assert.NotEqual(master, _hub.MasterOf("crm", "2"));
    }

    [Fact]
    public async Task Unlinking_gives_back_what_was_there_before()
    {
        var crm = _hub.Inbound("crm");
        Same(crm, "1");
        await _hub.RunAsync();
        var master = _hub.MasterOf("crm", "1");
        var golden = _hub.Query<string>("select data from master").Single();
        var shop = _hub.Inbound("shop");
        Same(shop, "a");
        await _hub.RunAsync();
        Assert.Equal(master, _hub.MasterOf("shop", "a"));

        shop.Rows.Clear();
        await _hub.RunAsync();

        Assert.Equal(master, _hub.MasterOf("crm", "1"));
        Assert.Equal(golden, _hub.Query<string>("select data from master").Single());
    }

    [Fact]
    public async Task A_steward_merge_outlives_runs_and_a_merged_id_stays_an_alias()
    {
        var crm = _hub.Inbound("crm");
        crm.Put("1", ("first", "Ann"), ("last", "Lee"), ("email", "ann@mail.example"));
        crm.Put("2", ("first", "Zoe"), ("last", "Quill"), ("email", "zoe@mail.example"));
        await _hub.RunAsync();
        var (a, b) = (_hub.MasterOf("crm", "1"), _hub.MasterOf("crm", "2"));
        using (var session = await _hub.SessionAsync())
            new Stewardship(session, _hub.Customer, "test", null).Merge(a, b);
        Assert.Equal(["crm/1 crm/2"], _hub.Clusters());

        crm.Put("2", ("first", "Zoe"), ("last", "Changed"), ("email", "zoe@mail.example"));
        await _hub.RunAsync();

        Assert.Equal(["crm/1 crm/2"], _hub.Clusters());
        Assert.Equal(_hub.MasterOf("crm", "1"), _hub.Query<long>("select merged_into from master where merged_into is not null").Single());
    }

    [Fact]
    public async Task A_steward_split_outlives_runs()
    {
        var crm = _hub.Inbound("crm");
        Same(crm, "1");
        Same(crm, "2");
        Same(_hub.Inbound("shop"), "a");
        await _hub.RunAsync();
        Assert.Equal(["crm/1 crm/2 shop/a"], _hub.Clusters());
        var master = _hub.MasterOf("crm", "1");
        var record = _hub.Query<long>("select id from source_record where source_id = 'a'").Single();
        using (var session = await _hub.SessionAsync())
            new Stewardship(session, _hub.Customer, "test", "two people").Split(master, [record]);
        Assert.Equal(["crm/1 crm/2", "shop/a"], _hub.Clusters());
        Assert.Equal(master, _hub.MasterOf("crm", "1"));

        crm.Put("1", ("first", "Jonathan"), ("last", "Featherstone"), ("email", "jf@mail.example"), ("phone", "+442079460001"));
        await _hub.RunAsync();
        Assert.Contains("shop/a", _hub.Clusters());
    }

    [Fact]
    public async Task A_bridge_record_merges_two_masters_and_its_end_splits_them()
    {
        var crm = _hub.Inbound("crm");
        crm.Put("1", ("first", "Jonathan"), ("last", "Featherstone"), ("email", "jonathan.featherstone@mail.example"));
        crm.Put("2", ("first", "Jonathan"), ("last", "Featherstone"), ("phone", "+442079460001"));
        await _hub.RunAsync();
        var before = _hub.Clusters();
        var shop = _hub.Inbound("shop");
        shop.Put("b", ("first", "Jonathan"), ("last", "Featherstone"), ("email", "jonathan.featherstone@mail.example"), ("phone", "+442079460001"));
        await _hub.RunAsync();
        Assert.Equal(["crm/1 crm/2 shop/b"], _hub.Clusters());

        shop.Rows.Clear();
        await _hub.RunAsync();
        Assert.Equal(before, _hub.Clusters());
    }

    /// <summary>Who is who does not depend on the order or the number of waves in which records come.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Waves_in_any_order_end_in_the_same_clusters(int seed)
    {
        var people = People(120);
        var expected = await ClustersAsync([people]);
        var random = new Random(seed);
        var shuffled = people.ToArray();
        random.Shuffle(shuffled);
        Assert.Equal(expected, await ClustersAsync(shuffled.Chunk(random.Next(5, 40))));
    }

    [Fact]
    public async Task A_key_that_everybody_shares_brings_nobody_together()
    {
        using var hub = new TestHub(new TStore(), new MatchSettings { KeyLimit = 5 });
        var crm = hub.Inbound("crm");
        for (var i = 0; i < 12; i++)
            crm.Put($"{i}", ("first", ((char)('A' + i)) + "x" + i), ("last", "Unlike" + i), ("phone", "+442079460001"));
        var report = await hub.RunAsync();
        Assert.Equal(12, hub.Clusters().Count);
        Assert.NotEmpty(hub.Query<string>("select kind from hot_key"));
        Assert.NotEmpty(report.Pipelines[0].Notes);
    }

    private static async Task<List<string>> ClustersAsync(IEnumerable<(string Id, string First, string Last, string? Email, string? Phone)[]> waves)
    {
        using var hub = new TestHub(new TStore());
        var crm = hub.Inbound("crm");
        foreach (var wave in waves)
        {
            foreach (var (id, first, last, email, phone) in wave)
                crm.Put(id, ("first", first), ("last", last), ("email", email), ("phone", phone));
            var report = await hub.RunAsync();
            Assert.True(report.State == RunState.Done, report.Pipelines[0].Problem);
        }

        return hub.Clusters();
    }

    private static (string Id, string First, string Last, string? Email, string? Phone)[] People(int count)
    {
        var random = new Random(42);
        string[] given = ["Maria", "Jonathan", "Ingrid", "Wolfgang", "Priya", "Thomas", "Chiara", "Olga"];
        string[] family = ["Featherstone", "Ostrowski", "Achterberg", "Lindqvist", "Okonkwo", "Marchetti"];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var person = i / 3;
            var first = given[(person * 5) % given.Length];
            var last = family[(person * 7) % family.Length];
            return (i.ToString(System.Globalization.CultureInfo.InvariantCulture), i % 7 == 0 ? first[..1] + "." : first, last,
                random.Next(3) == 0 ? null : $"{first}.{last}{person}@mail.example".ToLowerInvariant(),
                random.Next(2) == 0 ? null : $"+4420794{person:D5}");
        })];
    }

    private static void Same(TestSystem system, string id) =>
        system.Put(id, ("first", "Jonathan"), ("last", "Featherstone"), ("email", "jonathan.featherstone@mail.example"), ("phone", "+442079460001"));
}

public sealed class MatchingOnSqliteTests : MatchingTests<SqliteStore>;

public sealed class MatchingOnPostgreSqlTests : MatchingTests<PostgreSqlStore>;
