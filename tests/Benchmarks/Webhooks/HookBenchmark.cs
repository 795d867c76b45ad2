using System.Globalization;

namespace Crm.Integration.Benchmarks.Webhooks;

/// <summary>How fast webhooks are taken, verified and made durable, beside a bare program in the same minutes.</summary>
internal static class HookBenchmark
{
    private const string Usage = """
        usage: hooks [--clients N] [--seconds N] [--rounds N] [--postgresql CONNECTION] [--kills N]
          --clients     senders that wait for each answer (64)
          --seconds     how long each is measured, after two seconds of warming up (8)
          --rounds      how often; they take turns, and the medians count (3)
          --postgresql  an empty database of a PostgreSQL server, measured too
          --kills       kill -9 so many times while webhooks come in, and look whether all that were acknowledged are there; nothing is measured
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (clients, seconds, rounds, postgres, kills) = (64, 8.0, 3, "", 0);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--clients" when int.TryParse(value, CultureInfo.InvariantCulture, out clients): break;
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out seconds): break;
                case "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out rounds): break;
                case "--kills" when int.TryParse(value, CultureInfo.InvariantCulture, out kills): break;
                case "--postgresql" when value.Length > 0: postgres = value; break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"benchmarks hooks {string.Join(' ', arguments.Select(argument => argument == postgres ? "…" : argument))}"));
        if (kills > 0)
            return await HookKills.RunAsync(kills, Console.Out);

        var servers = new List<(string Name, Func<Task<HookServer>> Start)>
        {
            ("bare program, SQLite, only commits in groups", HookServer.BareAsync),
            ("hub, SQLite", () => HookServer.HubAsync("""{ "provider": "sqlite", "connectionString": "Data Source=data/hub.db" }""")),
        };
        if (postgres.Length > 0)
            servers.Add(("hub, PostgreSQL", () => HookServer.HubAsync($$"""{ "provider": "postgresql", "connectionString": "{{postgres}}" }""")));

        var results = servers.ToDictionary(server => server.Name, _ => new List<(LoadResult Load, double Cpu, long Memory)>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, start) in servers)
            {
                using var server = await start();
                var before = server.Cost().Seconds;
                var load = await server.LoadAsync(clients, 2, seconds, (ulong)round << 40);
                var (cpu, memory) = server.Cost();
                results[name].Add((load, (cpu - before) * 1e6 / load.Sent, memory));
                server.Kill();
                Directory.Delete(server.Folder, recursive: true);
            }
        }

        Console.WriteLine();
        Console.WriteLine("| server | webhooks/s | p50 ms | p99 ms | p99.9 ms | longest ms | refused | processor µs each | peak MB |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, _) in servers)
        {
            double Median(Func<(LoadResult Load, double Cpu, long Memory), double> of) => results[name].Select(of).Order().ElementAt(rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(one => one.Load.PerSecond):N0} | {Median(one => one.Load.P50):0.0} | {Median(one => one.Load.P99):0.0} | {Median(one => one.Load.P999):0.0} | {Median(one => one.Load.Max):0} | {results[name].Sum(one => one.Load.Refused)} | {Median(one => one.Cpu):0} | {Median(one => one.Memory):0} |"));
        }

        return 0;
    }
}
