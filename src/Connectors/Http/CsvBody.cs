using System.Buffers;
using System.Text;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>
/// Reads the CSV of bulk results as it comes: UTF-8, commas, quotes doubled within quotes. Cells stay bytes until somebody makes values of them, since most of a
/// pull's time would otherwise go into texts that nobody keeps. Memory holds a buffer, or the largest row.
/// <code>while (await csv.FillAsync(token)) while (csv.TryRead()) … csv[0] …</code>
/// </summary>
/// <param name="body">The body; disposed with this.</param>
public sealed class CsvBody(Stream body) : IDisposable
{
    private const int FirstBuffer = 256 * 1024;
    private const int MaxRow = 32 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start;
    private int _end;
    private bool _isBegun;
    private bool _isEnded;
    private bool _hasNul;
    private Cell[] _cells = new Cell[64];

    /// <summary>How many cells the row has.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the row's quotes are broken: one is never closed, or something stands behind a closing one.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Whether the body, not a line, ended the row. It may have been cut, and may have all its cells even so.</summary>
    public bool IsCut { get; private set; }

    /// <summary>A cell of the row, without its quotes; until the next row is asked for. A NUL is left out: it comes of damaged imports, and no store takes it.</summary>
    /// <param name="index">The cell's place.</param>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ref var cell = ref _cells.AsSpan(0, Count)[index];
            if (cell.IsRaw)
                Clean(ref cell);
            return _buffer.AsSpan(cell.Start, cell.Length);
        }
    }

    /// <summary>A cell as text.</summary>
    /// <param name="index">The cell's place.</param>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>The row as texts: the header.</summary>
    public string[] Texts() => [.. Enumerable.Range(0, Count).Select(Text)];

    /// <summary>Gets more of the body, once <see cref="TryRead"/> has nothing left.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="ConnectorException">A row is larger than any record.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_isEnded)
            return _start < _end;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var isFull = _end == _buffer.Length;
        if (isFull)
            Grow();
        do
        {
            var got = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _isEnded = got == 0;
            _hasNul = _hasNul || _buffer.AsSpan(_end, got).Contains((byte)0);
            _end += got;
        }
        // A row that no buffer held is looked at when the larger one is full, and not again for each piece.
        while (isFull && !_isEnded && _end < _buffer.Length);
        return _start < _end;
    }

    /// <summary>Goes to the next row. Lines without anything are passed over.</summary>
    /// <returns>False where there is no further row whole: more has to be got.</returns>
    public bool TryRead()
    {
        Count = 0;
        IsDamaged = IsCut = false;
        var bytes = _buffer.AsSpan(0, _end);
        if (!_isBegun && !TryBegin(bytes))
            return false;
        while (_start < bytes.Length && bytes[_start] is (byte)'\n' or (byte)'\r')
            _start++;
        if (_start == bytes.Length)
            return false;
        for (var at = _start; ; at++)
        {
            if (!TryCell(bytes, ref at))
                return false;
            IsCut = at == bytes.Length;
            if (!IsCut && bytes[at] == (byte)',')
                continue;
            _start = IsCut ? at : at + 1;
            return true;
        }
    }

    /// <summary>Gives the buffer back, cleared: it held personal data, and the pool is everybody's.</summary>
    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        body.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _start = _end = Count = 0;
    }

    // Takes the cell that begins at a place, and goes to what ends it. False where it is not all there.
    private bool TryCell(ReadOnlySpan<byte> bytes, ref int at)
    {
        var (start, hasPairs) = (at, false);
        int end;
        if (at < bytes.Length && bytes[at] == (byte)'"')
        {
            start = ++at;
            while (true)
            {
                var quote = bytes[at..].IndexOf((byte)'"');
                if (quote < 0 && !_isEnded)
                    return false;
                IsDamaged |= quote < 0;
                end = quote < 0 ? bytes.Length : at + quote;
                at = Math.Min(end + 1, bytes.Length);
                if (at == bytes.Length || bytes[at] != (byte)'"')
                    break;
                hasPairs = true;
                at++;
            }

            if (at == bytes.Length ? _isEnded : bytes[at] is (byte)',' or (byte)'\n' or (byte)'\r')
                return Add(new(start, end - start, hasPairs || _hasNul, hasPairs));
            IsDamaged |= at < bytes.Length;
        }

        var next = bytes[at..].IndexOfAny((byte)',', (byte)'\n', (byte)'\r');
        if (next < 0 && !_isEnded)
            return false;
        at = next < 0 ? bytes.Length : at + next;
        return Add(new(start, at - start, _hasNul, HasPairs: false));
    }

    private bool TryBegin(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 3 && !_isEnded)
            return false;
        _isBegun = true;
        _start = bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
        return true;
    }

    private bool Add(Cell cell)
    {
        if (Count == _cells.Length)
            Array.Resize(ref _cells, Count * 2);
        _cells[Count++] = cell;
        return true;
    }

    private void Clean(ref Cell cell)
    {
        var bytes = _buffer.AsSpan(cell.Start, cell.Length);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0)
                continue;
            bytes[length++] = bytes[i];
            if (cell.HasPairs && bytes[i] == (byte)'"' && i + 1 < bytes.Length && bytes[i + 1] == (byte)'"')
                i++;
        }

        cell = new(cell.Start, length, IsRaw: false, HasPairs: false);
    }

    private void Grow()
    {
        if (_buffer.Length >= MaxRow)
            throw new ConnectorException(FailureKind.Rejected, $"A row of the result is larger than {MaxRow / (1024 * 1024)} MB.", "Ask for fewer fields.");
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = larger;
    }

    // Raw until its pairs of quotes are one, and its NULs gone.
    private readonly record struct Cell(int Start, int Length, bool IsRaw, bool HasPairs);
}
