using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>The rehearsal of connectors that keep a stream in a text file with a record a line.</summary>
/// <param name="connector">The connector.</param>
/// <param name="ending">The ending of its files.</param>
/// <param name="format">The format of its files.</param>
public abstract class FileFixture(IConnector connector, string ending, FolderFormat format) : ICertificationFixture
{
    /// <inheritdoc/>
    public IConnector Connector { get; } = connector;

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, string> Waivers => new Dictionary<string, string>();

    /// <inheritdoc/>
    public Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken) => Task.FromResult<IRehearsal>(new FolderRehearsal(
        place,
        new(format.File is null ? "customers" + ending : "customers-*" + ending, "id", "id",
        [
            new("name", n => $"Customer {n}"),
            new("city", n => n % 2 == 0 ? "上海" : "München"),
            new("visits", n => Value.Number(n)),
            new("balance", n => Value.Number(n + 0.25m)),
            new("since", n => Value.Date(new DateOnly(2001, 1, 1).AddDays(n % 9000))),
        ])
        {
            CursorField = Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.IncrementalPull) ? "modified" : null,
            OtherStream = "broken" + ending,
            IsUntyped = true,
        },
        format));

    /// <summary>Puts a file into a gzip archive and cuts off its end, as a broken transfer does.</summary>
    protected static void CutOff(string path)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(File.ReadAllBytes(path));
        File.WriteAllBytes(path, memory.ToArray()[..^9]);
    }

    /// <summary>Writes delimited text.</summary>
    protected static void WriteCsv(string path, IReadOnlyList<string> fields, IReadOnlyList<RehearsedRecord> records)
    {
        using var file = File.CreateText(path);
        file.Write(string.Join(',', fields) + "\n");
        foreach (var record in records)
            file.Write(string.Join(',', fields.Select(field => Quoted(record.Values.GetValueOrDefault(field).ToText() ?? ""))) + "\n");
    }

    /// <summary>Reads delimited text.</summary>
    protected static IReadOnlyList<IReadOnlyDictionary<string, Value>> ReadCsv(string path)
    {
        var rows = Rows(File.ReadAllText(path)).ToList();
        return rows.Count == 0 ? [] : [.. rows.Skip(1).Select(row => rows[0].Zip(row).ToDictionary(cell => cell.First, cell => cell.Second.Length == 0 ? Value.Null : Value.Text(cell.Second), StringComparer.Ordinal))];
    }

    /// <summary>Writes an object a line.</summary>
    protected static void WriteJson(string path, IReadOnlyList<string> fields, IReadOnlyList<RehearsedRecord> records)
    {
        using var file = File.CreateText(path);
        foreach (var record in records)
            file.Write(new JsonObject(fields.Where(record.Values.ContainsKey).Select(field => KeyValuePair.Create(field, RehearsedJson.Of(record.Values[field])))).ToJsonString() + "\n");
    }

    /// <summary>Reads an object a line.</summary>
    protected static IReadOnlyList<IReadOnlyDictionary<string, Value>> ReadJson(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => RehearsedJson.Values(JsonNode.Parse(line)!.AsObject()))];

    // A formula is escaped with an apostrophe, as the connector documents.
    private static string Quoted(string text)
    {
        var cell = text.Length > 0 && "=+-@".Contains(text[0], StringComparison.Ordinal) && !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "'" + text : text;
        return cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static IEnumerable<List<string>> Rows(string text)
    {
        var (row, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var at = text[i];
            if (quoted && at == '"' && i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[i++]);
            else if (at == '"')
                quoted = !quoted;
            else if (!quoted && at is ',' or '\n' && !quoted)
            {
                row.Add(Unescaped(cell.ToString()));
                cell.Clear();
                if (at != '\n')
                    continue;
                yield return row;
                row = [];
            }
            else if (quoted || at != '\r')
                cell.Append(at);
        }
    }

    private static string Unescaped(string cell) => cell is ['\'', '=' or '+' or '-' or '@', ..] ? cell[1..] : cell;
}
