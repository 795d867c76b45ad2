using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Crm.Integration.Benchmarks.Service;

/// <summary>How long the real `hub serve` takes to listen, and how much memory it holds: at the start, right after a run, and when it has been idle for a while.</summary>
internal static class IdleMeasurement
{
    private const int Rounds = 3;
    private const int People = 20_000;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var program = arguments is ["--program", var given] ? given : Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hub.exe" : "hub");
        if (!File.Exists(program) || arguments.Length is 1 or > 2)
        {
            Console.Error.WriteLine("usage: idle [--program FILE]   the hub to measure; without it the one built beside this program");
            return 2;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; {Rounds} rounds, medians; {program}"));
        var rounds = new List<(double Start, double Fresh, double Run, double Idle)>();
        for (var i = 0; i < Rounds; i++)
            rounds.Add(await OnceAsync(program));
        Print("start until it listens", "s", 2, rounds.ConvertAll(round => round.Start));
        Print("memory after the start, idle", "MB", 120, rounds.ConvertAll(round => round.Fresh));
        Print($"memory after a run over {People:N0} rows", "MB", null, rounds.ConvertAll(round => round.Run));
        Print("memory 28 seconds later, idle again", "MB", null, rounds.ConvertAll(round => round.Idle));
        return 0;
    }

    private static void Print(string what, string unit, double? limit, List<double> values)
    {
        values.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {values[values.Count / 2],8:N2} {unit}  (from {values[0]:N2} to {values[^1]:N2}){(limit is { } most ? $"  at most {most:N0}" : "")}"));
    }

    private static async Task<(double Start, double Fresh, double Run, double Idle)> OnceAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("hub-idle-").FullName;
        try
        {
            Write(folder, "hub.json", "{}");
            Write(folder, "connections/shop.json", """{ "connector": "csv", "folder": "in" }""");
            Write(folder, "pipelines/shop.json", """
                { "from": { "connection": "shop", "stream": "people.csv", "key": "id" }, "entity": "customer",
                  "map": { "name.given": "first", "name.family": "last", "email": "email | email" }, "trigger": { "every": "45s" } }
                """);
            Write(folder, "in/people.csv", "id,first,last,email\n" + string.Concat(Enumerable.Range(1, People).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},Anna{i},Keller{i},anna.{i}@mail{i}.example\n"))));
            var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardError = true };
            foreach (var argument in (string[])["serve", "--listen", "http://127.0.0.1:0"])
                start.ArgumentList.Add(argument);
            start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
            var watch = Stopwatch.StartNew();
            using var hub = Process.Start(start)!;
            try
            {
                await HearAsync(hub, "listening on");
                var listens = watch.Elapsed.TotalSeconds;
                
                // What is not used is given back when there was nothing to do for ten to twenty seconds.
                await Task.Delay(TimeSpan.FromSeconds(25));
                var fresh = Memory(hub);
                await HearAsync(hub, "is done: run");
                var after = Memory(hub);
                await Task.Delay(TimeSpan.FromSeconds(28));
                return (listens, fresh, after, Memory(hub));
            }
            finally
            {
                hub.Kill();
                await hub.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task HearAsync(Process hub, string text)
    {
        while (await hub.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"the service ended before it said '{text}'");
    }

    private static double Memory(Process hub)
    {
        hub.Refresh();
        return hub.WorkingSet64 / 1e6;
    }

    private static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
