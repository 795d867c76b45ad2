using System.Collections;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;
using Microsoft.Win32.SafeHandles;

namespace Crm.Integration.Connectors.Files;

/// <summary>One write as it waits for the file to be written.</summary>
/// <param name="Index">Its number among those waiting.</param>
/// <param name="Id">The write's own number.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Key">The key.</param>
/// <param name="Cells">The values, as the format writes them; empty for a delete.</param>
/// <param name="Changed">Which of them to write to a row that exists.</param>
internal sealed record SpooledWrite(int Index, long Id, WriteKind Kind, string Key, string[] Cells, bool[] Changed);

/// <summary>
/// Writes that wait on disk, found by their key: a file can only be written as a whole, and however many writes it gets,
/// memory holds no more than a hash and a place for each.
/// </summary>
internal sealed class WriteSpool : IDisposable
{
    private const int FirstRead = 1024;

    private readonly Dictionary<ulong, long> _last = [];
    private readonly MemoryStream _record = new();
    private readonly BinaryWriter _writer;
    private readonly FileStream _file;
    private readonly SafeFileHandle _handle;
    private byte[] _buffer = new byte[FirstRead];
    private long _length;

    public WriteSpool()
    {
        _writer = new BinaryWriter(_record, Encoding.Unicode);
        // It holds customers' data: nobody else may read it, and it goes with the handle, even after a crash of this process.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 16, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(Path.Combine(Path.GetTempPath(), $"hub-push-{Guid.NewGuid():N}"), options);
        _handle = _file.SafeFileHandle;
        if (!OperatingSystem.IsWindows())
            File.Delete(_file.Name);
    }

    /// <summary>How many writes wait.</summary>
    public int Count { get; private set; }

    public void Add(Write write, string[] cells)
    {
        _record.SetLength(0);
        var hash = ContentHash.Of(write.Key);
        _writer.Write(0);
        _writer.Write(_last.TryGetValue(hash, out var previous) ? previous : -1L);
        _writer.Write(Count);
        _writer.Write(write.Id);
        _writer.Write((byte)write.Kind);
        _writer.Write(write.Key);
        _writer.Write(cells.Length);
        for (var i = 0; i < cells.Length; i++)
        {
            _writer.Write(write.Kind == WriteKind.Create || i >= write.Changed.Count || write.Changed[i]);
            _writer.Write(cells[i]);
        }

        var length = (int)_record.Length;
        _record.Position = 0;
        _writer.Write(length);
        _file.Write(_record.GetBuffer().AsSpan(0, length));
        _last[hash] = _length;
        _length += length;
        Count++;
    }

    /// <summary>Ends the adding.</summary>
    public void Complete() => _file.Flush();

    /// <summary>
    /// What is to be done with the record of a key, or null. Several writes to one key count as one: the last says what
    /// the record becomes, and every field that any of them changes is changed.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="met">Is set for each of them.</param>
    public SpooledWrite? Find(string key, BitArray met)
    {
        if (!_last.TryGetValue(ContentHash.Of(key), out var at))
            return null;
        SpooledWrite? found = null;
        while (at >= 0)
        {
            var (write, previous, _) = ReadAt(at);
            if (write.Key == key)
            {
                met[write.Index] = true;
                if (found is null)
                    found = write;
                else if (found.Kind != WriteKind.Delete)
                    found = found with { Changed = [.. found.Changed.Select((changed, i) => changed || write.Kind == WriteKind.Delete || write.Changed[i])] };
            }

            at = previous;
        }

        return found;
    }

    /// <summary>All of them, in the order in which they came.</summary>
    public IEnumerable<SpooledWrite> All()
    {
        for (long at = 0; at < _length;)
        {
            var (write, _, length) = ReadAt(at);
            yield return write;
            at += length;
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    private (SpooledWrite Write, long Previous, int Length) ReadAt(long at)
    {
        // Most records fit the first read; only a longer one costs a second.
        var read = RandomAccess.Read(_handle, _buffer, at);
        var length = BitConverter.ToInt32(_buffer);
        if (length > read)
        {
            if (length > _buffer.Length)
                _buffer = new byte[length];
            for (read = 0; read < length;)
            {
                var more = RandomAccess.Read(_handle, _buffer.AsSpan(read, length - read), at + read);
                read += more > 0 ? more : throw new EndOfStreamException("the hub's temporary file of waiting writes was cut off");
            }
        }

        using var reader = new BinaryReader(new MemoryStream(_buffer, 4, length - 4, writable: false), Encoding.Unicode);
        var previous = reader.ReadInt64();
        var index = reader.ReadInt32();
        var id = reader.ReadInt64();
        var kind = (WriteKind)reader.ReadByte();
        var key = reader.ReadString();
        var cells = new string[reader.ReadInt32()];
        var changed = new bool[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            changed[i] = reader.ReadBoolean();
            cells[i] = reader.ReadString();
        }

        return (new(index, id, kind, key, cells, changed), previous, length);
    }
}
