namespace Crm.Integration.Connectors.JsonLines;

/// <summary>Lines of text without a string each, and never more than a limit in memory: the rest of a longer line is passed over.</summary>
/// <param name="text">The text; stays the caller's.</param>
/// <param name="limit">The longest line, in characters.</param>
internal sealed class LineReader(TextReader text, int limit) : IDisposable
{
    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>The line, without its end.</summary>
    public ReadOnlyMemory<char> Current { get; private set; }

    /// <summary>The line's number from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Whether the line is longer than the limit; <see cref="Current"/> is its beginning.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether the first line ended with a carriage return before its line feed.</summary>
    public bool HasReturns { get; private set; }

    /// <summary>The beginning of the line.</summary>
    public string Beginning(int length) => Current[..Math.Min(length, Current.Length)].ToString();

    public bool Read()
    {
        IsTooLong = false;
        var scanned = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf('\n');
            if (at >= 0)
                return Take(scanned + at, 1);
            scanned = _end - _start;
            if (_atEnd)
                return scanned > 0 && Take(scanned, 0);
            if (scanned > limit)
                return PassOver();
            Fill();
        }
    }

    public void Dispose() => _buffer = [];

    private bool Take(int length, int lineEnd)
    {
        var line = _buffer.AsMemory(_start, length);
        Current = line.Span is [.., '\r'] ? line[..^1] : line;
        IsTooLong = Current.Length > limit;
        _start += length + lineEnd;
        Number++;
        if (Number == 1)
            HasReturns = Current.Length < length;
        return true;
    }

    private bool PassOver()
    {
        Current = _buffer.AsSpan(_start, Math.Min(limit, 1 << 16)).ToArray();
        IsTooLong = true;
        Number++;
        while (true)
        {
            _start = 0;
            _end = text.Read(_buffer, 0, _buffer.Length);
            _atEnd = _end == 0;
            var at = _buffer.AsSpan(0, _end).IndexOf('\n');
            if (at < 0 && !_atEnd)
                continue;
            _start = at + 1;
            return true;
        }
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = text.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
    }
}
