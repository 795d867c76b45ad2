namespace Crm.Integration.Connectors.Csv;

/// <summary>
/// A reader whose beginning can be looked at before it is read, and which gives no more than so many characters to one
/// row: a quote that is never closed must not pull a whole file into memory.
/// </summary>
internal sealed class LookAheadReader : TextReader
{
    private readonly TextReader _inner;
    private readonly long _rowLimit;
    private readonly char[] _head;
    private readonly int _headLength;
    private int _at;
    private long _sinceRow;

    public LookAheadReader(TextReader inner, int headSize, long rowLimit)
    {
        _inner = inner;
        _rowLimit = rowLimit;
        _head = new char[headSize];
        _headLength = inner.ReadBlock(_head, 0, headSize);
        _at = 0;
    }

    /// <summary>The part of the beginning that was not skipped.</summary>
    public ReadOnlySpan<char> Head => _head.AsSpan(_at, _headLength - _at);

    /// <summary>Whether the head is all there is.</summary>
    public bool HeadIsAll => _headLength < _head.Length;

    /// <summary>Takes characters off the beginning.</summary>
    public void Skip(int count) => _at += count;

    /// <summary>Says that a row has been read.</summary>
    public void RowDone() => _sinceRow = 0;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (_sinceRow > _rowLimit)
            throw new RowTooLongException();
        int read;
        if (_at < _headLength)
        {
            read = Math.Min(buffer.Length, _headLength - _at);
            _head.AsSpan(_at, read).CopyTo(buffer);
            _at += read;
        }
        else
        {
            read = _inner.Read(buffer);
        }

        _sinceRow += read;
        return read;
    }

    public override int Peek() => throw new NotSupportedException();

    public override int Read() => throw new NotSupportedException();
}

/// <summary>A row went on past the limit.</summary>
internal sealed class RowTooLongException : IOException;
