using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;

namespace Crm.Integration.Hub.Matching;

/// <summary>The pairs of very many records, gathered in the order of their higher record and scored a part at a time.</summary>
/// <param name="records">How many records there are.</param>
/// <param name="lowest">The lowest of them.</param>
/// <param name="highest">The highest.</param>
internal sealed class BulkPairs(long records, long lowest, long highest) : IDisposable
{
    private const int EdgePartitions = 64;

    // Records whose pairs are scored together: some ten thousand of them and their candidates are in memory.
    private const int OwnersTogether = 16_384;

    private readonly Spill<ulong> _pairs = new((int)((records / OwnersTogether) + 1));
    private readonly long _span = highest - lowest + 1;

    /// <summary>Adds a pair.</summary>
    /// <param name="owner">Its higher record.</param>
    /// <param name="pair">The pair, packed.</param>
    public void Add(long owner, ulong pair) => _pairs.Add((int)(Math.Clamp(owner - lowest, 0, _span - 1) * _pairs.Partitions / _span), pair);

    /// <inheritdoc/>
    public void Dispose() => _pairs.Dispose();

    /// <summary>Scores all pairs, and keeps those that matter.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="entity">The entity, with the weights to use.</param>
    /// <param name="meter">Where the time goes.</param>
    /// <param name="cleared">Called when all are scored and before the first is kept; null for nothing to do.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The records that met somebody.</returns>
    public RecordSet Weigh(StoreTransaction transaction, EntityConfiguration entity, MatchMeter meter, Action? cleared, CancellationToken cancellationToken)
    {
        using var edges = new Spill<EdgeEntry>(EdgePartitions);
        var met = new RecordSet();
        var scores = new PairScores(entity, meter);
        var sorting = Task.Run(() => KeyPairs.WorthScoring(_pairs.Take(0)), cancellationToken);
        for (var partition = 0; partition < _pairs.Partitions; partition++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var some = sorting.GetAwaiter().GetResult();
            var next = partition + 1;
            sorting = next < _pairs.Partitions ? Task.Run(() => KeyPairs.WorthScoring(_pairs.Take(next)), cancellationToken) : sorting;
            var cache = new ComparableCache(entity);
            meter.Ends(MatchStage.Keys);
            foreach (var (a, b, score) in scores.Of(transaction, cache, some))
            {
                met.Add(a);
                met.Add(b);
                edges.Add(Partition(a), new EdgeEntry(a, b, score));
                edges.Add(Partition(b), new EdgeEntry(b, a, score));
            }
        }

        cleared?.Invoke();
        Write(transaction, edges);
        meter.Ends(MatchStage.Edges);
        return met;

        int Partition(long record) => (int)(Math.Min(record, highest) * EdgePartitions / (highest + 1));
    }

    private static void Write(StoreTransaction transaction, Spill<EdgeEntry> edges)
    {
        using var insert = transaction.Insert("edge", ["a", "b", "bits", "guard"], WhenExists.Replace);
        for (var partition = 0; partition < EdgePartitions; partition++)
        {
            var some = edges.Take(partition);
            Array.Sort(some);
            foreach (var edge in some)
            {
                insert.Int64(edge.A);
                insert.Int64(edge.B);
                insert.Double(edge.Bits);
                insert.Int64(edge.Guard);
                insert.EndRow();
            }
        }
    }

    private readonly struct EdgeEntry(long a, long b, PairScore score) : IComparable<EdgeEntry>
    {
        public uint A { get; } = (uint)a;

        public uint B { get; } = (uint)b;

        public int Guard { get; } = (int)score.Guard;

        public double Bits { get; } = score.Bits;

        public int CompareTo(EdgeEntry other) => (A, B).CompareTo((other.A, other.B));
    }
}
