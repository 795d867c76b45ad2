using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>The CSV that an ingest job is given, and which write each of its rows stands for.</summary>
internal sealed class BulkFile
{
    /// <summary>What empties a field; an empty cell leaves it alone.</summary>
    public const string Empty = "#N/A";

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly StringBuilder _line = new();

    public BulkFile(WriteWay way, WriteFields fields)
    {
        Way = way;
        Header = way switch
        {
            WriteWay.Upsert => [.. fields.Names],
            WriteWay.Update => ["Id", .. fields.Names],
            _ => ["Id"],
        };
        KeyColumn = way == WriteWay.Upsert ? fields.Key.Name : "Id";
        Append(Header);
    }

    public WriteWay Way { get; }

    public IReadOnlyList<string> Header { get; }

    /// <summary>The column by which a result is known again.</summary>
    public string KeyColumn { get; }

    /// <summary>The writes by the value of the key column; each with what its row says.</summary>
    public Dictionary<string, (PlannedWrite Planned, string Row)> Rows { get; } = new(StringComparer.Ordinal);

    public ReadOnlyMemory<byte> Content => _bytes.WrittenMemory;

    /// <summary>Adds a write; false when its record is in the file already, or an earlier job has done just this.</summary>
    public bool TryAdd(PlannedWrite planned, IReadOnlyDictionary<string, string> done, out bool isDone)
    {
        isDone = false;
        IEnumerable<string> cells = planned.Cells.Select(Cell);
        IReadOnlyList<string> row = Way switch
        {
            WriteWay.Upsert => [.. cells],
            WriteWay.Update => [planned.Id!, .. cells],
            _ => [planned.Id!],
        };
        var key = Way == WriteWay.Upsert ? planned.Write.Key : planned.Id!;
        var mark = Mark(row);
        isDone = done.TryGetValue(key, out var did) && did == mark;
        if (isDone || !Rows.TryAdd(key, (planned, mark)))
            return false;
        Append(row);
        return true;
    }

    /// <summary>Tells rows apart by their cells; small, since a job has many.</summary>
    public static string Mark(IEnumerable<string> cells) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001F', cells))), 0, 12);

    private static string Cell(object? cell) => cell switch
    {
        null => Empty,
        bool flag => flag ? "true" : "false",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        string text => text,
        _ => "",
    };

    private void Append(IReadOnlyList<string> cells)
    {
        _line.Clear();
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = cells[i];
            if (i > 0)
                _line.Append(',');
            if (cell.AsSpan().ContainsAny(",\"\r\n") || (cell.Length > 0 && (char.IsWhiteSpace(cell[0]) || char.IsWhiteSpace(cell[^1]))))
                _line.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else
                _line.Append(cell);
        }

        _line.Append('\n');
        Encoding.UTF8.GetBytes(_line.ToString(), _bytes);
    }
}
