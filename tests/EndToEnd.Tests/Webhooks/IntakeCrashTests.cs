using System.Collections.Concurrent;
using System.Net;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Webhooks;

/// <summary>Acknowledged means committed: whatever happens to the program or its disk while webhooks come in.</summary>
public sealed class IntakeCrashTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // `benchmarks hooks --kills 1000` does the same more often.
    [Fact]
    public async Task No_acknowledged_request_is_lost_when_the_program_is_killed()
    {
        using var folder = HookSender.MakeFolder("{}");
        var acknowledged = new ConcurrentBag<string>();
        var (random, kills, next) = (new Random(7), 0, 0);
        var began = TimeProvider.System.GetTimestamp();
        while (kills < 4 || TimeProvider.System.GetElapsedTime(began) < s_time)
        {
            var (hub, address) = await ServingHub.StartAsync(folder);
            using (hub)
            {
                using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
                var senders = Enumerable.Range(0, 8).Select(_ => SendAsync(client, () => $"k-{Interlocked.Increment(ref next)}", acknowledged)).ToList();

                // Every third dies before it is warm.
                var before = acknowledged.Count;
                for (var i = 0; i < 1000 && kills % 3 != 2 && acknowledged.Count < before + 50; i++)
                    await Task.Delay(10, Token);
                await Task.Delay(random.Next(5, 300), Token);
                hub.Kill();
                await Task.WhenAll(senders);
            }

            kills++;
        }

        using var store = HookSender.Inbox(folder);
        Assert.Empty(store.Check());
        var stored = store.Query<string>("select delivery_id from inbox");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {acknowledged.Count} acknowledged, {stored.Count} stored");
        Assert.True(acknowledged.Count > kills * 10, $"{acknowledged.Count} acknowledged in {kills} lives");
        Assert.Empty(acknowledged.Except(stored));
        Assert.Equal(stored.Count, stored.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_full_disk_is_told_to_the_senders_and_what_was_acknowledged_is_there()
    {
        using var folder = HookSender.MakeFolder("{}");
        folder.Write("hub.json", """{ "log": { "folder": null } }""");
        using var disk = Mount.At(folder.In("data"), "size=3m");
        var (hub, address) = await ServingHub.StartAsync(folder);
        using var shop = new HookSender(folder, hub, address);
        var acknowledged = new List<string>();
        HttpStatusCode status;
        var n = 0;
        do
        {
            using var request = HookSender.Good($"f-{n}", HookSender.Customer(new string('x', 20_000)));
            (status, var body, var headers) = await shop.SendAsync(request);
            if (status == HttpStatusCode.OK)
                acknowledged.Add($"f-{n}");
            else
                Assert.True(status == HttpStatusCode.ServiceUnavailable && headers.RetryAfter is not null, $"{status} {body}");
        }
        while (status == HttpStatusCode.OK && ++n < 1000);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("is full", hub.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", hub.Errors, StringComparison.OrdinalIgnoreCase);

        disk.Change("size=40m");
        await Task.Delay(1500, Token);
        for (var i = 0; i < 20; i++)
        {
            using var request = HookSender.Good($"after-{i}");
            Assert.Equal(HttpStatusCode.OK, (await shop.SendAsync(request)).Status);
            acknowledged.Add($"after-{i}");
        }

        Assert.All(acknowledged, id => Assert.Equal(1, shop.Stored(id)));
        hub.Kill();
    }

    private static async Task SendAsync(HttpClient client, Func<string> next, ConcurrentBag<string> acknowledged)
    {
        try
        {
            while (true)
            {
                var id = next();
                using var request = HookSender.Good(id);
                using var response = await client.SendAsync(request, Token);
                if (response.StatusCode == HttpStatusCode.OK)
                    acknowledged.Add(id);
            }
        }
        catch (HttpRequestException)
        {
            // The hub was killed.
        }
    }
}
