using System.IO.Compression;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Files;

/// <summary>
/// The bytes of a file as its writer meant them: unpacked where it is gzip, and never more of them than allowed.
/// The library reads a cut-off gzip file to its cut without a word, so the end is checked here.
/// </summary>
internal sealed class UnpackedStream(FileStream file, string name, long limit) : Stream
{
    private const long SuspiciousAbove = 64L << 20;
    private const int SuspiciousRatio = 200;

    private readonly GZipStream? _gzip = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
    private long _given;

    public bool IsPacked => _gzip is not null;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _given;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = _gzip is null ? file.Read(buffer) : _gzip.Read(buffer);
        _given += read;
        if (_given > limit)
            throw new ConnectorException(FailureKind.Rejected, $"{name} is larger than {limit >> 20:N0} MB unpacked.", "Raise `maxFileMegabytes` in the connection if the file is meant to be that large.");
        if (_gzip is not null && _given > SuspiciousAbove && _given / SuspiciousRatio > file.Length)
            throw new ConnectorException(FailureKind.Rejected, $"{name} unpacks to more than {SuspiciousRatio} times its size, as files do that are made to fill a disk.", "Look at where it comes from; if it is genuine, unpack it before the hub reads it.");
        if (read == 0 && buffer.Length > 0 && _gzip is not null && !IsWhole())
            throw new ConnectorException(FailureKind.Rejected, $"{name} is cut off: the gzip data end early.", "Have the file sent again; its rows were not taken as complete.");
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _gzip?.Dispose();
        base.Dispose(disposing);
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[3];
        file.Position = 0;
        var isGzip = file.ReadAtLeast(magic, 3, throwOnEndOfStream: false) == 3 && magic is [0x1F, 0x8B, 0x08];
        file.Position = 0;
        return isGzip;
    }

    // The last four bytes are the unpacked length of the last member. With several members only the one that starts there tells.
    private bool IsWhole()
    {
        if (file.Length < 18)
            return false;
        Span<byte> tail = stackalloc byte[4];
        RandomAccess.Read(file.SafeFileHandle, tail, file.Length - 4);
        var said = BitConverter.ToUInt32(tail);
        return said == unchecked((uint)_given) || MemberStarts().Any(start => LengthFrom(start) == said);
    }

    private List<long> MemberStarts()
    {
        var starts = new List<long>();
        var block = new byte[1 << 16];
        // Blocks overlap by three bytes, so that no header is missed at a border.
        for (long at = 1; at < file.Length; at += block.Length - 3)
        {
            var read = RandomAccess.Read(file.SafeFileHandle, block, at);
            for (var i = 0; i + 3 < read; i++)
            {
                if (block[i] == 0x1F && block[i + 1] == 0x8B && block[i + 2] == 0x08 && block[i + 3] < 0x20)
                    starts.Add(at + i);
            }
        }

        // Chance hits in packed data are rare; the last candidates suffice, since the last member is sought.
        starts.Reverse();
        return starts.Count > 16 ? starts[..16] : starts;
    }

    private uint? LengthFrom(long start)
    {
        try
        {
            file.Position = start;
            using var member = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            var buffer = new byte[1 << 16];
            long length = 0;
            while (member.Read(buffer) is > 0 and var read)
                length += read;
            return unchecked((uint)length);
        }
        catch (InvalidDataException)
        {
            // Not the start of a member after all.
            return null;
        }
        finally
        {
            file.Position = file.Length;
        }
    }
}
