using System.Globalization;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Webhooks;

/// <summary>Webhooks that any system may send, from the request to the customer, whatever happens to the service meanwhile.</summary>
public sealed class InboxTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_poison_message_is_put_aside_shown_and_replayed_and_stops_no_other(bool onPostgreSql)
    {
        using var folder = Shop.Folder(onPostgreSql);
        using var shop = new Shop();
        var (hub, address) = await ServingHub.StartAsync(folder);
        using (hub)
        {
            Assert.Equal(200, await shop.SendAsync(address, Shop.Person(1, "First")));
            Assert.Equal(200, await shop.SendAsync(address, """{"id":"2","first":"Broken","""));
            Assert.Equal(200, await shop.SendAsync(address, Shop.Person(3, "Third")));
            await UntilAsync(() => StoreDump.Count(folder, "source_record") == 2 && StoreDump.Count(folder, "pending") == 0, hub, "the good ones arrive");

            var poison = (await folder.HubAsync("--json", "inbox", "list", "--state", "poison")).With(0).Json.GetProperty("messages");
            Assert.Equal(1, poison.GetArrayLength());
            var id = poison[0].GetProperty("id").GetRawText();
            Assert.Contains("Broken", (await folder.HubAsync("inbox", "show", id)).With(0).Output, StringComparison.Ordinal);
            Assert.Contains("poison", (await folder.HubAsync("inbox", "list")).With(0).Output, StringComparison.Ordinal);

            // Nothing has been put right, so it is put aside again; a good one that is replayed changes nothing.
            Assert.Equal(1, (await folder.HubAsync("--json", "inbox", "replay", "--poison")).With(0).Json.GetProperty("replayed").GetInt32());
            Assert.Equal(1, (await folder.HubAsync("--json", "inbox", "replay", "1")).With(0).Json.GetProperty("replayed").GetInt32());
            await UntilAsync(() => StoreDump.Count(folder, "run where state = 'done'") >= 2, hub, "replayed ones are taken");
            Assert.Equal(2, (await folder.HubAsync("--json", "inbox", "replay", "77")).ExitCode);
            Assert.Equal(2, StoreDump.Count(folder, "source_record"));
            Assert.Equal(0, await hub.StopAsync());
        }

        Assert.Empty(StoreDump.Faults(folder));
        Assert.DoesNotContain("Broken", string.Concat(Directory.GetFiles(folder.In("data/logs")).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    /// <summary>A shop tells of five customers again and again, each time when it has been told that the time before was taken; the service dies and dies.</summary>
    [Theory]
    [InlineData(false, 8)]
    [InlineData(true, 6)]
    public async Task Killed_again_and_again_every_customer_ends_as_the_last_acknowledged_message_says(bool onPostgreSql, int kills)
    {
        const int Customers = 5;
        using var folder = Shop.Folder(onPostgreSql);
        using var shop = new Shop();
        var dice = new Random(5);
        var (hub, address) = await ServingHub.StartAsync(folder);
        var over = false;
        var senders = Enumerable.Range(1, Customers).Select(async customer =>
        {
            var sent = 0;
            for (var acknowledged = true; !(Volatile.Read(ref over) && acknowledged);)
            {
                if (acknowledged)
                    sent++;
                var name = string.Create(CultureInfo.InvariantCulture, $"Version{sent}");
                acknowledged = await shop.SendAsync(Volatile.Read(ref address), Shop.Person(customer, name), $"{customer}-{sent}") == 200;
                await Task.Delay(TimeSpan.FromMilliseconds(acknowledged ? 5 : 50), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            return sent;
        }).ToList();

        for (var kill = 0; kill < kills; kill++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1000 + dice.Next(1500)), TimeProvider.System, TestContext.Current.CancellationToken);
            hub.Kill();
            hub.Dispose();
            var (again, there) = await ServingHub.StartAsync(folder);
            hub = again;
            Volatile.Write(ref address, there);
        }

        Volatile.Write(ref over, true);
        var last = await Task.WhenAll(senders);
        using (hub)
        {
            await UntilAsync(() => Waiting(folder) == 0 && StoreDump.Count(folder, "pending") == 0, hub, "all is taken");
            for (var customer = 1; customer <= Customers; customer++)
                Assert.Equal(1, StoreDump.Count(folder, $"source_record where source_id = '{customer}' and data like '%\"Version{last[customer - 1]}\"%'"));
            Assert.Equal(0, await hub.StopAsync());
        }

        Assert.Empty(StoreDump.Faults(folder));
        Assert.Equal(0, StoreDump.Count(folder, "inbox_receipt"));
        var inbox = (await folder.HubAsync("--json", "inbox", "list", "--limit", "100000")).With(0).Json.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(last.Sum(), inbox.Count);
        Assert.All(inbox, message => Assert.Equal("done", message.GetProperty("state").GetString()));
    }

    private static int Waiting(HubFolder folder) =>
        HubProcess.RunAsync(folder.Path, "--json", "inbox", "list", "--state", "waiting").GetAwaiter().GetResult().With(0).Json.GetProperty("messages").GetArrayLength();

    private static async Task UntilAsync(Func<bool> isSo, ServingHub hub, string what)
    {
        var clock = TimeProvider.System;
        for (var began = clock.GetTimestamp(); !isSo(); await Task.Delay(TimeSpan.FromMilliseconds(300), clock, TestContext.Current.CancellationToken))
            Assert.True(clock.GetElapsedTime(began) < s_patience, $"in vain: {what}\n{hub.Errors}");
    }
}
