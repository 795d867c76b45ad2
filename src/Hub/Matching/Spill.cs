using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Numbers by the million, sorted into partitions on the way in and read back a partition at a time: in a temporary file that
/// nobody sees, so that memory stays flat. Holds hashes and record numbers only, nothing of what a record says.
/// </summary>
/// <typeparam name="T">What is kept.</typeparam>
internal sealed class Spill<T> : IDisposable
    where T : unmanaged
{
    private const int BlockBytes = 16 * 1024;

    private static readonly int s_block = BlockBytes / Unsafe.SizeOf<T>();

    private readonly T[]?[] _filling;
    private readonly int[] _filled;
    private readonly List<long>[] _blocks;
    private FileStream? _file;
    private long _end;

    /// <summary>An empty one.</summary>
    /// <param name="partitions">How many partitions.</param>
    public Spill(int partitions)
    {
        _filling = new T[partitions][];
        _filled = new int[partitions];
        _blocks = new List<long>[partitions];
        for (var i = 0; i < partitions; i++)
            _blocks[i] = [];
    }

    /// <summary>How many partitions there are.</summary>
    public int Partitions => _blocks.Length;

    /// <summary>How many there are in a partition.</summary>
    public int Count(int partition) => (_blocks[partition].Count * s_block) + _filled[partition];

    /// <summary>Adds one.</summary>
    public void Add(int partition, T value)
    {
        var block = _filling[partition] ??= new T[s_block];
        block[_filled[partition]++] = value;
        if (_filled[partition] == s_block)
            Flush(partition);
    }

    /// <summary>Reads a partition, in the order in which it was filled, and forgets it.</summary>
    public T[] Take(int partition)
    {
        var all = new T[Count(partition)];
        var rest = all.AsSpan();
        foreach (var offset in _blocks[partition])
        {
            var bytes = MemoryMarshal.AsBytes(rest[..s_block]);
            for (var at = 0; at < bytes.Length;)
            {
                var read = RandomAccess.Read(_file!.SafeFileHandle, bytes[at..], offset + at);
                if (read == 0)
                    throw new EndOfStreamException("a temporary file of the hub was cut short by another program");
                at += read;
            }

            rest = rest[s_block..];
        }

        _filling[partition].AsSpan(0, _filled[partition]).CopyTo(rest);
        _filling[partition] = null;
        _filled[partition] = 0;
        _blocks[partition].Clear();
        return all;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Flush(int partition)
    {
        _file ??= Open();
        RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes(_filling[partition].AsSpan()), _end);
        _blocks[partition].Add(_end);
        _end += s_block * Unsafe.SizeOf<T>();
        _filled[partition] = 0;
    }

    private static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"hub-{Guid.NewGuid():N}.tmp");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0, FileOptions.DeleteOnClose);

        // So that it goes even when the program is killed; Windows does that by itself.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }
}
