using System.Diagnostics;
using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Benchmarks;

/// <summary>Reads a CSV file of eight columns into pages of source rows, beside CsvHelper's parser alone.</summary>
internal static class CsvReadingBenchmark
{
    public static async Task RunAsync(TextWriter output, int rows, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("hub-bench-");
        try
        {
            Write(Path.Combine(folder.FullName, "customers.csv"), rows);
            for (var round = 1; round <= 3; round++)
            {
                var alone = Rate(rows, ParserAlone(Path.Combine(folder.FullName, "customers.csv")));
                var ours = Rate(rows, await PagesAsync(folder.FullName, cancellationToken));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"csv reading, round {round}: {ours:N0} rows/s into pages; CsvHelper alone {alone:N0} rows/s; peak {Environment.WorkingSet >> 20} MB"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Rate(int rows, TimeSpan time) => rows / time.TotalSeconds;

    private static TimeSpan ParserAlone(string path)
    {
        var watch = Stopwatch.StartNew();
        using var parser = new CsvParser(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture));
        long characters = 0;
        while (parser.Read())
        {
            for (var i = 0; i < parser.Count; i++)
                characters += parser[i].Length;
        }

        return characters > 0 ? watch.Elapsed : TimeSpan.MaxValue;
    }

    private static async Task<TimeSpan> PagesAsync(string folder, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await using var connection = new CsvConnector().Open(new CsvSettings { Folder = folder }, new("bench", folder, TimeProvider.System));
        await foreach (var page in connection.PullAsync(new PullRequest("customers.csv"), cancellationToken))
            cancellationToken.ThrowIfCancellationRequested();
        return watch.Elapsed;
    }

    private static void Write(string path, int rows)
    {
        using var file = File.CreateText(path);
        file.WriteLine("id,first,last,email,phone,street,zip,city");
        for (var i = 0; i < rows; i++)
            file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"C{i:D7},Anna{i % 500},Müller{i % 3000},anna{i}@example.com,+4930{i % 1000000:D7},Hauptstr. {i % 200},{i % 90000:D5},Berlin"));
    }
}
