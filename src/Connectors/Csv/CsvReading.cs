using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;
using CsvHelper;

namespace Crm.Integration.Connectors.Csv;

/// <summary>
/// Reads delimited text. Values stay text (leading zeros are data); an empty cell is null, quoted or not. A row that is
/// damaged comes with its fault and its line, and the rows after it are read.
/// </summary>
internal sealed class CsvReading : IRowReader
{
    private const int HeadSize = 1 << 16;
    private const int RawTextLimit = 64 * 1024;
    private const int RowsPerField = 16;
    private const int MaxColumns = 16_384;
    private const int MaxRestarts = 10;
    private const int MaxRecoveries = 1000;

    private readonly TextFile _file;
    private readonly DelimitedFileSettings _settings;
    private LookAheadReader _text;
    private readonly List<string> _notes = [];
    private CsvRowSource _rows;
    private readonly Queue<SourceRow> _recovered = new();
    private readonly int[] _ordinals;
    private readonly bool _inOrder;
    private readonly bool _unescape;
    private SourceRow? _first;
    private bool _reportedWide;
    private int _restarts;
    private int _recoveries;

    public CsvReading(TextFile file, DelimitedFileSettings settings, Shape shape)
    {
        _file = file;
        _settings = settings;
        Shape = shape;
        _unescape = settings.Formulas == FormulaPolicy.Escape;
        if (file.EncodingNote is { } note)
            _notes.Add(note);

        var maxField = settings.MaxFieldKilobytes * 1024;
        _text = new LookAheadReader(file.Reader, HeadSize, (long)maxField * RowsPerField);
        var (lines, announced) = SkipToHeader();
        Dialect = CsvDialect.Detect(announced is { } delimiter ? settings with { Delimiter = delimiter } : settings, _text.Head, _text.HeadIsAll);
        _rows = new CsvRowSource(_text, Dialect, maxField, lines);

        if (!Advance())
            throw new ConnectorException(FailureKind.Rejected, $"{file.Name} is empty: it has not even a header line.", "See whether the export failed. An export of no records has its header alone.");
        if (_rows.Count > MaxColumns)
            throw new ConnectorException(FailureKind.Rejected, $"{file.Name} has {_rows.Count:N0} columns.", "Check `delimiter` in the connection.");
        Columns = settings.NoHeader ? [.. Enumerable.Range(1, _rows.Count).Select(number => $"column_{number}")] : Names();
        _ordinals = [.. Columns.Select(shape.Add)];
        _inOrder = _ordinals.Select((ordinal, index) => ordinal == index).All(same => same);
        if (settings.NoHeader)
            _first = Row();
        else
            HeaderText = _rows.RawRow;
    }

    public Shape Shape { get; }

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>How the file is written.</summary>
    public CsvDialect Dialect { get; }

    string? IRowReader.Dialect => $"delimiter {Dialect.DelimiterName}, quote {Dialect.Quote}";

    /// <summary>The file's own columns, in its order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The header line as it stands, with its line end; empty without one.</summary>
    public string HeaderText { get; } = "";

    /// <summary>Whatever stood before the header: skipped lines, a `sep=` line.</summary>
    public string Preamble { get; private set; } = "";

    /// <summary>The row just read, as it stands in the file with its line end.</summary>
    public string RawRow => _rows.RawRow;

    /// <summary>How many cells the row has that <see cref="ReadRaw"/> read.</summary>
    public int RawCount => _rows.Count;

    /// <summary>The first line of that row.</summary>
    public long RawLine => _rows.Line;

    /// <summary>Whether that row has a quote where none may be.</summary>
    public bool RawHasBadQuotes
    {
        get
        {
            for (var i = 0; i < _rows.Count; i++)
                _ = _rows[i];
            return _rows.HasBadQuotes;
        }
    }

    public SourceRow? Read()
    {
        if (_first is { } first)
        {
            _first = null;
            return first;
        }

        if (_recovered.TryDequeue(out var recovered))
            return recovered;
        try
        {
            return _rows.Read() ? Row() : null;
        }
        catch (Exception exception) when (IsEndless(exception))
        {
            return PassUnclosedQuote() ?? throw Endless();
        }
    }

    /// <summary>Goes to the next row without making a source row of it; for whoever writes the file anew.</summary>
    public bool ReadRaw() => Advance();

    /// <summary>A cell of that row as it is quoted off, apostrophes and all.</summary>
    public string RawText(int column) => _rows[column];

    /// <summary>A cell of that row as a pull gives it.</summary>
    public string RawCell(int column) => _rows[column] is ['\'' or '=', ..] text ? Unwrap(text) : _rows[column];

    public void Dispose()
    {
        _rows.Dispose();
        _text.Dispose();
    }

    private bool Advance()
    {
        try
        {
            return _rows.Read();
        }
        catch (Exception exception) when (IsEndless(exception))
        {
            throw Endless();
        }
    }

    private static bool IsEndless(Exception exception) => exception is MaxFieldSizeException or RowTooLongException;

    private ConnectorException Endless() => new(
        FailureKind.Rejected,
        $"{_file.Name}: the row that begins at line {_rows.NextLine} has a value of more than {_settings.MaxFieldKilobytes:N0} KB, or never ends.",
        "Most often a quote was opened and not closed: look at that line. If values are meant to be that large, raise `maxFieldKilobytes` in the connection.");

    // A quote that nothing closes swallows the rows behind it. Where the line that opens it is a plain line, it alone is at
    // fault: the file is opened again behind it. Only a few times, since each costs a reading.
    private SourceRow? PassUnclosedQuote()
    {
        if (++_restarts > MaxRestarts)
            return null;
        var line = _rows.NextLine;
        _file.EnsureUnchanged();
        var reader = _file.Rewind();
        for (var i = 1; i < line; i++)
            reader.ReadLine();
        var bad = BoundedLine(reader);
        while (bad is { Length: 0 })
        {
            line++;
            bad = BoundedLine(reader);
        }

        if (bad is null || bad.Count(c => c == Dialect.Quote) % 2 == 0)
            return null;
        var maxField = _settings.MaxFieldKilobytes * 1024;
        _rows.Dispose();
        _text = new LookAheadReader(reader, HeadSize, (long)maxField * RowsPerField);
        _rows = new CsvRowSource(_text, Dialect, maxField, (int)line);
        var cells = bad[..bad.IndexOf(Dialect.Quote, StringComparison.Ordinal)].Split(Dialect.Delimiter);
        var values = new Value[Shape.Count];
        for (var i = 0; i < Math.Min(cells.Length - 1, _ordinals.Length); i++)
            values[_ordinals[i]] = cells[i].Length == 0 ? Value.Null : cells[i];
        return new SourceRow(Shape, values) { Position = new(_file.Name, line), Fault = QuoteFault(line, bad) };
    }

    // Null for a line that is itself too long.
    private string? BoundedLine(TextReader reader)
    {
        var text = new StringBuilder();
        while (reader.Read() is >= 0 and var c)
        {
            if (c == '\r' && reader.Peek() == '\n')
                reader.Read();
            if (c is '\r' or '\n')
                return text.ToString();
            if (text.Append((char)c).Length > _settings.MaxFieldKilobytes * 1024)
                return null;
        }

        return null;
    }

    private RowFault QuoteFault(long line, ReadOnlySpan<char> raw) => new(
        "bad-quotes",
        $"{_file.Name} line {line}: a quote is opened or closed in the middle of a value.",
        Cut(raw),
        "Write a quote inside a value twice, and enclose the value in quotes.");

    private SourceRow Row()
    {
        var row = Row(_rows, out var swallowed);
        if (swallowed.Length > 0)
            Recover(swallowed, row.Position.Line + 1);
        return row;
    }

    private SourceRow Row(CsvRowSource rows, out string swallowed)
    {
        swallowed = "";
        var count = rows.Count;
        var width = _ordinals.Length;
        var values = new Value[_inOrder ? width : Shape.Count];
        var taken = Math.Min(count, width);
        for (var i = 0; i < taken; i++)
        {
            var text = rows[i];
            if (text.Length == 0)
                continue;
            // Both are rare first characters: one look decides for nearly every cell.
            if (text[0] is '\'' or '=')
                text = Unwrap(text);
            values[_inOrder ? i : _ordinals[i]] = text;
        }

        // Broken quotes show when a cell is read, those behind the header's width too.
        for (var i = taken; i < count; i++)
            _ = rows[i];
        RowFault? fault = null;
        if (rows.HasBadQuotes)
            fault = BadQuotes(rows, values, out swallowed);
        else if (count != width)
            fault = Ragged(rows, width);
        if (fault is null && (_file.HasBadBytes || _file.HasZeros))
            fault = BadBytes(rows);
        return new SourceRow(Shape, values) { Position = new(_file.Name, rows.Line), Fault = fault };
    }

    private string Unwrap(string text)
    {
        if (text[0] == '\'')
            return _unescape ? FormulaGuard.Unescape(text) : text;
        return _settings.UnwrapTextFormulas && text is ['=', '"', .., '"'] && text.Length >= 3 && text.IndexOf('"', 2) == text.Length - 1 ? text[2..^1] : text;
    }

    private RowFault? Ragged(CsvRowSource rows, int width)
    {
        var count = rows.Count;
        // Exports that end every row with a delimiter, and only the header without: nothing is lost by it.
        if (count > width && Enumerable.Range(width, count - width).All(i => rows[i].Length == 0))
        {
            if (!_reportedWide)
                _notes.Add($"{_file.Name}: rows have more cells than the header, all of them empty; they are ignored (first at line {rows.Line}).");
            _reportedWide = true;
            return null;
        }

        return new("ragged-row", $"{_file.Name} line {rows.Line} has {count} {(count == 1 ? "cell" : "cells")}; the header has {width}.", Cut(rows.RawRow), count < width
            ? "Look for a missing delimiter, or a line break inside a value that is not quoted, and correct the export."
            : $"Look for a value that holds a '{Dialect.DelimiterName}' and is not quoted, and correct the export.");
    }

    private RowFault? BadBytes(CsvRowSource rows)
    {
        var raw = rows.RawRow;
        if (raw.Contains(BadByteFallback.Mark, StringComparison.Ordinal))
            return new("bad-bytes", $"{_file.Name} line {rows.Line} holds bytes that are not {_file.Encoding.WebName}.", Cut(raw), "Export the file in one encoding, or set `encoding` in the connection to the one it has.");
        return raw.Contains('\0', StringComparison.Ordinal) ? new("bad-bytes", $"{_file.Name} line {rows.Line} holds NUL characters.", Cut(raw), "The export cut or padded the text wrongly; correct the row at the source.") : null;
    }

    // A stray quote makes the parser run on into the rows that follow. Only the first line is at fault: the others are read
    // again by themselves, so that one typing error does not make its neighbours look deleted.
    private RowFault BadQuotes(CsvRowSource rows, Value[] values, out string swallowed)
    {
        var raw = rows.RawRow;
        var end = raw.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var at ? at : raw.Length;
        swallowed = raw[(end + (raw.AsSpan(end).StartsWith("\r\n") ? 2 : Math.Min(1, raw.Length - end)))..];
        if (swallowed.Length > 0)
        {
            // What stands before the quote is right, the key most often; what lies behind it belongs to other rows.
            for (var i = Array.FindIndex(values, value => value.AsText is { } text && text.AsSpan().ContainsAny('\r', '\n')); i >= 0 && i < values.Length; i++)
                values[i] = Value.Null;
        }

        return QuoteFault(rows.Line, raw.AsSpan(0, end));
    }

    private void Recover(string text, long line)
    {
        while (text.Length > 0)
        {
            // Each turn copies what is left; a file broken throughout must not take for ever.
            if (++_recoveries > MaxRecoveries)
                throw new ConnectorException(FailureKind.Rejected, $"{_file.Name}: more than {MaxRecoveries} rows open a quote and do not close it, the last at line {line - 1}.", "Check `quote` in the connection, and correct the export.");
            using var reader = new StringReader(text);
            using var rows = new CsvRowSource(reader, Dialect, _settings.MaxFieldKilobytes * 1024, (int)line - 1);
            text = "";
            while (text.Length == 0 && rows.Read())
            {
                _recovered.Enqueue(Row(rows, out text));
                line = rows.Line + 1;
            }
        }
    }

    private static string Cut(ReadOnlySpan<char> raw)
    {
        var text = raw.TrimEnd("\r\n");
        return (text.Length > RawTextLimit ? text[..RawTextLimit] : text).ToString().Replace(BadByteFallback.Mark, '\uFFFD');
    }

    private List<string> Names()
    {
        var names = new List<string>(_rows.Count);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < _rows.Count; i++)
        {
            var name = _rows[i].Trim().Trim('\uFEFF', '\u200B').Replace(BadByteFallback.Mark, '\uFFFD');
            if (name.Length == 0)
            {
                name = $"column_{i + 1}";
                _notes.Add($"{_file.Name}: column {i + 1} has no name; it is called {name}.");
            }

            if (!taken.Add(name))
            {
                var number = 2;
                while (!taken.Add($"{name}_{number}"))
                    number++;
                _notes.Add($"{_file.Name}: the column '{name}' is there more than once; column {i + 1} is called {name}_{number}.");
                name = $"{name}_{number}";
            }

            names.Add(name);
        }

        return names;
    }

    private (int Lines, string? Delimiter) SkipToHeader()
    {
        var lines = 0;
        string? delimiter = null;
        if (_text.Head is ['\uFEFF', ..])
            _text.Skip(1);
        // Excel's own line may stand before a title as well as behind it.
        delimiter = TakeSeparatorLine(ref lines);
        for (var i = 0; i < _settings.SkipLines; i++)
            TakeLine(ref lines);
        delimiter ??= TakeSeparatorLine(ref lines);
        return (lines, delimiter);
    }

    private string? TakeSeparatorLine(ref int lines)
    {
        var head = _text.Head;
        if (!head.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) || head.Length < 6 || head[5] is not ('\r' or '\n'))
            return null;
        var delimiter = head[4].ToString();
        TakeLine(ref lines);
        return delimiter;
    }

    private void TakeLine(ref int lines)
    {
        var head = _text.Head;
        var end = head.IndexOfAny('\r', '\n');
        if (end < 0 && !_text.HeadIsAll)
            throw new ConnectorException(FailureKind.Configuration, $"{_file.Name}: a line that `skipLines` skips does not end within {HeadSize / 1024} KB.", "Check `skipLines` in the connection.");
        var length = end < 0 ? head.Length : end + (head[end..].StartsWith("\r\n") ? 2 : 1);
        Preamble += head[..length].ToString();
        _text.Skip(length);
        lines++;
    }
}
