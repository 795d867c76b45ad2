using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Crm.Integration.Mapping.Records;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Benchmarks.Matching;

/// <summary>Records of one or more CSV files, with the customer that each really is.</summary>
internal sealed class LabelledRecords
{
    public List<EntityRecord> Records { get; } = [];

    /// <summary>Source and id of each record.</summary>
    public List<(string Source, string Id)> Ids { get; } = [];

    /// <summary>The number of the real customer of each record.</summary>
    public List<int> Customers { get; } = [];

    /// <summary>What the truth file says of a record beside its customer: relation, flags.</summary>
    public List<IReadOnlyDictionary<string, string>> Notes { get; } = [];

    /// <summary>Reads a file by a map: lines of <c>path = column [+ column] [/regex/]</c>, and <c>id = column</c>.</summary>
    public void Read(string file, string map, EntityType type)
    {
        var source = Path.GetFileName(file).Split('.')[0];
        var lines = (File.Exists(map) ? File.ReadAllText(map) : map).Split(['\n', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var fields = new List<(string Path, string[] Columns, Regex? Part)>();
        foreach (var line in lines.Where(line => line[0] != '#'))
        {
            var (path, rest) = (line.Split('=', 2)[0].Trim(), line.Split('=', 2)[1].Trim());
            Regex? part = null;
            if (rest.EndsWith('/') && rest.IndexOf(" /", StringComparison.Ordinal) is > 0 and var slash)
            {
                part = new Regex(rest[(slash + 2)..^1]);
                rest = rest[..slash];
            }

            fields.Add((path, rest.Split('+', StringSplitOptions.TrimEntries), part));
        }

        var number = 0;
        foreach (var row in Rows(file))
        {
            var record = new EntityRecord(type);
            var id = number.ToString(CultureInfo.InvariantCulture);
            foreach (var (path, columns, part) in fields)
            {
                var text = string.Join(' ', columns.Select(column => row.GetValueOrDefault(column, "").Trim()).Where(value => value.Length > 0));
                if (part is not null)
                    text = part.Match(text) is { Success: true } match ? match.Groups[1].Value.Trim() : "";
                if (path == "id")
                    id = text;
                else if (text.Length > 0)
                    record[path] = path.EndsWith("[]", StringComparison.Ordinal) ? Value.List([.. record[path].AsList, Value.Text(text)]) : Value.Text(text);
            }

            Records.Add(record);
            Ids.Add((source, id));
            Notes.Add(row);
            number++;
        }
    }

    /// <summary>
    /// Takes the truth from <c>column:NAME</c> of the records, from <c>id:REGEX</c> of their ids, or from a file of
    /// customers (record_id, entity_id, perhaps source) or of pairs (two columns of row numbers from 0).
    /// </summary>
    public void Label(string truth)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        int Customer(string name) => names.TryGetValue(name, out var known) ? known : names[name] = names.Count;
        if (truth.StartsWith("column:", StringComparison.Ordinal))
        {
            Customers.AddRange(Notes.Select(row => Customer(row[truth[7..]])));
        }
        else if (truth.StartsWith("id:", StringComparison.Ordinal))
        {
            var pattern = new Regex(truth[3..]);
            Customers.AddRange(Ids.Select(id => Customer(pattern.Match(id.Id).Groups[1].Value)));
        }
        else
        {
            var rows = Rows(truth).ToList();
            if (rows[0].ContainsKey("entity_id"))
            {
                var withSource = rows[0].ContainsKey("source");
                var byId = rows.ToDictionary(row => (withSource ? row["source"] : "", row["record_id"]));
                for (var i = 0; i < Records.Count; i++)
                {
                    var row = byId[(withSource ? Ids[i].Source : "", Ids[i].Id)];
                    Notes[i] = row;
                    Customers.Add(Customer(row["entity_id"]));
                }
            }
            else
            {
                var groups = new Groups(Records.Count);
                foreach (var row in rows)
                {
                    var ends = row.Values.ToArray();
                    groups.Join(int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[1], CultureInfo.InvariantCulture));
                }

                Customers.AddRange(Enumerable.Range(0, Records.Count).Select(groups.Find));
            }
        }
    }

    private static IEnumerable<IReadOnlyDictionary<string, string>> Rows(string file)
    {
        using var raw = File.OpenRead(file);
        using var stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : (Stream)raw;
        using var reader = new StreamReader(stream);
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim });
        string[]? header = null;
        while (parser.Read())
        {
            var cells = parser.Record!;
            if (header is null)
                header = [.. cells.Select(cell => cell.Trim())];
            else
                yield return header.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second);
        }
    }
}
