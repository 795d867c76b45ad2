using System.Runtime.InteropServices;

namespace Crm.Integration.Hub.Matching;

/// <summary>A key of a record, while very many are joined.</summary>
/// <param name="Hash">The key.</param>
/// <param name="Record">The record.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct KeyEntry(long Hash, uint Record)
{
    /// <summary>The partitions in which keys gather, in the order of their hashes.</summary>
    public const int Partitions = 64;

    /// <summary>Puts a key into its partition.</summary>
    public static void Add(Spill<KeyEntry> entries, long hash, long record) =>
        entries.Add((int)((unchecked((ulong)hash) ^ (1UL << 63)) >> 58), new KeyEntry(hash, checked((uint)record)));

    /// <summary>A partition by keys, and by records within a key.</summary>
    public static (long[] Hashes, uint[] Records) Sorted(KeyEntry[] entries)
    {
        var hashes = Array.ConvertAll(entries, entry => entry.Hash);
        var records = Array.ConvertAll(entries, entry => entry.Record);
        Array.Sort(hashes, records);
        for (var start = 0; start < hashes.Length;)
        {
            var end = start + 1;
            while (end < hashes.Length && hashes[end] == hashes[start])
                end++;
            if (end - start > 1)
                Array.Sort(records, start, end - start);
            start = end;
        }

        return (hashes, records);
    }
}
