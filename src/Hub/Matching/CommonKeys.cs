using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Keys that too many records share, found anew among all records: which are set aside, which come back because they have
/// become rare, and which of their owners the others meet.
/// </summary>
internal sealed class CommonKeys
{
    private readonly EntityConfiguration _entity;
    private readonly HashSet<long> _before;
    private readonly Dictionary<long, (uint[] First, int Records)> _common = [];
    private readonly Dictionary<long, uint[]> _back = [];

    /// <summary>As they were.</summary>
    public CommonKeys(StoreTransaction transaction, EntityConfiguration entity)
    {
        _entity = entity;
        _before = [.. transaction.Query<long>("select hash from hot_key where entity = @entity", new { entity = entity.Type.Name })];
    }

    /// <summary>A key that few enough share.</summary>
    public void Rare(long hash, ReadOnlySpan<uint> owners)
    {
        if (_before.Contains(hash))
            _back.Add(hash, owners.ToArray());
    }

    /// <summary>A key that too many share.</summary>
    /// <param name="hash">The key.</param>
    /// <param name="first">Those of its owners that the others meet.</param>
    /// <param name="records">How many share it.</param>
    public void Common(long hash, uint[] first, int records) => _common.Add(hash, (first, records));

    /// <summary>Writes it down.</summary>
    public void Save(StoreTransaction transaction)
    {
        long[] hashes = [.. _before.Union(_common.Keys).Order()];
        if (hashes.Length == 0)
            return;
        transaction.Batch(hashes);
        transaction.Execute("delete from match_key where hash in (select k from batch)");
        transaction.Execute("delete from match_key_recent where hash in (select k from batch)");
        transaction.Batch([.. _before.Where(hash => !_common.ContainsKey(hash)).Order()]);
        transaction.Execute("delete from hot_key where hash in (select k from batch)");
        using (var insert = transaction.Insert("match_key", ["hash", "record_id"], WhenExists.Keep))
        {
            foreach (var hash in hashes)
            {
                foreach (var owner in _common.TryGetValue(hash, out var common) ? common.First : _back.GetValueOrDefault(hash, []))
                {
                    insert.Int64(hash);
                    insert.Int64(owner);
                    insert.EndRow();
                }
            }
        }

        SaveCommon(transaction);
    }

    private void SaveCommon(StoreTransaction transaction)
    {
        var cache = new ComparableCache(_entity);
        cache.ReadRecords(transaction, [.. _common.Where(key => !_before.Contains(key.Key)).Select(key => (long)key.Value.First[0]).Distinct()]);
        foreach (var (hash, (first, records)) in _common)
        {
            if (_before.Contains(hash))
            {
                transaction.Execute("update hot_key set records = @records where hash = @hash", new { hash, records });
                continue;
            }

            var kind = Array.Find(cache.KeysOf(first[0]), key => unchecked((long)key.Hash) == hash).Kind.ToString();
            transaction.Execute(
                "insert into hot_key (hash, entity, kind, records, example_record) values (@hash, @entity, @kind, @records, @example)",
                new { hash, entity = _entity.Type.Name, kind, records, example = (long)first[0] });
        }
    }
}
