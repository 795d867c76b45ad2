using System.Runtime.InteropServices;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// The inverted index of match keys: finds which records meet, and keeps the index up to date. Keys are asked and written in
/// the order of their hashes, so that each page of the index is touched once a chunk.
/// </summary>
internal sealed class KeyIndex
{
    /// <summary>Of a key that too many share: how many of its owners the others meet.</summary>
    public const int Representatives = 5;

    // About 20 MB: stays in memory, and costs a pass over the large index seldom enough. In a large store that pass is long, and
    // there may be as many as a fourth of its records.
    private const int RecentKeys = 1_000_000;
    private const int RecentShare = 4;
    private const int KeysInSlice = 50_000;

    private readonly EntityConfiguration _entity;
    private readonly HashSet<long> _hot;
    private long _recent;
    private long _records;
    private readonly List<(long Hash, long Example, int Records)> _becameHot = [];

    /// <summary>The index of an entity.</summary>
    public KeyIndex(StoreTransaction transaction, EntityConfiguration entity)
    {
        _entity = entity;
        _recent = transaction.Scalar<long>("select count(*) from match_key_recent");
        _records = transaction.Scalar<long?>("select records from entity_total where entity = @entity", new { entity = entity.Type.Name }) ?? 0;
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
            if (record.MatchedData is { } old)
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
                entries.Add((unchecked((long)key.Hash), i));
            }
        }

        Drop(transaction, dropped);
        CountTerms(transaction, delta, records);
        var hashes = entries.ConvertAll(entry => entry.Hash).ToArray();
        var owners = entries.ConvertAll(entry => entry.Index).ToArray();
        Array.Sort(hashes, owners);
        return Meet(transaction, chunk, hashes, owners, cache);
    }

    /// <summary>How many records there are.</summary>
    public long Records => _records;

    /// <summary>Joins the keys of many new records among themselves and with the index, and adds them to it.</summary>
    /// <param name="transaction">The load's transaction.</param>
    /// <param name="hashes">The keys, ascending.</param>
    /// <param name="records">For each its record, ascending within a key.</param>
    /// <param name="recent">Whether they join the recent keys first, being few beside the others.</param>
    /// <param name="pair">Takes each pair with its higher record.</param>
    public void Join(StoreTransaction transaction, long[] hashes, uint[] records, bool recent, Action<long, ulong> pair)
    {
        var limit = _entity.Matcher!.Settings.KeyLimit;
        var represented = new List<(long Hash, long Record)>();
        var there = new HashSet<(long Hash, long Record)>();
        using (var members = new KeyMembers(transaction, Distinct(hashes), _recent > 0))
        {
            for (int start = 0, end; start < hashes.Length; start = end)
            {
                var hash = hashes[start];
                for (end = start; end < hashes.Length && hashes[end] == hash;)
                    end++;
                var known = members.Of(hash);
                var together = known.Count + end - start;
                if (together > limit || _hot.Contains(hash))
                {
                    if (_hot.Add(hash))
                        _becameHot.Add((hash, records[start], together));
                    var some = records.AsSpan(start, Math.Min(end - start, Representatives)).ToArray().Select(id => (long)id);
                    long[] first = [.. known.Take(Representatives).Concat(some).Distinct().Order().Take(Representatives)];
                    for (var i = start; i < end; i++)
                        WithFirst(records[i], first, known, packed => pair(records[i], packed));
                    represented.AddRange(first.Where(id => !known.Contains(id)).Select(id => (hash, id)));
                    continue;
                }

                for (var i = start; i < end; i++)
                {
                    if (known.Count > 0 && known.BinarySearch(records[i]) >= 0)
                        there.Add((hash, records[i]));
                    foreach (var member in known)
                        pair(Math.Max(member, records[i]), KeyPairs.Pack(member, records[i], together));
                    for (var j = start; j < i; j++)
                        pair(records[i], KeyPairs.Pack(records[j], records[i], together));
                }
            }
        }

        using var insert = transaction.Insert(recent ? "match_key_recent" : "match_key", ["hash", "record_id"]);
        for (var i = 0; i < hashes.Length; i++)
        {
            // A record may have one key by two ways.
            var repeated = i > 0 && hashes[i] == hashes[i - 1] && records[i] == records[i - 1];
            if (repeated || _hot.Contains(hashes[i]) || (there.Count > 0 && there.Contains((hashes[i], records[i]))))
                continue;
            insert.Int64(hashes[i]);
            insert.Int64(records[i]);
            insert.EndRow();
        }

        foreach (var (hash, record) in represented)
        {
            insert.Int64(hash);
            insert.Int64(record);
            insert.EndRow();
        }
    }

    /// <summary>
    /// A key that too many share brings its records together with the first few of them only: whoever is the same customer a thousand
    /// times over meets them by several keys, and the others cost no more than that.
    /// </summary>
    private static void WithFirst(long record, long[] first, List<long> known, Action<ulong> pair)
    {
        foreach (var other in first)
        {
            // Of two new ones the lower is met by the higher.
            if (other < record || (other > record && known.Contains(other)))
                pair(KeyPairs.Pack(other, record, int.MaxValue));
        }
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

    /// <summary>Adds to the counts of terms and of records.</summary>
    public void CountTerms(StoreTransaction transaction, Dictionary<ulong, int> delta, int records)
    {
        var changes = delta.Where(pair => pair.Value != 0).Select(pair => (unchecked((long)(pair.Key ^ ComparableCache.SaltOf(_entity))), (long)pair.Value)).Order().ToArray();
        if (changes.Length > 0)
        {
            var hashes = Array.ConvertAll(changes, change => change.Item1);
            var stored = new bool[hashes.Length];
            using (var rows = transaction.Lookup("term", "hash", hashes, "records"))
            {
                while (rows.Next())
                    stored[rows.Index] = true;
            }

            (long, long)[] known = [.. changes.Where((_, i) => stored[i])];
            if (known.Length > 0)
            {
                transaction.Batch(known);
                transaction.Execute("update term set records = records + b.v from batch b where term.hash = b.k");
            }

            using var insert = transaction.Insert("term", ["hash", "records"]);
            for (var i = 0; i < changes.Length; i++)
            {
                if (stored[i])
                    continue;
                insert.Int64(changes[i].Item1);
                insert.Int64(changes[i].Item2);
                insert.EndRow();
            }
        }

        EntityTotals.Add(transaction, _entity.Type.Name, records, masters: 0);
        _records += records;
    }

    private List<(long A, long B)> Meet(StoreTransaction transaction, IReadOnlyList<MatchRecord> chunk, long[] entries, int[] owners, ComparableCache cache)
    {
        var pairs = new List<ulong>(chunk.Count * 4);
        var fresh = new List<(long Hash, long Record)>(entries.Length);
        var newcomers = new List<int>();
        var limit = _entity.Matcher!.Settings.KeyLimit;
        using (var members = new KeyMembers(transaction, Distinct(entries), _recent > 0))
        {
            for (int start = 0, end; start < entries.Length; start = end)
            {
                var hash = entries[start];
                newcomers.Clear();
                for (end = start; end < entries.Length && entries[end] == hash; end++)
                    newcomers.Add(owners[end]);
                Group(chunk, hash, members.Of(hash), newcomers, limit, pairs, fresh);
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
        SaveHot(transaction, cache);
        return KeyPairs.WorthScoring(CollectionsMarshal.AsSpan(pairs));
    }

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
        if (together > limit || _hot.Contains(hash))
        {
            if (_hot.Add(hash))
                _becameHot.Add((hash, chunk[newcomers[0]].Id, together));
            var ids = newcomers.ConvertAll(index => chunk[index].Id);
            long[] first = [.. members.Take(Representatives).Concat(ids).Distinct().Order().Take(Representatives)];
            foreach (var id in ids)
            {
                WithFirst(id, first, members, pairs.Add);
                if (Array.IndexOf(first, id) >= 0 && (known is null || !known.Contains(id)))
                    fresh.Add((hash, id));
            }

            return;
        }

        for (var i = 0; i < newcomers.Count; i++)
        {
            var id = chunk[newcomers[i]].Id;
            if (known is null || !known.Contains(id))
                fresh.Add((hash, id));
            foreach (var member in members)
                pairs.Add(KeyPairs.Pack(member, id, together));
            for (var j = i + 1; j < newcomers.Count; j++)
                pairs.Add(KeyPairs.Pack(chunk[newcomers[j]].Id, id, together));
        }
    }

    /// <summary>Moves the recent keys over, in order, once they are many.</summary>
    public void Settle(StoreTransaction transaction, int added)
    {
        _recent += added;
        if (_recent >= Math.Max(RecentKeys, _records / RecentShare))
            SettleAll(transaction);
    }

    /// <summary>Moves the recent keys over, in order.</summary>
    public void SettleAll(StoreTransaction transaction)
    {
        if (_recent == 0)
            return;

        // Slice by slice: for a statement that might fail half-way SQLite keeps the old form of every page it touches in memory, and the whole
        // move touches them all.
        foreach (var (first, last) in Slices((int)Math.Clamp(_recent / KeysInSlice, 1, 4096)))
        {
            transaction.Execute(
                "insert into match_key (hash, record_id) select hash, record_id from match_key_recent where hash between @first and @last order by hash, record_id",
                new { first, last });
        }

        transaction.Execute("delete from match_key_recent");
        _recent = 0;
    }

    /// <summary>All hashes, in as many slices of equal width, ascending.</summary>
    internal static IEnumerable<(long First, long Last)> Slices(int count)
    {
        var width = (UInt128)1 << 64;
        return Enumerable.Range(0, count).Select(slice => (From(slice), unchecked(From(slice + 1) - 1)));

        long From(int slice) => unchecked((long)(ulong)(width * (UInt128)slice / (UInt128)count) + long.MinValue);
    }

    /// <summary>Writes down which keys became too common.</summary>
    public void SaveHot(StoreTransaction transaction, ComparableCache cache)
    {
        if (_becameHot.Count == 0)
            return;
        cache.Read(transaction, [.. _becameHot.Select(hot => hot.Example).Distinct()]);
        foreach (var (hash, example, records) in _becameHot)
        {
            var kind = Array.Find(cache.KeysOf(example), key => unchecked((long)key.Hash) == hash).Kind.ToString();
            NewlyHot[kind] = NewlyHot.GetValueOrDefault(kind) + 1;
            transaction.Execute(
                """
                insert into hot_key (hash, entity, kind, records, example_record) select @hash, @entity, @kind, @records, @example
                where not exists (select 1 from hot_key h where h.hash = @hash)
                """,
                new { hash, entity = _entity.Type.Name, kind, records, example });
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
