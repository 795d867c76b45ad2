using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Matching;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Evaluation;

/// <summary>
/// Finds anew, from the records as they are, which pairs meet by their keys and how they score: nothing is read of what matching kept,
/// so that every pair it dropped as hopeless is seen, too.
/// </summary>
internal sealed class ComparedPairs
{
    private const int BlockRecords = 4_096;

    private readonly Matcher _matcher;
    private readonly MatchFeatures?[] _features;
    private readonly List<(ulong Hash, int Record)> _keys = [];
    private readonly Dictionary<ulong, long> _terms = [];
    private TermFrequencies _frequencies = TermFrequencies.None;

    private ComparedPairs(Matcher matcher, int records)
    {
        _matcher = matcher;
        _features = new MatchFeatures?[records];
    }

    /// <summary>Labelled pairs that were compared: both ends in one number, see <see cref="Ends"/>; ascending.</summary>
    public ulong[] Pairs { get; private set; } = [];

    /// <summary>The score of each.</summary>
    public PairScore[] Scores { get; private set; } = [];

    /// <summary>True pairs that share a key which still brings records together.</summary>
    public HashSet<ulong> TruePairsThatMeet { get; } = [];

    /// <summary>By kind: keys that too many records share.</summary>
    public SortedDictionary<string, int> SetAside { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads, compares and scores.</summary>
    /// <param name="store">The store.</param>
    /// <param name="entity">The entity, with a matcher.</param>
    /// <param name="records">Its records, labelled.</param>
    /// <param name="progress">Hears how many records were read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static ComparedPairs Find(MasterStore store, EntityConfiguration entity, LabelledStore records, Action<int> progress, CancellationToken cancellationToken)
    {
        using (var transaction = store.Look())
            entity = MatchModels.InForce(transaction, entity);
        var pairs = new ComparedPairs(entity.Matcher!, records.Ids.Count);
        pairs.Read(store, entity, records, progress, cancellationToken);
        pairs.Meet(records.Customers);
        pairs.Scores = new PairScore[pairs.Pairs.Length];
        Parallel.For(0, pairs.Pairs.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => pairs.Scores[i] = pairs.Score(pairs.Pairs[i]));
        return pairs;
    }

    /// <summary>The two records of a pair.</summary>
    public static (int A, int B) Ends(ulong pair) => ((int)(pair >> 32), (int)(pair & uint.MaxValue));

    /// <summary>A pair as a number.</summary>
    public static ulong Pair(int a, int b) => ((ulong)(uint)Math.Min(a, b) << 32) | (uint)Math.Max(a, b);

    /// <summary>The score of any two labelled records.</summary>
    public PairScore Score(ulong pair) => Ends(pair) is var (a, b) ? _matcher.Score(_features[a]!, _features[b]!, _frequencies) : default;

    /// <summary>Why two labelled records score as they do.</summary>
    public PairExplanation Explain(ulong pair) => Ends(pair) is var (a, b) ? _matcher.Explain(_features[a]!, _features[b]!, _frequencies) : throw new ArgumentException("no pair", nameof(pair));

    private void Read(MasterStore store, EntityConfiguration entity, LabelledStore records, Action<int> progress, CancellationToken cancellationToken)
    {
        using var rows = store.Read(
            "select r.id, r.data from source_record r join inbound i on i.id = r.inbound_id join xref x on x.record_id = r.id where i.entity = @entity order by r.id",
            ("entity", entity.Type.Name));
        var block = new List<byte[]>(BlockRecords);
        var start = 0;
        for (var more = true; more;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            block.Clear();
            while (block.Count < BlockRecords && (more = rows.Next()))
                block.Add(rows.Utf8(1));
            Take(entity.Type, block, start, records.Customers);
            start += block.Count;
            progress(start);
        }

        _frequencies = new TermFrequencies(_terms, start);
    }

    private void Take(EntityType type, List<byte[]> block, int start, int[] customers)
    {
        var read = new (MatchKey[] Keys, ulong[] Terms)[block.Count];
        Parallel.For(0, block.Count, i =>
        {
            var features = _matcher.Extract(RecordJson.Read(type, block[i]));
            var (keys, terms) = (new List<MatchKey>(16), new List<ulong>(8));
            _matcher.Keys(features, keys);
            _matcher.Terms(features, terms);
            read[i] = ([.. keys], [.. terms]);
            if (customers[start + i] != LabelledStore.Unlabelled)
                _features[start + i] = features;
        });
        for (var i = 0; i < read.Length; i++)
        {
            foreach (var key in read[i].Keys)
            {
                // The kind in the lowest bits, where a hash can spare them: no third column for millions of keys.
                _keys.Add(((key.Hash & ~0xFFUL) | (byte)key.Kind, start + i));
            }

            foreach (var term in read[i].Terms)
                _terms[term] = _terms.GetValueOrDefault(term) + 1;
        }
    }

    /// <summary>The pairs that matching would compare: they share a key of few records, or two keys.</summary>
    private void Meet(int[] customers)
    {
        var hashes = _keys.ConvertAll(key => key.Hash).ToArray();
        var owners = _keys.ConvertAll(key => key.Record).ToArray();
        _keys.Clear();
        _keys.TrimExcess();
        Array.Sort(hashes, owners);
        var meetings = new List<ulong>();
        for (int start = 0, end; start < hashes.Length; start = end)
        {
            for (end = start + 1; end < hashes.Length && hashes[end] == hashes[start];)
                end++;
            var together = end - start;
            if (together > _matcher.Settings.KeyLimit)
            {
                var kind = KeyNames.Of(((MatchKeyKind)(byte)hashes[start]).ToString());
                SetAside[kind] = SetAside.GetValueOrDefault(kind) + 1;
                continue;
            }

            for (var i = start; i < end; i++)
            {
                for (var j = i + 1; j < end; j++)
                    Met(owners[i], owners[j], twice: together <= KeyPairs.FewRecords);
            }
        }

        meetings.Sort();
        var compared = new List<ulong>(meetings.Count / 2);
        for (int start = 0, end; start < meetings.Count; start = end)
        {
            for (end = start + 1; end < meetings.Count && meetings[end] == meetings[start];)
                end++;
            if (end - start > 1)
                compared.Add(meetings[start]);
        }

        Pairs = [.. compared];

        void Met(int a, int b, bool twice)
        {
            if (a == b || customers[a] == LabelledStore.Unlabelled || customers[b] == LabelledStore.Unlabelled)
                return;
            var pair = Pair(a, b);
            meetings.Add(pair);
            if (twice)
                meetings.Add(pair);
            if (customers[a] == customers[b])
                TruePairsThatMeet.Add(pair);
        }
    }
}
