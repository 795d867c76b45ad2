using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Http;

/// <summary>Makes a value of a cell.</summary>
/// <param name="cell">The cell, UTF-8.</param>
internal delegate Value CellReader(ReadOnlySpan<byte> cell);

/// <summary>
/// Remembers what short cells became: countries, owners, times that stand in a row twice. The same value is then handed out again, which is faster than to make it
/// anew, and leaves less to be collected. A column that hardly repeats itself (ids, names) is left alone for a while. For one task.
/// </summary>
/// <param name="read">Makes the values.</param>
internal sealed class CellCache(CellReader read)
{
    private const int Longest = 32;
    private const int SlotBits = 7;
    private const int Trial = 4096;
    private const int Rest = 16 * Trial;

    private readonly Slot[] _slots = new Slot[1 << SlotBits];
    private int _asked;
    private int _known;
    private int _resting;

    /// <summary>The value of a cell.</summary>
    /// <param name="cell">The cell.</param>
    public Value Read(ReadOnlySpan<byte> cell)
    {
        if (_resting > 0)
            _resting--;
        if (cell.Length is 0 or > Longest || _resting > 0)
            return read(cell);
        ref var slot = ref _slots[SlotOf(cell)];
        _asked++;
        if (slot.Length == cell.Length && cell.SequenceEqual(((ReadOnlySpan<byte>)slot.Bytes)[..cell.Length]))
        {
            _known++;
            return slot.Value;
        }

        var value = read(cell);
        cell.CopyTo(slot.Bytes);
        (slot.Length, slot.Value) = (cell.Length, value);
        if (_asked >= Trial)
        {
            _resting = _known < _asked / 3 ? Rest : 0;
            _asked = _known = 0;
        }

        return value;
    }

    // The first, the middle and the last eight bytes; of a shorter cell whatever there is.
    private static int SlotOf(ReadOnlySpan<byte> cell)
    {
        ulong hash = (uint)cell.Length;
        if (cell.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(cell));
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(cell[((cell.Length - sizeof(ulong)) / 2)..]));
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(cell[^sizeof(ulong)..]));
        }
        else
        {
            foreach (var one in cell)
                hash = (hash << 8) | one;
            hash = Mix(0, hash);
        }

        return (int)(hash >> (64 - SlotBits));
    }

    private static ulong Mix(ulong hash, ulong with) => (hash ^ with) * 0x9E37_79B9_7F4A_7C15;

    [InlineArray(Longest)]
    private struct Cell
    {
        private byte _first;
    }

    private struct Slot
    {
        public Value Value;
        public int Length;
        public Cell Bytes;
    }
}
