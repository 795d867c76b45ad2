using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Hub.Bench;

/// <summary>What the hub is measured beside: tools that do a part of its work.</summary>
internal static class Yardsticks
{
    /// <summary>CsvHelper alone: reads every field of every row.</summary>
    /// <returns>The rows read.</returns>
    public static long ReadCsv(string folder, CancellationToken cancellationToken)
    {
        var rows = 0L;
        foreach (var file in Directory.EnumerateFiles(folder, "*.csv"))
        {
            using var reader = new StreamReader(file);
            using var csv = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture));
            for (csv.Read(); csv.Read(); rows++)
            {
                for (var i = 0; i < csv.Count; i++)
                    _ = csv[i];
                if (rows % 8192 == 0)
                    cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return rows;
    }

    /// <summary>The sqlite3 program's import into one table with a key and an index, or false when the machine has no sqlite3.</summary>
    public static async Task<bool> ImportAsync(string folder, string database, CancellationToken cancellationToken)
    {
        var imports = Directory.EnumerateFiles(folder, "*.csv").Select(file => $".import --csv --skip 1 \"{file}\" t");
        var script = string.Join('\n', ["pragma journal_mode = wal;", "create table t (id text primary key, first text, last text, email text, phone text, birth text, street text, zip text, city text) without rowid;", "create index t_email on t (email);", .. imports, ""]);
        try
        {
            using var process = Process.Start(new ProcessStartInfo("sqlite3", [database]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            await process.StandardInput.WriteAsync(script.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // Not installed: there is nothing to compare with.
            return false;
        }
    }
}
