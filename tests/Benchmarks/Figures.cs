using System.Globalization;
using Crm.Integration.Benchmarks.Matching;
using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Benchmarks;

/// <summary>All figures that the documentation quotes, by one command: how right matching is, and how fast, on every engine that is here.</summary>
internal static class Figures
{
    private const string Usage = """
        usage: figures [--labelled DIR] [--records N] [--rows N] [--postgresql CONNECTION]
          --labelled    a folder with public labelled data, measured beside the made-up worlds
          --records     the world "crm" once more, at so many records
          --rows        rows of four systems for the speed of each engine (1,000,000); 0 for none
          --postgresql  an empty database of a PostgreSQL server, measured beside SQLite
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (labelled, records, rows, postgres) = ("", 0, 1_000_000, "");
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--labelled" when Directory.Exists(value): labelled = value; break;
                case "--records" when int.TryParse(value, CultureInfo.InvariantCulture, out records): break;
                case "--rows" when int.TryParse(value, CultureInfo.InvariantCulture, out rows): break;
                case "--postgresql" when value.Length > 0: postgres = value; break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}"));
        Console.WriteLine();
        QualityTable.Run(labelled.Length > 0 ? ["--labelled", labelled, "--seed", "1", "--seed", "7"] : ["--seed", "1", "--seed", "7"]);
        if (records > 0)
            QualityTable.Run(["--world", "crm", "--records", records.ToString(CultureInfo.InvariantCulture)]);
        if (rows == 0)
            return 0;
        var code = await SpeedAsync("SQLite", rows, []);
        return code == 0 && postgres.Length > 0 ? await SpeedAsync("PostgreSQL", rows, ["--store", "postgresql", "--connection", postgres]) : code;
    }

    private static async Task<int> SpeedAsync(string engine, int rows, string[] store)
    {
        Console.WriteLine();
        Console.WriteLine(engine);
        return (int)await new HubProgram(Terminal.OfProcess(noColor: true), TimeProvider.System)
            .RunAsync(["bench", "match", "--rows", rows.ToString(CultureInfo.InvariantCulture), .. store], CancellationToken.None);
    }
}
