using System.CommandLine;
using Crm.Integration.Hub.Bench;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Runs;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub bench match</c></summary>
internal sealed class BenchMatchCommand : HubCommand
{
    private const long MostStep = 1_000_000;

    private readonly Option<int> _rows = new("--rows") { HelpName = "N", DefaultValueFactory = _ => 1_000_000, Description = "Rows of the four systems together (1,000,000)." };
    private readonly Option<int> _seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Another seed makes other people (1)." };
    private readonly Option<string> _store = new("--store") { HelpName = "ENGINE", DefaultValueFactory = _ => "sqlite", Description = "The engine, as store.provider in hub.json (sqlite)." };
    private readonly Option<string?> _connection = new("--connection") { HelpName = "TEXT", Description = "How to reach an empty database, as store.connectionString in hub.json; for SQLite a new file serves." };
    private readonly Option<DirectoryInfo?> _data = new("--data") { HelpName = "DIR", Description = "Work in this empty folder and leave it, to look into." };

    public BenchMatchCommand()
        : base("match", "Measure matching: a first load, then a day of changes, with the time of each stage.")
    {
        Add(_rows);
        Add(_seed);
        Add(_store);
        Add(_connection);
        Add(_data);
        Remarks = "The day: one row in a hundred is changed, and one in a hundred is new. Rates are rows of all systems in a second, landing and matching together unless said otherwise.";
        Examples = [("hub bench match --rows 200000", "a quick look"), ("hub bench match --rows 10000000 --data /var/tmp/big", "ten million, kept")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var rows = arguments.GetValue(_rows);
        if (rows < 800)
            throw CommandException.Usage($"{rows} rows are too few to measure", "give --rows at least 800");
        var store = Store(arguments);
        var keep = arguments.GetValue(_data);
        if (keep is { Exists: true } && keep.EnumerateFileSystemInfos().Any())
            throw CommandException.Usage($"the folder {keep} is not empty", "name a new one");
        var folder = keep?.FullName ?? Directory.CreateTempSubdirectory("hub-bench-").FullName;
        try
        {
            var (measures, keys) = await MeasureAsync(context, folder, store, rows, arguments.GetValue(_seed));
            context.Show(Document(rows, store, measures, keys), console => Write(console, measures, keys));
            return ExitCode.Done;
        }
        finally
        {
            if (keep is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private StoreSettings Store(ParseResult arguments)
    {
        if (!Enum.TryParse<StoreProvider>(arguments.GetValue(_store), ignoreCase: true, out var provider))
            throw CommandException.Usage($"there is no store engine '{arguments.GetValue(_store)}'", $"use one of {string.Join(", ", Enum.GetNames<StoreProvider>()).ToLowerInvariant()}");
        var connection = arguments.GetValue(_connection);
        if (provider != StoreProvider.Sqlite && connection is null)
            throw CommandException.Usage("a server's database must be named", "give --connection, for an empty database");
        return connection is null ? new StoreSettings { Provider = provider } : new StoreSettings { Provider = provider, ConnectionString = connection };
    }

    private static async Task<(IReadOnlyList<MatchMeasure> Measures, IReadOnlyList<KeyKind> Keys)> MeasureAsync(CommandContext context, string folder, StoreSettings store, int rows, int seed)
    {
        var data = new BenchData(rows, seed);
        var input = Path.Combine(folder, "in");
        var bench = new MatchBench(BenchHub.Make(folder, store), context.Clock, context.Loggers.CreateLogger("bench"));
        if (bench.HasRecords())
            throw CommandException.Usage("the database holds records already", "name an empty one: what is measured is a first load");
        Say("writing the files");
        data.Write(input, changed: 0, context.CancellationToken);
        var measures = new List<MatchMeasure> { await RunAsync("first load") };
        var keys = bench.Keys();
        measures.Add(await RunAsync("unchanged"));
        Say("changing one row in a hundred, and adding as many");
        data.Write(input, changed: 100, context.CancellationToken, added: 100);
        measures.Add(await RunAsync("1 % changed, 1 % new"));
        return (measures, keys);

        void Say(string text) => context.Error.MarkupLineInterpolated($"[grey]{text}[/]");

        Task<MatchMeasure> RunAsync(string what)
        {
            Say(what);
            return RunProgressView.WatchAsync(context.Error, context.Clock, progress => bench.RunAsync(what, Math.Min(MostStep, Math.Max(1, rows / 4)), progress, context.CancellationToken));
        }
    }

    private static object Document(int rows, StoreSettings store, IReadOnlyList<MatchMeasure> measures, IReadOnlyList<KeyKind> keys) => new
    {
        rows,
        store = store.Provider,
        processors = Environment.ProcessorCount,
        measured = measures.Select(measure => new
        {
            measure.What,
            measure.Rows,
            matched = measure.Meter.Records,
            seconds = Math.Round(measure.Took.TotalSeconds, 3),
            processorSeconds = Math.Round(measure.Processor.TotalSeconds, 3),
            rowsPerSecond = Math.Round(measure.Rows / measure.Took.TotalSeconds),
            matchedPerSecond = Math.Round(measure.Meter.Records / measure.Meter.Total.TotalSeconds),
            measure.Masters,
            scoredPerRecord = Math.Round((double)measure.Meter.Scored / Math.Max(1, measure.Meter.Records), 2),
            keptPerRecord = Math.Round((double)measure.Meter.Kept / Math.Max(1, measure.Meter.Records), 2),
            peakMegabytes = Math.Round(measure.PeakMegabytes),
            storeMegabytes = Math.Round(measure.StoreMegabytes),
            stages = measure.Stages.ToDictionary(stage => stage.Stage, stage => Math.Round(stage.Took.TotalSeconds, 2)),
            growth = measure.Growth,
        }),
        keys,
    };

    private static void Write(IAnsiConsole console, IReadOnlyList<MatchMeasure> measures, IReadOnlyList<KeyKind> keys)
    {
        var table = Tables.New(["", .. measures.Select(measure => "#" + measure.What)]);
        Row("rows", measure => FormattableString.Invariant($"{measure.Rows:N0}"));
        Row("took", measure => Words.Duration(measure.Took));
        Row("rows/s", measure => FormattableString.Invariant($"{measure.Rows / measure.Took.TotalSeconds:N0}"));
        Row("matched", measure => FormattableString.Invariant($"{measure.Meter.Records:N0}"));
        Row("matched/s, matching alone", measure => measure.Meter.Records == 0 ? "·" : FormattableString.Invariant($"{measure.Meter.Records / measure.Meter.Total.TotalSeconds:N0}"));
        Row("pairs scored a record", measure => FormattableString.Invariant($"{(double)measure.Meter.Scored / Math.Max(1, measure.Meter.Records):N1}"));
        Row("customers", measure => FormattableString.Invariant($"{measure.Masters:N0}"));
        Row("processor time", measure => FormattableString.Invariant($"{measure.Processor.TotalSeconds:N1} s"));
        Row("peak memory so far", measure => FormattableString.Invariant($"{measure.PeakMegabytes:N0} MB"));
        Row("store", measure => FormattableString.Invariant($"{measure.StoreMegabytes:N0} MB"));
        foreach (var (stage, _) in measures[0].Stages)
            Row("  " + stage, measure => FormattableString.Invariant($"{measure.Stages.First(other => other.Stage == stage).Took.TotalSeconds:N1} s"));
        console.Write(table);
        console.WriteLine();
        var growth = Tables.New("#matched so far", "#matched/s since the last line", "#memory MB");
        foreach (var line in measures[0].Growth)
            growth.AddRow(Tables.Number(line.Records), Tables.Number((long)line.PerSecond), Tables.Number((long)line.Megabytes));
        console.Write(growth);
        console.WriteLine();
        var kinds = Tables.New("key", "#a record has", "#records share it", "#at most", "#too common");
        foreach (var key in keys)
        {
            kinds.AddRow(
                Tables.Plain(key.Kind), Tables.Plain(FormattableString.Invariant($"{key.PerRecord:N2}")), Tables.Plain(FormattableString.Invariant($"{key.Sharing:N1}")),
                Tables.Number(key.Most), Tables.Plain(FormattableString.Invariant($"{100 * key.Hot:N1} %")));
        }

        console.Write(kinds);
        console.WriteLine();
        console.WriteLine(FormattableString.Invariant($"{Environment.ProcessorCount} processors"));

        void Row(string what, Func<MatchMeasure, string> value) => table.AddRow([Tables.Plain(what), .. measures.Select(measure => Tables.Plain(value(measure)))]);
    }
}
