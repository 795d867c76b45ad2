using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>Keys that too many records share.</summary>
internal static class HotKeys
{
    /// <summary>
    /// Counts anew who shares the keys that were set aside, and brings those back that have become rare: records are deleted and
    /// change, and a key must not stay set aside because of who once had it.
    /// </summary>
    /// <param name="transaction">An open transaction.</param>
    /// <param name="entity">The entity; all its records are read.</param>
    public static void Recount(StoreTransaction transaction, EntityConfiguration entity)
    {
        var owners = transaction.Query<long>("select hash from hot_key where entity = @entity", new { entity = entity.Type.Name }).ToDictionary(hash => hash, _ => new List<long>());
        if (owners.Count == 0)
            return;
        var cache = new ComparableCache(entity);
        using (var rows = transaction.Read(
            "select r.id, r.data from source_record r join inbound i on i.id = r.inbound_id where i.entity = @entity and r.gone_run is null order by r.id",
            ("entity", entity.Type.Name)))
        {
            while (rows.Next())
            {
                foreach (var key in cache.Earlier(rows.Utf8(1)).Keys)
                {
                    // One more than the limit tells enough: a key of a million records must not fill the memory.
                    if (owners.TryGetValue(unchecked((long)key.Hash), out var records) && records.Count <= entity.Matcher!.Settings.KeyLimit)
                        records.Add(rows.Int64(0));
                }
            }
        }

        var back = owners.Where(owner => owner.Value.Count <= entity.Matcher!.Settings.KeyLimit).OrderBy(owner => owner.Key).ToList();
        if (back.Count == 0)
            return;
        using (var insert = transaction.Insert("match_key", ["hash", "record_id"], WhenExists.Keep))
        {
            foreach (var (hash, records) in back)
            {
                foreach (var record in records)
                {
                    insert.Int64(hash);
                    insert.Int64(record);
                    insert.EndRow();
                }
            }
        }

        // Those that met by it before it was set aside stand in one of the two places only.
        transaction.Batch([.. back.Select(owner => owner.Key)]);
        transaction.Execute("delete from match_key_recent where hash in (select k from batch)");
        transaction.Execute("delete from hot_key where hash in (select k from batch)");
    }
}
