using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Pipelines;

public abstract class BulkMatchingTests<TStore>
    where TStore : TestStore, new()
{
    private static readonly string[] s_given = ["Anna", "Karl", "Maria", "Josef", "Eva", "Paul", "Julia", "Felix"];
    private static readonly string[] s_family = ["Berg", "Steiner", "Hofer", "Waldmann", "Feldbach", "Bruner", "Lindner", "Rosser", "Eich", "Grundmann"];

    [Fact]
    public async Task In_bulk_and_chunk_by_chunk_give_the_same_store()
    {
        using var bulk = People();
        using var chunks = People();
        await bulk.RunAsync(new RunOptions { BulkFrom = 1, RescoreUpTo = 0 });
        await chunks.RunAsync(new RunOptions { BulkFrom = int.MaxValue, RescoreUpTo = 0 });

        Assert.Contains(bulk.Clusters(), cluster => cluster.Contains(' '));
        Assert.Equal(chunks.Clusters(), bulk.Clusters());
        Assert.Equal(Keys(chunks), Keys(bulk));
        foreach (var what in new[] { "select hash, records from term order by hash", "select hash, kind from hot_key order by hash", "select entity, records, masters from entity_total", "select record_a, record_b, state from review order by 1, 2" })
            Assert.Equal(chunks.Query<object>(what).ConvertAll(row => row.ToString()), bulk.Query<object>(what).ConvertAll(row => row.ToString()));
        Assert.Empty(bulk.Query<long>("select record_id from pending"));
    }

    [Fact]
    public async Task Pairs_of_a_run_that_died_are_made_customers_by_the_next()
    {
        using var whole = People();
        await whole.RunAsync();

        using var broken = People();
        await LandAndPairAsync(broken);
        Assert.NotEmpty(broken.Query<long>("select record_id from pending where paired = 1"));
        await broken.RunAsync();

        Assert.Equal(whole.Clusters(), broken.Clusters());
    }

    [Fact]
    public async Task What_changed_or_went_after_a_run_died_is_matched_as_it_is_now()
    {
        using var broken = People();
        await LandAndPairAsync(broken);
        using var whole = People();
        foreach (var hub in new[] { whole, broken })
        {
            hub.Systems["crm"].Put("3", ("first", "Someone"), ("last", "Else"), ("email", "someone@else.example"));
            hub.Systems["crm"].Rows.Remove("5");
            await hub.RunAsync(new RunOptions { IgnoreLimits = true });
        }

        Assert.Equal(whole.Clusters(), broken.Clusters());
        Assert.Equal(Keys(whole), Keys(broken));
    }

    [Fact]
    public async Task A_key_that_thousands_share_costs_nothing_and_is_told_of()
    {
        using var hub = new TestHub(new TStore());
        var crm = hub.Inbound("crm");
        crm.PageSize = 500;
        for (var i = 0; i < 3000; i++)
            crm.Put($"{i}", ("first", Word(i * 7919)), ("last", Word(i * 104_729)), ("email", "office@shop.example"), ("phone", "+436647193058"));
        var options = new RunOptions { BulkFrom = 1, RescoreUpTo = 0 };
        var report = await hub.RunAsync(options);

        Assert.Contains(report.Pipelines[0].Notes, note => note.Contains("phone", StringComparison.Ordinal));
        Assert.True(options.Meter.Scored < 3000, $"{options.Meter.Scored} pairs scored");
        Assert.Equal(3000, hub.Clusters().Count);
    }

    /// <summary>Lands the first system's records and pairs them, and ends there as a killed run would.</summary>
    private static async Task LandAndPairAsync(TestHub hub)
    {
        using var session = await hub.SessionAsync();
        var pipeline = hub.Configuration.Pipelines.OfType<InboundPipeline>().First();
        await new InboundRun(session.Store, pipeline, session.Run).PullAsync(Runner.ReportFor(pipeline), TestContext.Current.CancellationToken);
        using var transaction = session.Store.Begin();
        new BulkLoad(hub.Customer, new KeyIndex(transaction, hub.Customer), new MatchMeter(), _ => hub.Customer).Run(transaction, int.MaxValue, TestContext.Current.CancellationToken);
        transaction.Commit();
    }

    private static string Word(int number)
    {
        var letters = new char[7];
        var random = new Random(number);
        for (var i = 0; i < letters.Length; i++)
            letters[i] = (char)('a' + random.Next(26));
        return new string(letters);
    }

    private static TestHub People()
    {
        var hub = new TestHub(new TStore(), new MatchSettings { KeyLimit = 12 });
        foreach (var name in new[] { "crm", "shop", "erp" })
        {
            var system = hub.Inbound(name);
            system.PageSize = 100;
            for (var i = 0; i < 240; i++)
            {
                // Each person stands in two of the systems, some values missing.
                var person = (i + (name.Length * 61)) % 360;
                var (first, last) = (s_given[person % 8], s_family[person / 8 % 10]);
                system.Put($"{i}", ("first", first), ("last", last), ("email", (i + name.Length) % 5 == 0 ? null : $"{first}.{last}{person}@mail.example"), ("phone", i % 7 == 0 ? null : $"+43664{person * 7919:00000000}"));
            }
        }

        return hub;
    }

    // Of a key that is too common the first owners are kept, and which those are (and so some pairs) depends on who came in which chunk.
    private static List<string> Keys(TestHub hub) =>
        [.. hub.Query<(long, long, string)>("select k.hash, r.inbound_id, r.source_id from (select hash, record_id from match_key union select hash, record_id from match_key_recent) k join source_record r on r.id = k.record_id where not exists (select 1 from hot_key h where h.hash = k.hash) order by 1, 2, 3").Select(row => row.ToString())];
}

public sealed class BulkMatchingOnSqliteTests : BulkMatchingTests<SqliteStore>;

public sealed class BulkMatchingOnPostgreSqlTests : BulkMatchingTests<PostgreSqlStore>;
