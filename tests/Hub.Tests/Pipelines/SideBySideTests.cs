using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Pipelines;

/// <summary>Runs that work at the same time on one store end with what they would have made of it one after the other.</summary>
public abstract class SideBySideTests<TStore>
    where TStore : TestStore, new()
{
    private const int Sources = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Many_that_land_and_match_at_once_lose_nothing(int seed)
    {
        using var many = new TestHub(new TStore());
        using var one = new TestHub(new TStore());
        Fill(many, seed);
        Fill(one, seed);

        for (var round = 0; round < 3; round++)
        {
            var reports = await Task.WhenAll(many.Systems.Keys.Select(name => Task.Run(() => RunAsync(many, name), Token)));
            Assert.All(reports.SelectMany(report => report.Pipelines), report => Assert.Equal((RunState.Done, null), (report.State, report.Problem)));
            Assert.All(reports.SelectMany(report => report.Pipelines), report => Assert.Equal(many.Systems[report.Name].Rows.Count, report.Counts.Read - report.Counts.Deleted));
            await one.RunAsync();
            Assert.Equal(0, many.Query<long>("select count(*) from pending").Single());
            Assert.Equal(Content(one), Content(many));
            Assert.Equal(Totals(one), Totals(many));
            Change(many, seed + round);
            Change(one, seed + round);
        }

        await many.RunAsync();

        // Which of two equal values a golden record takes depends on who came first; that it is the one of its members does not.
        using (var store = many.Open())
        using (var transaction = store.Begin())
        {
            transaction.Execute("delete from setting");
            transaction.Commit();
        }

        var last = await many.RunAsync();
        Assert.All(last.Pipelines.Where(report => report.Matching is not null), report => Assert.Equal(0, report.Matching!.Value.GoldenChanged));
        var again = await many.RunAsync();
        Assert.Equal(RunState.Done, last.State);
        Assert.All(again.Pipelines, report => Assert.Equal(0, report.Counts.Created + report.Counts.Changed + report.Counts.Deleted));
        Assert.Equal(many.Query<long>("select count(*) from source_record where gone_run is null").Single(), many.Query<long>("select count(*) from xref").Single());
        Assert.Equal(many.Query<long>("select seq from change_feed order by seq"), many.Query<long>("select seq from change_feed order by at, seq"));
    }

    [Fact]
    public async Task A_slow_source_keeps_nobody_from_working()
    {
        using var hub = new TestHub(new TStore());
        var (slow, fast) = (hub.Inbound("slow"), hub.Inbound("fast"));
        for (var i = 0; i < 10; i++)
        {
            slow.Put($"s{i}", ("first", $"Anna{i}"), ("last", "Keller"), ("email", $"s{i}@mail.example"));
            fast.Put($"f{i}", ("first", $"Berta{i}"), ("last", "Huber"), ("email", $"f{i}@mail.example"));
        }

        var asleep = new SemaphoreSlim(0);
        slow.BeforePage = async page =>
        {
            if (page == 2)
                await asleep.WaitAsync(Token);
        };
        var waiting = Task.Run(() => RunAsync(hub, "slow"), Token);
        while (hub.Query<long>("select count(*) from source_record").Single() < 6)
            await Task.Delay(20, Token);

        Assert.Equal(RunState.Done, (await RunAsync(hub, "fast").WaitAsync(TimeSpan.FromSeconds(30), Token)).State);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(16, hub.Query<long>("select count(*) from xref").Single());

        asleep.Release();
        Assert.Equal(RunState.Done, (await waiting).State);
        Assert.Equal(20, hub.Query<long>("select count(*) from xref").Single());
    }

    [Fact]
    public async Task Two_runs_of_one_stream_take_turns()
    {
        using var hub = new TestHub(new TStore());
        var system = hub.Inbound("crm");
        for (var i = 0; i < 20; i++)
            system.Put($"c{i}", ("first", $"Anna{i}"), ("last", "Keller"), ("email", $"c{i}@mail.example"));
        var (busy, most) = (0, 0);
        system.BeforePage = async page =>
        {
            if (page == 0)
                most = Math.Max(most, Interlocked.Increment(ref busy));
            await Task.Delay(20, Token);
            if (page == 6)
                Interlocked.Decrement(ref busy);
        };

        var reports = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => RunAsync(hub, "crm"), Token)));

        Assert.Equal(1, most);
        Assert.Equal(20, reports.Sum(report => report.Pipelines.Single().Counts.Created));
        Assert.Equal(40, reports.Sum(report => report.Pipelines.Single().Counts.Unchanged));
    }

    [Fact]
    public async Task What_was_sent_is_remembered_and_not_what_the_customer_has_become_meanwhile()
    {
        using var hub = new TestHub(new TStore());
        var crm = hub.Inbound("crm");
        crm.Put("1", ("first", "Anna"), ("last", "Keller"), ("email", "anna@mail.example"));
        var target = hub.Outbound("target");
        await RunAsync(hub, "crm");
        target.BeforeAnswer = async _ =>
        {
            // While the destination takes its time, the customer changes.
            target.BeforeAnswer = _ => Task.CompletedTask;
            crm.Put("1", ("first", "Anna"), ("last", "Keller-Huber"), ("email", "anna@mail.example"));
            Assert.Equal(RunState.Done, (await RunAsync(hub, "crm")).State);
        };

        Assert.Equal(RunState.Done, (await RunAsync(hub, "target")).State);
        Assert.Equal("Keller", target.Received.Values.Single()["Last"]);
        Assert.Equal(RunState.Done, (await RunAsync(hub, "target")).State);
        Assert.Equal("Keller-Huber", target.Received.Values.Single()["Last"]);
    }

    private static Task<RunReport> RunAsync(TestHub hub, string pipeline) =>
        new Runner(hub.Configuration, TimeProvider.System, NullLogger.Instance).RunAsync([pipeline], new RunOptions { Wait = TimeSpan.FromMinutes(2) }, new Progress<RunProgress>(), Token);

    private static void Fill(TestHub hub, int seed)
    {
        var random = new Random(seed);
        hub.Limits = new() { DeletePercent = 100, ChangePercent = 100 };
        for (var source = 0; source < Sources; source++)
        {
            var system = hub.Inbound($"source{source}");
            system.PageSize = 7;
            system.Delay = TimeSpan.FromMilliseconds(random.Next(0, 3) * 60);
            for (var row = 0; row < 60; row++)
                Put(system, source, row, row % 3 == 0 ? row : (source * 1000) + row, "");
        }
    }

    private static void Change(TestHub hub, int seed)
    {
        var random = new Random(seed);
        foreach (var (name, system) in hub.Systems.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var source = name[^1] - '0';
            for (var i = 0; i < 15; i++)
            {
                var row = random.Next(0, 60);
                if (random.Next(4) == 0)
                    system.Rows.Remove($"{source}-{row}");
                else
                    Put(system, source, row, random.Next(2) == 0 ? row - (row % 3) : (source * 1000) + row, $"{seed}");
            }
        }
    }

    private static void Put(TestSystem system, int source, int row, int person, string mark) => system.Put(
        $"{source}-{row}", ("first", $"{Letters(person)}anna"), ("last", $"{Letters(person * 7)}keller{mark}"), ("email", $"{Letters(person)}.{person}@mail{person % 50}.example"));

    private static string Letters(int number) => string.Concat($"{number}".Select(digit => (char)('a' + digit - '0')));

    private static List<string> Content(TestHub hub) =>
    [
        .. hub.Clusters(),
        .. hub.Query<(string, string, long)>("select i.pipeline, r.source_id, r.data_hash from source_record r join inbound i on i.id = r.inbound_id where r.gone_run is null").Select(row => $"{row}").Order(StringComparer.Ordinal),
    ];

    private static string Totals(TestHub hub) => string.Join(", ", hub.Query<(string, long, long)>("select entity, records, masters from entity_total order by entity"));
}

public sealed class SideBySideOnSqliteTests : SideBySideTests<SqliteStore>;

public sealed class SideBySideOnPostgreSqlTests : SideBySideTests<PostgreSqlStore>;
