using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Crm.Integration.Benchmarks.Webhooks;

/// <summary>
/// Sends webhooks over raw sockets: each client sends one, waits for its answer, and sends the next. Runs as a process of its own with
/// as little work a request as .NET allows, since it shares the machine with what it measures.
/// </summary>
internal sealed class LoadGenerator(Uri address, int clients, TimeSpan warmUp, TimeSpan time, ulong firstId)
{
    private readonly HookRequests _requests = new(address);
    private readonly List<long>[] _latencies = [.. Enumerable.Range(0, clients).Select(_ => new List<long>(1 << 14))];
    private readonly int[] _refused = new int[clients];
    private readonly long[] _sent = new long[clients];
    private long _from;
    private long _until;

    /// <summary>The verb <c>hooks-load ADDRESS CLIENTS WARM-UP SECONDS FIRST-ID</c>: prints what was measured as JSON.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        double Number(int i) => double.Parse(arguments[i], CultureInfo.InvariantCulture);
        var load = new LoadGenerator(new Uri(arguments[0]), (int)Number(1), TimeSpan.FromSeconds(Number(2)), TimeSpan.FromSeconds(Number(3)), ulong.Parse(arguments[4], CultureInfo.InvariantCulture));
        Console.WriteLine(JsonSerializer.Serialize(await load.MeasureAsync()));
        return 0;
    }

    private async Task<LoadResult> MeasureAsync()
    {
        var began = Stopwatch.GetTimestamp();
        _from = began + (long)(warmUp.TotalSeconds * Stopwatch.Frequency);
        _until = _from + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(ClientAsync));
        var all = _latencies.SelectMany(each => each).Order().ToArray();
        double At(double share) => all.Length == 0 ? 0 : all[Math.Min(all.Length - 1, (int)(all.Length * share))] * 1000.0 / Stopwatch.Frequency;
        return new(all.Length / time.TotalSeconds, At(0.5), At(0.99), At(0.999), At(1), _refused.Sum(), _sent.Sum());
    }

    private async Task ClientAsync(int client)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port));
        var (request, answer) = (new byte[_requests.Longest], new byte[4096]);
        for (var n = 0UL; ; n++)
        {
            var length = _requests.Write(firstId + (ulong)client + (n * (ulong)clients), request);
            var sent = Stopwatch.GetTimestamp();
            if (sent >= _until)
                return;
            await socket.SendAsync(request.AsMemory(0, length));
            var received = await socket.ReceiveAsync(answer);
            if (received == 0)
                return;
            var now = Stopwatch.GetTimestamp();
            _sent[client]++;

            // The answers are so short that they come in one piece: "HTTP/1.1 200".
            if (received < 12 || answer[9] != '2')
                _refused[client]++;
            else if (sent >= _from && now <= _until)
                _latencies[client].Add(now - sent);
        }
    }
}

/// <summary>What was measured: requests a second, and latencies in milliseconds; all that were sent, warming up included.</summary>
internal sealed record LoadResult(double PerSecond, double P50, double P99, double P999, double Max, int Refused, long Sent);
