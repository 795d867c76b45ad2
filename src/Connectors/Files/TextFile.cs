using System.Text;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Files;

/// <summary>A text file that is open for reading: looked at first, then decoded from its start.</summary>
internal sealed class TextFile : IDisposable
{
    // Enough to meet the first foreign letter of any real file; legacy encodings that show only later are reported row by row.
    private const long LookedAt = 64L << 20;
    private const int BufferSize = 1 << 16;

    private readonly FileStream _file;
    private readonly BadByteFallback _badBytes = new();
    private readonly DateTime _modified;
    private readonly long _limit;
    private UnpackedStream? _bytes;

    private TextFile(FileStream file, string name, long limit)
    {
        _limit = limit;
        _file = file;
        Name = name;
        Length = file.Length;
        _modified = File.GetLastWriteTimeUtc(file.Name);
    }

    /// <summary>The stream's name.</summary>
    public string Name { get; }

    /// <summary>The bytes on disk.</summary>
    public long Length { get; }

    /// <summary>The text.</summary>
    public TextReader Reader { get; private set; } = TextReader.Null;

    public Encoding Encoding { get; private set; } = Encoding.UTF8;

    /// <summary>How many bytes of a byte order mark it begins with.</summary>
    public int MarkLength { get; private set; }

    public bool IsPacked { get; private set; }

    /// <summary>Whether there is any zero byte in the part that was looked at.</summary>
    public bool HasZeros { get; private set; }

    /// <summary>Why the encoding was taken, where it was guessed; else null.</summary>
    public string? EncodingNote { get; private set; }

    /// <summary>Bytes read from disk so far.</summary>
    public long Done => Math.Min(_file.Position, Length);

    /// <summary>Whether bytes were met so far that the encoding does not have; each became <see cref="BadByteFallback.Mark"/>.</summary>
    public bool HasBadBytes => _badBytes.Count > 0;

    /// <exception cref="ConnectorException">It cannot be read, or is no text.</exception>
    public static TextFile Open(string path, string name, TextFileSettings settings)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
            var text = new TextFile(file, name, (long)settings.MaxFileMegabytes << 20);
            if (text.Length > text._limit)
                throw new ConnectorException(FailureKind.Rejected, $"{name} has {text.Length >> 20:N0} MB, more than the {settings.MaxFileMegabytes:N0} MB allowed.", "Raise `maxFileMegabytes` in the connection if the file is meant to be that large.");
            text.LookAndRewind(settings);
            return text;
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            file?.Dispose();
            throw FileErrors.Translate(exception, name, "read");
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>The encoding in which to write a file again: with its byte order mark if it has one.</summary>
    public static Encoding ForWriting(TextFile file) => file.Encoding switch
    {
        UTF8Encoding => new UTF8Encoding(file.MarkLength > 0),
        UnicodeEncoding utf16 => new UnicodeEncoding(utf16.CodePage == 1201, file.MarkLength > 0),
        UTF32Encoding => new UTF32Encoding(false, file.MarkLength > 0),
        var other => Encoding.GetEncoding(other.CodePage),
    };

    /// <summary>Whether the file on disk is no longer the one that was opened.</summary>
    public bool HasChanged()
    {
        var now = new FileInfo(_file.Name);
        return !now.Exists || now.Length != Length || now.LastWriteTimeUtc != _modified;
    }

    /// <exception cref="ConnectorException">Somebody wrote to it meanwhile.</exception>
    public void EnsureUnchanged()
    {
        if (HasChanged())
            throw new ConnectorException(FailureKind.Transient, $"{Name} was changed while it was read.", "Nothing to do if it happens once: the next run reads it again. Let the writer write to another name and rename when done.");
    }

    /// <summary>Starts over at the beginning of the text.</summary>
    public TextReader Rewind()
    {
        Reader.Dispose();
        _bytes?.Dispose();
        _file.Position = 0;
        _bytes = new UnpackedStream(_file, Name, _limit);
        Span<byte> mark = stackalloc byte[4];
        _bytes.ReadExactly(mark[..MarkLength]);
        return Reader = new StreamReader(_bytes, Encoding, detectEncodingFromByteOrderMarks: false, BufferSize);
    }

    public void Dispose()
    {
        Reader.Dispose();
        _bytes?.Dispose();
        _file.Dispose();
    }

    private void LookAndRewind(TextFileSettings settings)
    {
        var tally = new ByteTally();
        var block = new byte[BufferSize];
        var head = ReadOnlyMemory<byte>.Empty;
        using (var look = new UnpackedStream(_file, Name, _limit))
        {
            IsPacked = look.IsPacked;
            long seen = 0;
            while (seen < LookedAt && look.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) is > 0 and var read)
            {
                if (seen == 0)
                {
                    head = block.AsMemory(0, read).ToArray();
                    (Encoding, MarkLength) = Decide(settings, head.Span);
                }

                tally.Add(block.AsSpan(0, read));
                seen += read;
            }
        }

        HasZeros = tally.HasZeros && Encoding is not (UnicodeEncoding or UTF32Encoding);
        if (MarkLength == 0 && Encoding is not UnicodeEncoding && IsAuto(settings))
            Encoding = Guess(settings, tally);
        RefuseBinary(head.Span);

        Encoding = (Encoding)Encoding.Clone();
        Encoding.DecoderFallback = _badBytes;
        Rewind();
    }

    private static bool IsAuto(TextFileSettings settings) => settings.Encoding.Equals("auto", StringComparison.OrdinalIgnoreCase);

    private static (Encoding Encoding, int MarkLength) Decide(TextFileSettings settings, ReadOnlySpan<byte> head)
    {
        var (marked, length) = TextEncodings.ByMark(head);
        if (!IsAuto(settings))
        {
            var named = TextEncodings.Named(settings.Encoding);
            return (named, marked?.CodePage == named.CodePage ? length : 0);
        }

        return marked is not null ? (marked, length) : (TextEncodings.Utf16ByZeros(head) ?? Encoding.UTF8, 0);
    }

    private Encoding Guess(TextFileSettings settings, ByteTally tally)
    {
        if (tally.IsUtf8)
            return Encoding.UTF8;
        var (guess, why) = settings.Region is { } region ? (TextEncodings.OfRegion(region), $"by `region` {region}")
            : tally.IsChinese ? (Encoding.GetEncoding(54936), "its bytes read as Chinese")
            : (Encoding.GetEncoding(1252), "it is not UTF-8 and does not read as Chinese");
        EncodingNote = $"{Name}: read as {guess.WebName}, since {why}. Set `encoding` in the connection if names look wrong.";
        return guess;
    }

    private void RefuseBinary(ReadOnlySpan<byte> head)
    {
        var what = head switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => "a ZIP archive or an Excel workbook (.xlsx)",
            [0xD0, 0xCF, 0x11, 0xE0, ..] => "an old Excel workbook (.xls) or an encrypted one",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF",
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] => "a picture",
            [0x28, 0xB5, 0x2F, 0xFD, ..] or [(byte)'B', (byte)'Z', (byte)'h', ..] or [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] or [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] or [0xFD, (byte)'7', (byte)'z', ..] => "packed in a way other than gzip",
            [0x1F, 0x8B, ..] => "packed twice with gzip",
            [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] or [(byte)'M', (byte)'Z', ..] when head.Contains((byte)0) => "a program",
            [(byte)'S', (byte)'Q', (byte)'L', (byte)'i', (byte)'t', (byte)'e', ..] => "an SQLite database",
            _ when IsHtml(head) => "a web page, perhaps an error or sign-in page saved under this name",
            _ when Encoding is not (UnicodeEncoding or UTF32Encoding) && (head.Count((byte)0) > (head.Length / 100) + 8 || ControlBytes(head) > (head.Length / 25) + 8) => "binary data",
            _ => null,
        };
        if (what is not null)
            throw new ConnectorException(FailureKind.Rejected, $"{Name} is not a text file: it is {what}.", "Export it as text (CSV UTF-8 in Excel's Save As), or take it out of the folder.");
    }

    private static bool IsHtml(ReadOnlySpan<byte> head)
    {
        var start = Encoding.Latin1.GetString(head[..Math.Min(64, head.Length)]).TrimStart();
        return start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<table", StringComparison.OrdinalIgnoreCase);
    }

    // Random bytes have one such in fourteen, text in any encoding next to none. Those that some systems separate fields with do not count.
    private static int ControlBytes(ReadOnlySpan<byte> head)
    {
        var count = 0;
        foreach (var value in head)
        {
            if (value is (> 1 and < 9) or (> 13 and < 26))
                count++;
        }

        return count;
    }
}
