using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// The inverted index of match keys: finds which records meet, and keeps the index up to date. Keys are asked and written in
/// the order of their hashes, so that each page of the index is touched once a chunk.
/// </summary>
internal sealed class KeyIndex
{
    // A key of so few records is rare enough to be worth a comparison by itself.
    internal const int FewRecords = 5;

    // About 20 MB: stays in memory, and costs a pass over the large index seldom enough.
    private const int RecentKeys = 1_000_000;

    private readonly EntityConfiguration _entity;
    private readonly HashSet<long> _hot;
    private long _recent;
    private readonly List<(long Hash, int Newcomer, int Records)> _becameHot = [];

    /// <summary>The index of an entity.</summary>
    public KeyIndex(StoreTransaction transaction, EntityConfiguration entity)
    {
        _entity = entity;
        _recent = transaction.Scalar<long>("select count(*) from match_key_recent");
        _hot = [.. transaction.Query<long>("select hash from hot_key where entity = @entity", new { entity = entity.Type.Name })];
    }

    /// <summary>The kinds of keys that became too common in this run, with how many records share one.</summary>
    public SortedDictionary<string, int> NewlyHot { get; } = new(StringComparer.Ordinal);

    /// <summary>Brings the index up to date with a chunk, and gives the pairs of records that share a key, lower number first, each once.</summary>
    /// <param name="transaction">The chunk's transaction.</param>
    /// <param name="chunk">The records, prepared.</param>
    /// <param name="cache">Makes records comparable.</param>
    public List<(long A, long B)> Update(StoreTransaction transaction, IReadOnlyList<MatchRecord> chunk, ComparableCache cache)
    {
        var delta = new Dictionary<ulong, int>();
        var dropped = new List<(long, long)>();
        var entries = new List<(long Hash, int Index)>(chunk.Count * 8);
        var records = 0;
        for (var i = 0; i < chunk.Count; i++)
        {
            var record = chunk[i];
            if (record.MatchedData is { } old && record.MasterId != 0)
            {
                var (oldKeys, oldTerms) = cache.Earlier(old);
                foreach (var key in oldKeys)
                {
                    if (record.Gone || !Array.Exists(record.Keys, now => now.Hash == key.Hash))
                        dropped.Add((unchecked((long)key.Hash), record.Id));
                }

                Add(delta, oldTerms, -1);
                if (!record.Gone)
                    Add(delta, record.Comparable!.Terms, 1);
                else
                    records--;
            }
            else if (record.MasterId == 0 && !record.Gone)
            {
                Add(delta, record.Comparable!.Terms, 1);
                records++;
            }

            if (record.Gone)
                continue;
            foreach (var key in record.Keys)
            {
                if (!_hot.Contains(unchecked((long)key.Hash)))
                    entries.Add((unchecked((long)key.Hash), i));
            }
        }

        Drop(transaction, dropped);
        CountTerms(transaction, delta, records);
        var hashes = entries.ConvertAll(entry => entry.Hash).ToArray();
        var owners = entries.ConvertAll(entry => entry.Index).ToArray();
        Array.Sort(hashes, owners);
        return Meet(transaction, chunk, hashes, owners);
    }

    private static void Add(Dictionary<ulong, int> delta, ulong[] terms, int count)
    {
        foreach (var term in terms)
            delta[term] = delta.GetValueOrDefault(term) + count;
    }

    private static void Drop(StoreTransaction transaction, List<(long, long)> dropped)
    {
        if (dropped.Count == 0)
            return;
        dropped.Sort();
        transaction.Batch([.. dropped]);
        transaction.DeleteBatch("match_key", "hash", "record_id");
        transaction.DeleteBatch("match_key_recent", "hash", "record_id");
    }

    private void CountTerms(StoreTransaction transaction, Dictionary<ulong, int> delta, int records)
    {
        var changes = delta.Where(pair => pair.Value != 0).Select(pair => (unchecked((long)pair.Key), (long)pair.Value)).Order().ToArray();
        if (changes.Length > 0)
        {
            transaction.Batch(changes);
            transaction.Execute("update term set records = records + b.v from batch b where term.hash = b.k");
            transaction.Execute("insert into term (hash, records) select b.k, b.v from batch b where not exists (select 1 from term t where t.hash = b.k)");
        }

        EntityTotals.Add(transaction, _entity.Type.Name, records, masters: 0);
    }

    private List<(long A, long B)> Meet(StoreTransaction transaction, IReadOnlyList<MatchRecord> chunk, long[] entries, int[] owners)
    {
        var pairs = new List<ulong>(chunk.Count * 4);
        var fresh = new List<(long Hash, long Record)>(entries.Length);
        var members = new List<long>();
        var newcomers = new List<int>();
        var limit = _entity.Matcher!.Settings.KeyLimit;
        var hashes = Distinct(entries);
        using (var settled = transaction.Lookup("match_key", "hash", hashes, "record_id"))
        using (var recent = transaction.Lookup("match_key_recent", "hash", hashes, "record_id"))
        {
            var moreSettled = settled.Next();
            var moreRecent = recent.Next();
            for (var start = 0; start < entries.Length;)
            {
                var hash = entries[start];
                members.Clear();
                newcomers.Clear();
                for (; moreSettled && hashes[settled.Index] == hash; moreSettled = settled.Next())
                    members.Add(settled.Int64(0));
                var fromSettled = members.Count;
                for (; moreRecent && hashes[recent.Index] == hash; moreRecent = recent.Next())
                    members.Add(recent.Int64(0));
                if (fromSettled > 0 && members.Count > fromSettled)
                    members.Sort();
                var end = start;
                for (; end < entries.Length && entries[end] == hash; end++)
                    newcomers.Add(owners[end]);
                Group(chunk, hash, members, newcomers, limit, pairs, fresh);
                start = end;
            }
        }

        using (var insert = transaction.Insert("match_key_recent", ["hash", "record_id"], WhenExists.Keep))
        {
            foreach (var (hash, record) in fresh)
            {
                insert.Int64(hash);
                insert.Int64(record);
                insert.EndRow();
            }
        }

        Settle(transaction, fresh.Count);
        SaveHot(transaction, chunk);
        return WorthScoring(pairs);
    }

    /// <summary>
    /// Those pairs that met by a key that few share, or by two keys: who shares but one common key, such as a usual name, could not
    /// be linked by all that is left, and would be most of the work.
    /// </summary>
    private static List<(long A, long B)> WorthScoring(List<ulong> pairs)
    {
        pairs.Sort();
        var kept = new List<(long A, long B)>();
        for (var start = 0; start < pairs.Count;)
        {
            var end = start + 1;
            while (end < pairs.Count && pairs[end] == pairs[start])
                end++;
            if (end - start > 1)
                kept.Add(((long)(pairs[start] >> 32), (long)(pairs[start] & uint.MaxValue)));
            start = end;
        }

        return kept;
    }

    // One number sorts many times faster than two, and four billion records are as many as SQLite will be asked to hold.
    private static ulong Pair(long a, long b) => checked(((ulong)(uint)Math.Min(a, b) << 32) | (uint)Math.Max(a, b));

    private void Group(IReadOnlyList<MatchRecord> chunk, long hash, List<long> members, List<int> newcomers, int limit, List<ulong> pairs, List<(long, long)> fresh)
    {
        // Records of the chunk that were in the index already meet the others as newcomers.
        HashSet<long>? known = null;
        foreach (var index in newcomers)
        {
            var at = members.BinarySearch(chunk[index].Id);
            if (at < 0)
                continue;
            (known ??= []).Add(members[at]);
            members.RemoveAt(at);
        }

        var together = members.Count + newcomers.Count;
        if (together > limit)
        {
            _becameHot.Add((hash, newcomers[0], together));
            _hot.Add(hash);
            return;
        }

        // A key of few counts twice: see WorthScoring.
        var times = together <= FewRecords ? 2 : 1;
        for (var i = 0; i < newcomers.Count; i++)
        {
            var id = chunk[newcomers[i]].Id;
            if (known is null || !known.Contains(id))
                fresh.Add((hash, id));
            for (var time = 0; time < times; time++)
            {
                foreach (var member in members)
                    pairs.Add(Pair(member, id));
                for (var j = i + 1; j < newcomers.Count; j++)
                {
                    var other = chunk[newcomers[j]].Id;
                    pairs.Add(Pair(other, id));
                }
            }
        }
    }

    /// <summary>Moves the recent keys over, in order, once they are many.</summary>
    private void Settle(StoreTransaction transaction, int added)
    {
        _recent += added;
        if (_recent < RecentKeys)
            return;
        transaction.Execute("insert into match_key (hash, record_id) select hash, record_id from match_key_recent order by hash, record_id");
        transaction.Execute("delete from match_key_recent");
        _recent = 0;
    }

    private void SaveHot(StoreTransaction transaction, IReadOnlyList<MatchRecord> chunk)
    {
        foreach (var (hash, newcomer, records) in _becameHot)
        {
            var kind = Array.Find(chunk[newcomer].Keys, key => unchecked((long)key.Hash) == hash).Kind.ToString();
            NewlyHot[kind] = NewlyHot.GetValueOrDefault(kind) + 1;
            transaction.Execute(
                """
                insert into hot_key (hash, entity, kind, records, example_record) select @hash, @entity, @kind, @records, @example
                where not exists (select 1 from hot_key h where h.hash = @hash)
                """,
                new { hash, entity = _entity.Type.Name, kind, records, example = chunk[newcomer].Id });
        }

        _becameHot.Clear();
    }

    private static long[] Distinct(long[] entries)
    {
        var hashes = new List<long>(entries.Length);
        foreach (var hash in entries)
        {
            if (hashes.Count == 0 || hashes[^1] != hash)
                hashes.Add(hash);
        }

        return [.. hashes];
    }
}
