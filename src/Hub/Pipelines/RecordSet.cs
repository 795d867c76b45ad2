namespace Crm.Integration.Hub.Pipelines;

/// <summary>A set of record numbers: a bit each, in blocks, so that ten million records seen by a run take little more than a megabyte.</summary>
internal sealed class RecordSet
{
    private const int BlockBits = 16;

    private readonly Dictionary<long, ulong[]> _blocks = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a number.</summary>
    /// <returns>False when it was there.</returns>
    public bool Add(long id)
    {
        if (!_blocks.TryGetValue(id >> BlockBits, out var block))
            _blocks.Add(id >> BlockBits, block = new ulong[1 << (BlockBits - 6)]);
        var offset = (int)(id & ((1 << BlockBits) - 1));
        ref var word = ref block[offset >> 6];
        var bit = 1UL << (offset & 63);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        Count++;
        return true;
    }

    /// <summary>Whether a number is there.</summary>
    public bool Contains(long id) =>
        _blocks.TryGetValue(id >> BlockBits, out var block) && (block[(int)(id & ((1 << BlockBits) - 1)) >> 6] & (1UL << (int)(id & 63))) != 0;
}
