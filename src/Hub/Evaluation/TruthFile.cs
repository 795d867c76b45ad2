using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Hub.Evaluation;

/// <summary>One record as a truth file names it.</summary>
/// <param name="Source">The connection, pipeline or stream; null where the file names none.</param>
/// <param name="Stream">The stream, or null.</param>
/// <param name="Id">Its id at the source.</param>
/// <param name="Line">Where it stands.</param>
internal readonly record struct NamedRecord(string? Source, string? Stream, string Id, int Line);

/// <summary>
/// A CSV file that says which records are one customer: a line a record with the customer that it is, or a line a pair of one
/// customer. Read by the names of its columns, and what they may be called is told when they are not understood.
/// </summary>
internal sealed class TruthFile
{
    private const string Understood =
        "a line a record: connection, stream (may be left out), source_id and entity_id (as `hub export links` writes them, with master_id); or a line a pair: left and right, each connection/stream/id or an id";

    private static readonly string[] s_sources = ["connection", "source", "system"];
    private static readonly string[] s_streams = ["stream", "file", "table"];
    private static readonly string[] s_ids = ["sourceid", "recordid", "recid", "id"];
    private static readonly string[] s_customers = ["entityid", "cluster", "clusterid", "customer", "customerid", "person", "personid", "masterid", "goldenid", "truth", "label", "group", "entity"];
    private static readonly (string Left, string Right)[] s_pairs =
        [("left", "right"), ("a", "b"), ("recorda", "recordb"), ("recordleft", "recordright"), ("idleft", "idright"), ("ida", "idb"), ("id1", "id2"), ("record1", "record2"), ("idl", "idr"), ("sourceida", "sourceidb"), ("sourceidl", "sourceidr")];

    private static readonly (string Left, string Right)[] s_pairSources = [("connectiona", "connectionb"), ("sourcea", "sourceb"), ("connectionl", "connectionr"), ("sourcel", "sourcer"), ("connectionleft", "connectionright")];
    private static readonly string[] s_same = ["same", "match", "issame", "ismatch", "clericalmatchscore"];

    /// <summary>The file.</summary>
    public required string Name { get; init; }

    /// <summary>Of a file of records: each with the name of its customer.</summary>
    public List<(NamedRecord Record, string Customer)> Records { get; } = [];

    /// <summary>Of a file of pairs: each of one customer.</summary>
    public List<(NamedRecord Left, NamedRecord Right)> Pairs { get; } = [];

    /// <summary>Whether it is a file of pairs.</summary>
    public bool IsPairs { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="TruthException">It cannot be read, or its columns are not understood.</exception>
    public static TruthFile Read(string path)
    {
        var truth = new TruthFile { Name = Path.GetFileName(path) };
        try
        {
            using var reader = new StreamReader(path);
            using var csv = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, DetectDelimiter = true, DetectDelimiterValues = [",", ";", "\t"], IgnoreBlankLines = true });
            if (!csv.Read())
                throw new TruthException($"{truth.Name} is empty", Understood);
            var header = Array.ConvertAll(csv.Record!, Plain);
            if (Column(header, s_ids) is >= 0 and var id && Customer(header, id) is >= 0 and var customer)
                truth.ReadRecords(csv, header, id, customer);
            else
                truth.ReadPairs(csv, header);
        }
        catch (IOException exception)
        {
            throw new TruthException($"{path} cannot be read: {exception.Message}", "give --truth a CSV file; a relative path starts in the folder you are in");
        }
        catch (UnauthorizedAccessException)
        {
            throw new TruthException($"{path} cannot be read: it is a folder, or not for you", "give --truth a CSV file that you may read");
        }
        catch (BadDataException exception)
        {
            throw new TruthException($"{truth.Name} line {exception.Context?.Parser?.RawRow}: a quote is not closed, or stands where none may", "repair the line");
        }

        if (truth.Records.Count + truth.Pairs.Count == 0)
            throw new TruthException($"{truth.Name} has a header and nothing below it", Understood);
        return truth;
    }

    private void ReadRecords(CsvParser csv, string[] header, int id, int customer)
    {
        var (source, stream) = (Column(header, s_sources), Column(header, s_streams));
        while (csv.Read())
        {
            var cells = Cells(csv, header.Length);
            if (cells[id].Length == 0 || cells[customer].Length == 0)
                throw new TruthException($"{Name} line {csv.RawRow}: the id of the record or of its customer is empty", "fill it in, or take the line out");
            Records.Add((new NamedRecord(source < 0 ? null : cells[source], stream < 0 ? null : cells[stream], cells[id], csv.RawRow), cells[customer]));
        }
    }

    private void ReadPairs(CsvParser csv, string[] header)
    {
        IsPairs = true;
        var (left, right) = Columns(header, s_pairs);
        if (left < 0 && header.Length == 2)
            (left, right) = (0, 1);
        if (left < 0)
            throw new TruthException($"{Name}: the columns {string.Join(", ", csv.Record!.Take(20))} are not understood", Understood);
        var (leftSource, rightSource) = Columns(header, s_pairSources);
        var same = Column(header, s_same);
        while (csv.Read())
        {
            var cells = Cells(csv, header.Length);
            if (cells[left].Length == 0 || cells[right].Length == 0)
                throw new TruthException($"{Name} line {csv.RawRow}: one of the two records is empty", "fill it in, or take the line out");
            if (same >= 0 && !Says(cells[same]))
                continue;
            Pairs.Add((Named(cells[left], leftSource < 0 ? null : cells[leftSource], csv.RawRow), Named(cells[right], rightSource < 0 ? null : cells[rightSource], csv.RawRow)));
        }
    }

    private string[] Cells(CsvParser csv, int count) => csv.Record!.Length >= count
        ? csv.Record!
        : throw new TruthException($"{Name} line {csv.RawRow} has {csv.Record!.Length} columns, the header has {count}", "repair the line");

    /// <summary>"crm/contacts.csv/4711" or "crm/4711", or an id alone.</summary>
    private static NamedRecord Named(string text, string? source, int line)
    {
        var parts = text.Split('/');
        return source is not null || parts.Length == 1 ? new NamedRecord(source, null, text, line)
            : parts.Length == 2 ? new NamedRecord(parts[0], null, parts[1], line)
            : new NamedRecord(parts[0], string.Join('/', parts[1..^1]), parts[^1], line);
    }

    private static bool Says(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number >= 0.5 : text is ['t' or 'T' or 'y' or 'Y' or 'm' or 'M', ..];

    private static int Customer(string[] header, int id) => Column(header, [.. s_customers.Where(name => header[id] != name)]);

    private static int Column(string[] header, string[] names) => names.Select(name => Array.IndexOf(header, name)).FirstOrDefault(index => index >= 0, -1);

    private static (int Left, int Right) Columns(string[] header, (string Left, string Right)[] names) =>
        names.Select(pair => (Array.IndexOf(header, pair.Left), Array.IndexOf(header, pair.Right))).FirstOrDefault(pair => pair.Item1 >= 0 && pair.Item2 >= 0, (-1, -1));

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}

/// <summary>A truth file cannot be used.</summary>
/// <param name="message">Why, and where.</param>
/// <param name="fix">What to do.</param>
internal sealed class TruthException(string message, string fix) : Exception(message)
{
    /// <summary>What to do.</summary>
    public string Fix { get; } = fix;
}
