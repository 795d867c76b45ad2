namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Pairs of records that share a key, each as one number: it sorts many times faster than two. The higher record stands first, then
/// the lower one, and last whether the key was rare. Two billion records are as many as a store will be asked to hold.
/// </summary>
internal static class KeyPairs
{
    // A key of so few records is rare enough to be worth a comparison by itself.
    internal const int FewRecords = 5;

    /// <summary>Packs a pair.</summary>
    /// <param name="a">One record.</param>
    /// <param name="b">The other.</param>
    /// <param name="together">How many records share the key.</param>
    public static ulong Pack(long a, long b, int together) =>
        checked(((ulong)(uint)Math.Max(a, b) << 32) | ((ulong)(uint)(int)Math.Min(a, b) << 1)) | (together <= FewRecords ? 1UL : 0UL);

    /// <summary>
    /// Those pairs that met by a key that few share, or by two keys, each once, lower number first: who shares but one common key,
    /// such as a usual name, could not be linked by all that is left, and would be most of the work.
    /// </summary>
    /// <param name="pairs">The pairs; they are sorted.</param>
    public static List<(long A, long B)> WorthScoring(Span<ulong> pairs)
    {
        pairs.Sort();
        var kept = new List<(long A, long B)>();
        for (var start = 0; start < pairs.Length;)
        {
            var pair = pairs[start] >> 1;
            var rare = false;
            var end = start;
            for (; end < pairs.Length && pairs[end] >> 1 == pair; end++)
                rare |= (pairs[end] & 1) != 0;
            if (rare || end - start > 1)
                kept.Add(((long)(pair & 0x7FFF_FFFF), (long)(pair >> 31)));
            start = end;
        }

        return kept;
    }
}
