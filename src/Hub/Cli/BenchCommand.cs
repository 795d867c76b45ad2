using System.CommandLine;
using System.Diagnostics;
using Crm.Integration.Hub.Bench;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub bench</c></summary>
internal sealed class BenchCommand : HubCommand
{
    private readonly Option<int> _rows = new("--rows") { HelpName = "N", DefaultValueFactory = _ => 1_000_000, Description = "Rows of the four systems together (1,000,000)." };
    private readonly Option<int> _seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Another seed makes other people (1)." };
    private readonly Option<DirectoryInfo?> _keep = new("--keep") { HelpName = "DIR", Description = "Work in this empty folder and leave it, to look into." };

    public BenchCommand()
        : base("bench", "Measure this machine: made-up people of four systems, matched into a new store.")
    {
        Add(_rows);
        Add(_seed);
        Add(_keep);
        Add(new BenchMatchCommand());
        Remarks = "Touches no hub folder: everything happens in a temporary folder. Beside the hub stand CsvHelper reading alone, and sqlite3 importing without matching.";
        Examples = [("hub bench", "a million rows"), ("hub bench --rows 100000", "a quick look")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var rows = arguments.GetValue(_rows);
        if (rows < 8)
            throw CommandException.Usage($"{rows} rows are too few to measure", "give --rows at least 8");
        var keep = arguments.GetValue(_keep);
        if (keep is { Exists: true } && keep.EnumerateFileSystemInfos().Any())
            throw CommandException.Usage($"the folder {keep} is not empty", "name a new one");
        var folder = keep?.FullName ?? Directory.CreateTempSubdirectory("hub-bench-").FullName;
        try
        {
            var lines = await MeasureAsync(context, folder, rows, arguments.GetValue(_seed));
            var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
            context.Show(
                new { rows, processors = Environment.ProcessorCount, peakMegabytes = Math.Round(peak), measured = lines.Select(line => new { line.What, line.Rows, seconds = Math.Round(line.Took.TotalSeconds, 3), rowsPerSecond = Math.Round(line.Rows / line.Took.TotalSeconds), line.Note }) },
                console => Write(console, lines, peak));
            return ExitCode.Done;
        }
        finally
        {
            if (keep is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Measured>> MeasureAsync(CommandContext context, string folder, int rows, int seed)
    {
        var data = new BenchData(rows, seed);
        var input = Path.Combine(folder, "in");
        var lines = new List<Measured>();
        Say("writing the files");
        var bytes = data.Write(input, changed: 0, context.CancellationToken);

        Say("reading them with CsvHelper alone");
        var (read, took) = Timed(context.Clock, () => Yardsticks.ReadCsv(input, context.CancellationToken));
        lines.Add(new("CsvHelper alone", read, took, FormattableString.Invariant($"{bytes / 1e6:N0} MB")));

        Say("importing them with sqlite3");
        var started = context.Clock.GetTimestamp();
        if (await Yardsticks.ImportAsync(input, Path.Combine(folder, "import.db"), context.CancellationToken))
            lines.Add(new("sqlite3 .import", read, context.Clock.GetElapsedTime(started), "key and index, no matching"));

        var configuration = BenchHub.Make(folder);
        Say("hub, without a store");
        started = context.Clock.GetTimestamp();
        var mapped = await MappingOnly.RunAsync(configuration, context.Clock, context.CancellationToken);
        lines.Add(new("hub, no store", mapped, context.Clock.GetElapsedTime(started), "read, mapped, validated"));
        lines.Add(await RunAsync("hub, new store", "mapped, validated, matched, merged"));
        lines.Add(await RunAsync("hub, unchanged", "nothing written"));
        data.Write(input, changed: 100, context.CancellationToken);
        lines.Add(await RunAsync("hub, 1 % changed", ""));
        return lines;

        void Say(string text) => context.Error.MarkupLineInterpolated($"[grey]{text}[/]");

        async Task<Measured> RunAsync(string what, string note)
        {
            Say(what);
            var runner = new Runner(configuration, context.Clock, context.Loggers.CreateLogger("bench"));
            var report = await RunProgressView.WatchAsync(context.Error, context.Clock, progress => runner.RunAsync([], new RunOptions(), progress, context.CancellationToken));
            context.CancellationToken.ThrowIfCancellationRequested();
            if (report.State != RunState.Done)
                throw new CommandException(ExitCode.Failed, $"the run ended: {report.State}: {report.Pipelines.FirstOrDefault(pipeline => pipeline.Problem is not null)?.Problem}", "run with --keep DIR and look into the folder");
            var masters = report.Totals.Sum(total => total.Masters);
            return new(what, report.Pipelines.Sum(pipeline => pipeline.Counts.Read), report.Took, note.Length > 0 ? $"{note}; {Words.Count(masters, "customer")}" : Words.Count(masters, "customer"));
        }
    }

    private static (T Result, TimeSpan Took) Timed<T>(TimeProvider clock, Func<T> work)
    {
        var started = clock.GetTimestamp();
        return (work(), clock.GetElapsedTime(started));
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<Measured> lines, double peak)
    {
        var table = Tables.New("what", "#rows", "#took", "#rows/s", "");
        foreach (var line in lines)
            table.AddRow(Tables.Plain(line.What), Tables.Number(line.Rows), Tables.Plain(Words.Duration(line.Took)), Tables.Number((long)(line.Rows / line.Took.TotalSeconds)), Tables.Plain(line.Note, new Style(Color.Grey)));
        console.Write(table);
        console.WriteLine();
        console.WriteLine(FormattableString.Invariant($"{Environment.ProcessorCount} processors, peak memory {peak:N0} MB"));
    }

    private sealed record Measured(string What, long Rows, TimeSpan Took, string Note);
}
