using System.Globalization;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Nodes;

/// <summary>Three services on one store, whatever befalls them, come to the same as one that is left alone.</summary>
public sealed class ThreeNodesTests
{
    private const int Blows = 7;

    // An export may come while the one before it is read: that run says so, and the next one reads it.
    private const string Failed = "(r.state not in ('done', 'waiting') and coalesce(r.note, '') not like '%was changed while it was read%')";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(150);

    // Other moments come with another number, and the same ones as nearly again as processes allow.
    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable("HUB_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20261122;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_and_cut_off_from_their_store_they_lose_nothing_do_nothing_twice_and_end_like_one_that_was_left_alone()
    {
        TestSchema.SkipWithoutServer();
        using var stage = new ClusterStage();
        using var nodes = new NodeGroup(stage.Nodes);
        using var single = new NodeGroup([stage.Undisturbed]);
        var dice = new Random(s_seed);
        stage.Export(0);
        await Task.WhenAll(nodes.StartAsync(), single.StartAsync());
        await UntilAsync(() => HasFirstFiles(stage.Disturbed) && HasFirstFiles(stage.Undisturbed), nodes, "the first files are taken");

        using var feed = new ShopFeed(nodes, single);
        for (var blow = 1; blow <= Blows; blow++)
        {
            await Task.Delay(1000 + dice.Next(1500), Token);
            stage.Export(blow);
            await StrikeAsync(stage, nodes, dice, blow);
        }

        await nodes.StartAsync();
        var acknowledged = await feed.EndAsync();
        var over = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await UntilAsync(() => IsAllTaken(stage.Disturbed, over), nodes, "all is taken");
        await UntilAsync(() => IsUndisturbedDone(stage, acknowledged.Count), single, "all is taken by the one that is left alone");
        Assert.All(await nodes.StopAsync(), code => Assert.Equal(0, code));
        Assert.All(await single.StopAsync(), code => Assert.Equal(0, code));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {s_seed}: {nodes.Kills} kills, {acknowledged.Count} bodies, {feed.Tries} tries in vain, {Rows(stage, "select count(*) from fired")[0][0]} instants, {Rows(stage, "select count(*) from run")[0][0]} runs");

        // Every body that was acknowledged was taken, and once.
        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), Rows(stage, "select delivery_id from inbox").Select(row => row[0]).Order(StringComparer.Ordinal));
        AssertNone(stage, nodes, "select delivery_id, state from inbox where state <> 1");
        AssertNone(stage, nodes, "select inbox_id from inbox_receipt");

        // Every instant fired once, for one run that came to its end.
        AssertNone(stage, nodes, $"select f.pipeline, f.due_at, r.state, r.note from fired f left join run_request r on r.id = f.request_id where r.id is null or {Failed}");
        AssertNone(stage, nodes, "select run_id from run_request where run_id is not null group by run_id having count(*) > 1");
        AssertNone(stage, nodes, "select pipeline from fired group by pipeline having count(distinct due_at % case pipeline when 'people' then 1000 when 'debtors' then 2000 else 5000 end) > 1");
        AssertNone(stage, nodes, $"select r.pipelines, r.state, r.note from run_request r where {Failed}");
        AssertNone(stage, nodes, "select id, node, started_at from run where state = 'running'");

        // The same customers, of the same records, with the same values, here and at the destinations.
        Assert.Empty(StoreDump.Faults(stage.Disturbed));
        StoreDump.AssertSame(StoreFacts.Of(stage.Undisturbed), StoreFacts.Of(stage.Disturbed), $"after {nodes.Kills} kills");
        StoreDump.AssertSame(Target(stage.Undisturbed, "people.csv"), Target(stage.Disturbed, "people.csv"), "the table");
        StoreDump.AssertSame(Target(stage.Undisturbed, "people.jsonl"), Target(stage.Disturbed, "people.jsonl"), "the lines");
        Assert.DoesNotContain("should not happen", nodes.Said, StringComparison.Ordinal);
    }

    /// <summary>What befalls them: mostly one is killed, twice the store is cut off from all, the second time while one is dead.</summary>
    private static async Task StrikeAsync(ClusterStage stage, NodeGroup nodes, Random dice, int blow)
    {
        var victim = dice.Next(nodes.Count);
        if (blow is not 3)
            nodes.Kill(victim);
        if (blow is 3 or 6)
        {
            stage.Wire.Cut();
            await Task.Delay(2000 + dice.Next(1500), Token);
            stage.Wire.Mend();
        }

        if (blow is not 3)
            await nodes.StartAsync(victim);
    }

    private static bool HasFirstFiles(HubFolder folder) => folder.HasStore && StoreDump.Count(folder, "source_record") == 500 && StoreDump.Count(folder, "pending") == 0;

    private static bool IsAllTaken(HubFolder folder, long since) => IsSettled(folder, "select count(*) from inbox where state = 0")
        && Number(folder, $"select count(distinct pipelines) from run_request where pipelines in ('people', 'debtors', 'to-lines') and state = 'done' and started_at > {since}") == 3
        && Number(folder, "select count(*) from run_request where cause = 'change' and state in ('waiting', 'running')") == 0
        && Number(folder, $"select count(*) from run where state = 'running' and started_at < {since}") == 0;

    private static bool IsUndisturbedDone(ClusterStage stage, int bodies)
    {
        using var inbox = Webhooks.HookSender.Inbox(stage.Undisturbed);
        return inbox.Scalar<long>("select count(*) from inbox where state = 1") == bodies && IsSettled(stage.Undisturbed, "select 0");
    }

    private static bool IsSettled(HubFolder folder, string waiting) =>
        Number(folder, waiting) == 0 && Number(folder, "select count(*) from pending") == 0 && Number(folder, "select count(*) from outbound where feed_seq < (select max(seq) from change_feed)") == 0;

    private static long Number(HubFolder folder, string sql) => long.Parse(StoreFacts.Rows(folder, sql)[0][0], CultureInfo.InvariantCulture);

    private static void AssertNone(ClusterStage stage, NodeGroup nodes, string sql)
    {
        var rows = Rows(stage, sql);
        Assert.True(rows.Count == 0, $"{sql}\n{string.Join('\n', rows.Take(10).Select(row => string.Join(" | ", row)))}\n{(rows.Count == 0 ? "" : nodes.Trouble)}");
    }

    private static IReadOnlyList<string[]> Rows(ClusterStage stage, string sql) => StoreFacts.Rows(stage.Disturbed, sql);

    /// <summary>The lines of a file that was pushed, without the hub's numbers.</summary>
    private static IReadOnlyList<string> Target(HubFolder folder, string name) =>
        [.. File.ReadLines(folder.In($"target/{name}")).Select(line => name.EndsWith(".csv", StringComparison.Ordinal) ? line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..] : line.Replace(Id(line), "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Id(string line) => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("Id").GetString()!;

    private static async Task UntilAsync(Func<bool> isSo, NodeGroup nodes, string what)
    {
        var clock = TimeProvider.System;
        for (var began = clock.GetTimestamp(); !isSo(); await Task.Delay(TimeSpan.FromMilliseconds(300), clock, Token))
            Assert.True(clock.GetElapsedTime(began) < s_patience, $"in vain: {what}\n{nodes.Trouble}");
    }
}
