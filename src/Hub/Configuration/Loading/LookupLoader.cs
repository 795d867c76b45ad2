using System.Globalization;
using System.Text;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Reads the look-up tables of a pipeline, inline or from CSV files.</summary>
internal sealed class LookupLoader(string folder, ConfigProblems problems)
{
    private const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>The tables by name. One with mistakes is there but empty, so that its uses are not reported as well.</summary>
    public IReadOnlyDictionary<string, LookupTable> Load(PipelineDraft draft)
    {
        Dictionary<string, LookupTable> tables = new(StringComparer.Ordinal);
        foreach (var member in draft.Root["lookups"]?.Members ?? [])
        {
            Dictionary<string, Value> entries = new(StringComparer.Ordinal);
            tables.Add(member.Name, new(entries));
            if (member.Value.Kind != ConfigKind.Object)
                continue;
            var (file, inline) = (member.Value["file"], member.Value["entries"]);
            if (file is null == inline is null)
                problems.Add(member.Value, $"the look-up table '{member.Name}' needs either 'file' or 'entries'", "write { \"entries\": { \"key\": \"value\" } } or { \"file\": \"lookups/name.csv\" }");
            else if (inline is not null)
                AddInline(inline, entries);
            else if (file is { Kind: ConfigKind.Text })
                AddFile(file, entries);
        }

        return tables;
    }

    private void AddInline(ConfigNode inline, Dictionary<string, Value> entries)
    {
        foreach (var entry in inline.Members)
        {
            if (entry.Value.Kind == ConfigKind.Text && !Add(entries, entry.Name, entry.Value.Text))
                problems.Add(inline.Document, entry.Offset, $"'{entry.Name}' stands in the table already, with another value", "keys are compared without regard to case, width and outer blanks: keep one");
        }
    }

    private void AddFile(ConfigNode node, Dictionary<string, Value> entries)
    {
        var path = Path.Combine(folder, node.Text);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                problems.Add(node, $"the look-up file {node.Text} is larger than {MaxBytes / 1024 / 1024} MB", "a table this large belongs into a pipeline of its own");
                return;
            }

            using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            using var csv = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { DetectDelimiter = true, DetectDelimiterValues = [",", ";", "\t"] });
            csv.Read();
            while (csv.Read())
            {
                if (csv.Count < 2)
                {
                    problems.Add(node, $"{node.Text} line {csv.RawRow} has one column", "the first column is the key, the second the value");
                    return;
                }

                if (!Add(entries, csv[0], csv[1]))
                {
                    problems.Add(node, $"{node.Text} line {csv.RawRow} has a key that stands in the file already, with another value", "keys are compared without regard to case, width and outer blanks: keep one of the lines");
                    return;
                }
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(node, $"the look-up file {node.Text} does not exist", "its path starts at the hub folder");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(node, $"the look-up file {node.Text} cannot be read: {e.Message}", "give the account that runs the hub the right to read it");
        }
        catch (DecoderFallbackException)
        {
            problems.Add(node, $"the look-up file {node.Text} is not UTF-8", "save it as UTF-8");
        }
        catch (CsvHelperException)
        {
            problems.Add(node, $"the look-up file {node.Text} is not a CSV file that can be read", "check its quotes");
        }
    }

    private static bool Add(Dictionary<string, Value> entries, string key, string value)
    {
        var folded = TextFold.ToHalfWidth(key.Trim()).ToLowerInvariant();
        return entries.TryAdd(folded, value) || entries[folded].AsText == value;
    }
}
