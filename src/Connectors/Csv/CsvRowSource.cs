using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Connectors.Csv;

/// <summary>CsvHelper's parser, with the true line of each row and word of broken quotes.</summary>
internal sealed class CsvRowSource : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly TextReader _text;
    private readonly CsvParser _parser;
    private readonly int _linesBefore;
    private readonly char _quote;
    private int _rawRow;
    private bool _badQuotes;
    private bool _unclosed;

    public CsvRowSource(TextReader text, CsvDialect dialect, int maxField, int linesBefore)
    {
        _text = text;
        _linesBefore = linesBefore;
        _quote = dialect.Quote;
        _parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = dialect.Delimiter.ToString(),
            Quote = dialect.Quote,
            Escape = dialect.Escape,
            BufferSize = BufferSize,
            MaxFieldSize = maxField,
            BadDataFound = OnBadData,
        }, leaveOpen: true);
    }

    public int Count => _parser.Count;

    public string this[int index] => _parser[index];

    public string RawRow => _parser.RawRecord;

    /// <summary>The first line of the row, counted from 1 at the top of the file.</summary>
    public long Line { get; private set; }

    /// <summary>The line at which the next row begins, or a blank line before it.</summary>
    public long NextLine => _linesBefore + _rawRow + 1;

    /// <summary>Whether a quote stood where none may. Known once the fields have been read.</summary>
    public bool HasBadQuotes => _badQuotes;

    public bool Read()
    {
        _badQuotes = _unclosed = false;
        var before = _rawRow;
        if (!_parser.Read())
            return false;
        (_text as LookAheadReader)?.RowDone();
        _rawRow = _parser.RawRow;
        // One line further is the common case; else the row spans lines, or blank lines were passed over.
        Line = _linesBefore + (_rawRow == before + 1 ? _rawRow : FirstLine());
        return true;
    }

    public void Dispose() => _parser.Dispose();

    private int FirstLine()
    {
        var raw = _parser.RawRecord.AsSpan();
        var inside = LineEnds(raw);
        // The row's own line end is not inside it, unless a quote is still open there.
        for (var i = 0; i < _parser.Count && !_unclosed; i++)
            _ = _parser[i];
        if (!_unclosed && raw is [.., '\r' or '\n'])
            inside--;
        return _rawRow - inside;
    }

    private static int LineEnds(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var at = text.IndexOfAny('\r', '\n'); at >= 0; at = text.IndexOfAny('\r', '\n'))
        {
            count++;
            text = text[(at + (text[at..].StartsWith("\r\n") ? 2 : 1))..];
        }

        return count;
    }

    // A quote inside a value that does not begin with one (5" pipe) reads only one way; the parser complains all the same.
    private void OnBadData(BadDataFoundArgs args)
    {
        var field = args.Field.AsSpan().TrimStart(' ');
        if (field.IsEmpty || field[0] != _quote)
            return;
        _badQuotes = true;
        _unclosed = field.Length == 1 || field[^1] != _quote;
    }
}
