using System.Text;

namespace Crm.Integration.Benchmarks.Generator;

/// <summary>
/// One CSV file being written. Records leave in a shuffled order, through a buffer of fixed size: the duplicates of a person
/// lie far apart as in real exports, and memory stays flat.
/// </summary>
internal sealed class SourceFile : IDisposable
{
    /// <summary>Stands for a byte that no text in the file's encoding may hold.</summary>
    public const char BadByte = '\uE000';

    private readonly Stream _stream;
    private readonly Encoding _encoding;
    private readonly Draw _draw;
    private readonly char _delimiter;
    private readonly string _newLine;
    private readonly List<string> _waiting;
    private readonly int _capacity;
    private readonly StringBuilder _line = new(256);
    private byte[] _bytes = new byte[4096];

    public SourceFile(string path, Encoding encoding, char delimiter, string newLine, string header, int capacity, ulong seed)
    {
        _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        (_encoding, _delimiter, _newLine, _capacity, _draw) = (encoding, delimiter, newLine, capacity, new Draw(seed));
        _waiting = new List<string>(Math.Min(capacity, 1 << 16));
        _stream.Write(encoding.Preamble);
        Put(header + newLine);
    }

    public long Rows { get; private set; }

    public void Write(params ReadOnlySpan<string?> fields)
    {
        _line.Clear();
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                _line.Append(_delimiter);
            Append(fields[i]);
        }

        WriteRaw(_line.ToString());
    }

    /// <summary>A row as it stands, well formed or not.</summary>
    public void WriteRaw(string line)
    {
        Rows++;
        if (_waiting.Count < _capacity)
        {
            _waiting.Add(line);
            return;
        }

        var at = _draw.Below(_capacity);
        Put(_waiting[at] + _newLine);
        _waiting[at] = line;
    }

    public void Dispose()
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var at = _draw.Below(i + 1);
            Put(_waiting[at] + _newLine);
            _waiting[at] = _waiting[i];
        }

        _waiting.Clear();
        _stream.Dispose();
    }

    private void Append(string? field)
    {
        if (field is null)
            return;
        if (field.AsSpan().IndexOfAny([_delimiter, '"', '\n', '\r']) < 0)
            _line.Append(field);
        else
            _line.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private void Put(string text)
    {
        var bad = text.IndexOf(BadByte, StringComparison.Ordinal);
        if (bad >= 0)
        {
            Put(text[..bad]);
            _stream.WriteByte(0xFF);
            Put(text[(bad + 1)..]);
            return;
        }

        var size = _encoding.GetMaxByteCount(text.Length);
        if (_bytes.Length < size)
            _bytes = new byte[size];
        _stream.Write(_bytes.AsSpan(0, _encoding.GetBytes(text, _bytes)));
    }
}
