using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Benchmarks.Webhooks;

/// <summary>Kills the hub again and again while webhooks come in: each that was acknowledged must be in the inbox, once.</summary>
internal static class HookKills
{
    private const int Clients = 16;

    public static async Task<int> RunAsync(int kills, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("hub-hooks-").FullName;
        var random = new Random(1);
        var acknowledged = new ConcurrentBag<ulong>();
        var next = 0UL;
        var watch = Stopwatch.StartNew();
        for (var kill = 0; kill < kills; kill++)
        {
            using var hub = await HookServer.HubAsync("""{ "provider": "sqlite", "connectionString": "Data Source=data/hub.db" }""", folder);
            var requests = new HookRequests(hub.Address);
            var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => SendAsync(hub.Address, requests, () => Interlocked.Increment(ref next), acknowledged))).ToList();

            // Every third dies before it is warm.
            var before = acknowledged.Count;
            for (var i = 0; i < 1000 && kill % 3 != 2 && acknowledged.Count < before + 50; i++)
                await Task.Delay(10);
            await Task.Delay(random.Next(5, 300));
            hub.Kill();
            await Task.WhenAll(clients);
        }

        var engine = MasterStore.EngineOf(new StoreSettings(), folder);
        using var store = MasterStore.Open(engine.Service, TimeProvider.System);
        var stored = store.Query<string>("select delivery_id from inbox").GroupBy(id => id, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var lost = acknowledged.Count(number => !stored.ContainsKey(HookRequests.IdOf(number)));
        var twice = stored.Values.Count(count => count > 1);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kills} kills in {watch.Elapsed.TotalSeconds:0} s: {acknowledged.Count:N0} acknowledged, {stored.Count:N0} stored, {lost} lost, {twice} stored twice, {string.Join("; ", store.Check().DefaultIfEmpty("store sound"))}"));
        store.Dispose();
        Directory.Delete(folder, recursive: true);
        return lost + twice == 0 ? 0 : 1;
    }

    private static async Task SendAsync(Uri address, HookRequests requests, Func<ulong> next, ConcurrentBag<ulong> acknowledged)
    {
        var (request, answer) = (new byte[requests.Longest], new byte[4096]);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port));
            while (true)
            {
                var number = next();
                await socket.SendAsync(request.AsMemory(0, requests.Write(number, request)));
                var received = await socket.ReceiveAsync(answer);
                if (received < 12)
                    return;
                if (answer[9] == '2')
                    acknowledged.Add(number);
            }
        }
        catch (SocketException)
        {
            // The hub was killed.
        }
    }
}
