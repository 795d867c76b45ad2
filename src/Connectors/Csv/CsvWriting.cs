using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Csv;

/// <summary>
/// A delimited file that is brought up to date. Its encoding, delimiter, quote, line end and header stay; rows that nothing
/// changes keep their very characters; columns it does not have yet are added on the right.
/// </summary>
internal sealed class CsvWriting : ITarget
{
    private readonly TextFile? _file;
    private readonly CsvReading? _reading;
    private readonly PushRequest _request;
    private readonly CsvDialect _dialect;
    private readonly string _lineEnd;
    private readonly bool _escapes;
    private readonly string[] _added;
    // For each field of the request its column: an old one, or behind the old ones an added one.
    private readonly int[] _columns;
    private readonly int _oldWidth;
    private readonly int _keyColumn;

    public CsvWriting(TextFile? existing, CsvSettings settings, PushRequest request)
    {
        if (settings.NoHeader)
            throw new ConnectorException(FailureKind.Configuration, $"{request.Stream} cannot be written without a header line.", "Use a connection without `noHeader` for files that the hub writes.");
        _file = existing;
        _request = request;
        _escapes = settings.Formulas == FormulaPolicy.Escape;
        _lineEnd = settings.LineEnd == LineEnd.Lf ? "\n" : "\r\n";
        IReadOnlyList<string> old = [];
        if (existing is null)
        {
            _dialect = CsvDialect.Detect(settings, "", isAll: true);
            Encoding = settings.Encoding.Equals("auto", StringComparison.OrdinalIgnoreCase)
                ? new UTF8Encoding(settings.ByteOrderMark)
                : TextEncodings.Named(settings.Encoding) is UTF8Encoding ? new UTF8Encoding(settings.ByteOrderMark) : TextEncodings.Named(settings.Encoding);
        }
        else
        {
            _reading = new CsvReading(existing, settings, new Shape());
            _dialect = _reading.Dialect;
            old = _reading.Columns;
            Encoding = TextFile.ForWriting(existing);
            _lineEnd = LineEndOf(_reading.HeaderText) ?? _lineEnd;
            if (!old.Contains(request.KeyField))
                throw new ConnectorException(FailureKind.Configuration, $"{request.Stream} is there already and has no column '{request.KeyField}' to find its rows by.", $"Correct `to.key` in the pipeline, or move the file away. Its columns are: {string.Join(", ", old.Take(20))}.");
        }

        if (_dialect.Escape != _dialect.Quote)
            throw new ConnectorException(FailureKind.Configuration, $"{request.Stream}: files with an `escape` of their own can be read, not written.", "Use a connection without `escape` for files that the hub writes.");
        _oldWidth = old.Count;
        _added = [.. request.Fields.Where(field => !old.Contains(field))];
        var all = old.Concat(_added).ToList();
        _columns = [.. request.Fields.Select(field => all.IndexOf(field))];
        _keyColumn = all.IndexOf(request.KeyField);
    }

    public Encoding Encoding { get; }

    public string? Key => _keyColumn < _reading!.RawCount && _reading.RawCell(_keyColumn) is { Length: > 0 } key ? key : null;

    public long Line => _reading!.RawLine;

    public bool Read()
    {
        if (_reading is null || !_reading.ReadRaw())
            return false;
        // What cannot be read for certain cannot be written back for certain.
        if (_reading.RawHasBadQuotes)
            throw Unwritable("a quote is opened or closed in the middle of a value");
        if (_file!.HasBadBytes && _reading.RawRow.Contains(BadByteFallback.Mark, StringComparison.Ordinal))
            throw Unwritable($"there are bytes that are not {_file.Encoding.WebName}");
        return true;
    }

    public bool Differs(SpooledWrite write)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            if (write.Changed[i] && Current(_columns[i]) != write.Cells[i])
                return true;
        }

        return false;
    }

    public void WriteHead(TextWriter output)
    {
        if (_reading is null)
        {
            WriteRow(output, _added);
            return;
        }

        output.Write(_reading.Preamble);
        output.Write(_reading.HeaderText.AsSpan().TrimEnd("\r\n"));
        foreach (var name in _added)
        {
            output.Write(_dialect.Delimiter);
            WriteCell(output, name);
        }

        output.Write(_lineEnd);
    }

    public void WriteAsIs(TextWriter output)
    {
        output.Write(_reading!.RawRow.AsSpan().TrimEnd("\r\n"));
        // A row that is short or has more cells than the header stays as odd as it is.
        if (_reading.RawCount == _oldWidth)
        {
            for (var i = 0; i < _added.Length; i++)
                output.Write(_dialect.Delimiter);
        }

        output.Write(_lineEnd);
    }

    public void WriteChanged(TextWriter output, SpooledWrite write)
    {
        var cells = new string[_oldWidth + _added.Length];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = i < Math.Min(_oldWidth, _reading!.RawCount) ? _reading.RawText(i) : "";
        for (var i = 0; i < _columns.Length; i++)
        {
            if (write.Changed[i] && Current(_columns[i]) != write.Cells[i])
                cells[_columns[i]] = Guarded(write.Cells[i]);
        }

        WriteRow(output, cells);
    }

    public void WriteNew(TextWriter output, SpooledWrite write)
    {
        var cells = new string[_oldWidth + _added.Length];
        Array.Fill(cells, "");
        for (var i = 0; i < _columns.Length; i++)
            cells[_columns[i]] = Guarded(write.Cells[i]);
        WriteRow(output, cells);
    }

    public void Dispose() => _reading?.Dispose();

    private string Guarded(string text) => _escapes ? FormulaGuard.Escape(text) : text;

    private string Current(int column) => column < Math.Min(_oldWidth, _reading!.RawCount) ? _reading.RawCell(column) : "";

    private void WriteRow(TextWriter output, string[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0)
                output.Write(_dialect.Delimiter);
            WriteCell(output, cells[i]);
        }

        output.Write(_lineEnd);
    }

    private void WriteCell(TextWriter output, string text)
    {
        var quote = _dialect.Quote;
        var mustQuote = text.AsSpan().IndexOfAny([_dialect.Delimiter, quote, '\r', '\n']) >= 0
            || (text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])));
        if (!mustQuote)
        {
            output.Write(text);
            return;
        }

        output.Write(quote);
        foreach (var c in text)
        {
            if (c == quote)
                output.Write(quote);
            output.Write(c);
        }

        output.Write(quote);
    }

    private static string? LineEndOf(string header) =>
        header.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : header.EndsWith('\n') ? "\n" : header.EndsWith('\r') ? "\r" : null;

    private ConnectorException Unwritable(string why) => new(
        FailureKind.Configuration,
        $"{_request.Stream} line {_reading!.RawLine}: {why}; the file was left as it is, since writing it anew could damage that row.",
        "Correct the row, or move the file away: the hub then makes a new one.");
}
