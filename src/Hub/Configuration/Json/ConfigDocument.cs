using System.Text;

namespace Crm.Integration.Hub.Configuration.Json;

/// <summary>The text of a configuration file, and where in it things stand.</summary>
/// <param name="file">The file, relative to the hub folder, with forward slashes.</param>
/// <param name="utf8">Its bytes, without a byte order mark.</param>
internal sealed class ConfigDocument(string file, ReadOnlyMemory<byte> utf8)
{
    private readonly int[] _lineStarts = LineStarts(utf8.Span);

    public string File { get; } = file;

    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    /// <summary>The line and column, both from 1, of a byte; the column counts characters, as editors do.</summary>
    public (int Line, int Column) At(int offset)
    {
        offset = Math.Clamp(offset, 0, Utf8.Length);
        var line = Array.BinarySearch(_lineStarts, offset);
        if (line < 0)
            line = ~line - 1;
        return (line + 1, Encoding.UTF8.GetCharCount(Utf8.Span[_lineStarts[line]..offset]) + 1);
    }

    /// <summary>The offset of a byte that stands on a line, both counted from 0, as the JSON reader reports errors.</summary>
    public int Offset(long line, long byteInLine) =>
        line >= _lineStarts.Length ? Utf8.Length : (int)Math.Min(_lineStarts[line] + byteInLine, Utf8.Length);

    private static int[] LineStarts(ReadOnlySpan<byte> utf8)
    {
        List<int> starts = [0];
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == (byte)'\n')
                starts.Add(i + 1);
        }

        return [.. starts];
    }
}
