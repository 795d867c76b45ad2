using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Mapping.Matching;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Integration.Hub.Tests.Pipelines;

/// <summary>
/// Who is who does not depend on the order in which records came, on the waves, on what was changed, deleted and brought back
/// on the way: it is what one batch of the records as they are now gives. On a real store.
/// </summary>
public sealed class OrderTests
{
    [Fact]
    public void Any_order_and_number_of_waves_ends_as_one_batch_does() => Prop.ForAll(Arb.From(Gen.Choose(1, 1_000_000)), seed =>
    {
        var random = new Random(seed);
        var people = HardPeople.Make(random.Next(1, 100), 150);
        var order = people.ToArray();
        random.Shuffle(order);
        return Same(Batch(people), Waves(order, random.Next(1, 8)).Clusters);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(6));

    [Fact]
    public void Changes_deletes_and_returns_leave_no_trace() => Prop.ForAll(Arb.From(Gen.Choose(1, 1_000_000)), seed =>
    {
        var random = new Random(seed);
        var people = HardPeople.Make(random.Next(1, 100), 120);
        var others = HardPeople.Make(random.Next(101, 200), 120);
        using var hub = new TestHub(Settings);
        var systems = HardPeople.Systems.ToDictionary(name => name, name => hub.Inbound(name));
        foreach (var person in people.Take(60))
            Put(systems, person);
        Run(hub);
        for (var wave = 0; wave < 4; wave++)
        {
            foreach (var _ in Enumerable.Range(0, 25))
            {
                var at = random.Next(120);
                switch (random.Next(3))
                {
                    case 0: Put(systems, people[at]); break;
                    // Somebody else's data under this record's id, for a while.
                    case 1: Put(systems, others[at] with { System = people[at].System, Id = people[at].Id }); break;
                    default: systems[people[at].System].Rows.Remove(people[at].Id); break;
                }
            }

            Run(hub);
        }

        foreach (var person in people)
            Put(systems, person);
        Run(hub);
        return Same(Batch(people), hub.Clusters());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(4));

    /// <summary>
    /// A large store is weighed anew at each step of its size only: what the order of the last third costs, by the shipped weights and by those that it
    /// learns, and that `resolve --all` takes it back.
    /// </summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Where_not_everybody_is_scored_anew_orders_differ_within_the_bound_and_resolving_all_ends_it(int seed, bool learned)
    {
        var settings = learned ? Settings : Settings with { Weights = MatchWeights.Shipped };
        var people = HardPeople.Make(seed, 1_200);
        var batch = Waves(people, 1, settings).Clusters;
        var shuffled = people.ToArray();
        new Random(seed).Shuffle(shuffled);
        foreach (var (order, waves) in new[] { (people, 20), (people.AsEnumerable().Reverse().ToList(), 5), (shuffled.ToList(), 12) })
        {
            using var hub = new TestHub(settings);
            Fill(hub, order, waves, new RunOptions { IgnoreLimits = true, RescoreUpTo = 0 }, first: 310);
            Console.WriteLine($"MEASURE {seed} {learned} {waves} {BCubed(batch, hub.Clusters()):0.00000}");
            ReclusteringOnSqliteTests.All(hub, hub.Customer);
            Assert.Equal(batch, hub.Clusters());
        }
    }

    /// <summary>Of a key that too many share a few owners stand for all: which, must not depend on who came first, nor may they run out.</summary>
    [Fact]
    public void Those_who_stand_for_a_common_key_are_the_same_in_any_order_and_do_not_run_out()
    {
        var settings = Settings with { KeyLimit = 6 };
        var rows = Enumerable.Range(0, 40).Select(i => new HardPeople.Row("crm", $"{i}", ((char)('A' + (i % 26))) + "x" + i, "Unlike" + i, null, "+447700900123")).ToList();
        using var forwards = new TestHub(settings);
        using var backwards = new TestHub(settings);
        Fill(forwards, rows, 1, new RunOptions());
        Fill(backwards, rows.AsEnumerable().Reverse().ToList(), 4, new RunOptions());
        var owners = Owners(forwards);
        Assert.Equal(5, owners.Count);
        Assert.Equal(owners, Owners(backwards));

        foreach (var hub in new[] { forwards, backwards })
        {
            foreach (var owner in owners)
                hub.Systems["crm"].Rows.Remove(owner);
            Run(hub);
        }

        Assert.Equal(5, Owners(forwards).Count);
        Assert.Empty(Owners(forwards).Intersect(owners));
        Assert.Equal(Owners(forwards), Owners(backwards));

        static List<string> Owners(TestHub hub) => hub.Query<string>(
            "select r.source_id from (select hash, record_id from match_key union select hash, record_id from match_key_recent) k join hot_key h on h.hash = k.hash join source_record r on r.id = k.record_id order by 1");
    }

    [Fact]
    public void A_key_that_was_common_once_brings_records_together_again_when_it_is_rare()
    {
        using var hub = new TestHub(Settings with { KeyLimit = 6 });
        var crm = hub.Inbound("crm");
        for (var i = 0; i < 12; i++)
            crm.Put($"x{i}", ("first", ((char)('A' + i)) + "x" + i), ("last", "Unlike" + i), ("phone", "+447700900123"));
        Run(hub);
        Assert.NotEmpty(hub.Query<long>("select hash from hot_key"));
        crm.Rows.Clear();
        crm.Put("1", ("first", "Jonathan"), ("last", "Featherstone"), ("phone", "+447700900123"));
        crm.Put("2", ("first", "Jon"), ("last", "Fetherstone"), ("phone", "+447700900123"));
        Run(hub);
        Assert.Equal(["crm/1 crm/2"], hub.Clusters());
        Assert.Empty(hub.Query<long>("select hash from hot_key"));
    }

    [Fact]
    public void A_customer_and_a_company_with_one_mailbox_and_phone_never_meet()
    {
        using var hub = new TestHub(Settings);
        var map = new Dictionary<string, string> { ["name"] = "last", ["email"] = "email", ["phone"] = "phone" };
        hub.Inbound("crm").Put("1", ("first", ""), ("last", "Featherstone Ltd"), ("email", "info@featherstone.example"), ("phone", "+442079460001"));
        hub.Inbound("erp", "account", map: map).Put("1", ("last", "Featherstone Ltd"), ("email", "info@featherstone.example"), ("phone", "+442079460001"));
        Run(hub);
        Assert.Equal(["crm/1", "erp/1"], hub.Clusters());
        Assert.Empty(hub.Query<long>("select a from edge"));
    }

    private static MatchSettings Settings { get; } = new();

    private static List<string> Batch(IReadOnlyList<HardPeople.Row> people) => Waves(people, 1).Clusters;

    private static (List<string> Clusters, int Reviews) Waves(IReadOnlyList<HardPeople.Row> people, int waves, MatchSettings? settings = null)
    {
        using var hub = new TestHub(settings ?? Settings);
        Fill(hub, people, waves, new RunOptions { IgnoreLimits = true });
        return (hub.Clusters(), hub.Query<int>("select count(*) from review").Single());
    }

    private static void Fill(TestHub hub, IReadOnlyList<HardPeople.Row> people, int waves, RunOptions options, int first = 0)
    {
        var systems = HardPeople.Systems.ToDictionary(name => name, name => hub.Inbound(name));
        foreach (var person in people.Take(first))
            Put(systems, person);
        if (first > 0)
            Run(hub);
        foreach (var wave in people.Skip(first).Chunk(((people.Count - first) / waves) + 1))
        {
            foreach (var person in wave)
                Put(systems, person);
            Run(hub, options);
        }
    }

    /// <summary>How far two partitions of the same records agree.</summary>
    private static double BCubed(List<string> expected, List<string> found)
    {
        var (left, right) = (Sets(expected), Sets(found));
        double precision = 0, recall = 0;
        foreach (var (record, one) in left)
        {
            var common = one.Intersect(right[record]).Count();
            precision += (double)common / right[record].Length;
            recall += (double)common / one.Length;
        }

        return 2 * precision * recall / (precision + recall) / left.Count;

        static Dictionary<string, string[]> Sets(List<string> clusters) =>
            clusters.Select(cluster => cluster.Split(' ')).SelectMany(members => members.Select(member => (member, members))).ToDictionary(pair => pair.member, pair => pair.members);
    }

    private static void Put(Dictionary<string, TestSystem> systems, HardPeople.Row person) =>
        systems[person.System].Put(person.Id, ("first", person.First), ("last", person.Last), ("email", person.Email), ("phone", person.Phone));

    private static void Run(TestHub hub, RunOptions? options = null)
    {
        var report = hub.RunAsync(options ?? new RunOptions { IgnoreLimits = true }).GetAwaiter().GetResult();
        Assert.All(report.Pipelines, pipeline => Assert.Null(pipeline.Problem));
    }

    private static bool Same(List<string> batch, List<string> found)
    {
        Assert.Equal(batch, found);
        return true;
    }
}
