using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Looks for masters that may be several customers: ids or generations that contradict each other, two groups that one pair holds
/// together, very many records, or records that mostly do not resemble each other.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="entity">The entity, with a matcher.</param>
internal sealed class SuspiciousMasters(MasterStore store, EntityConfiguration entity)
{
    // The largest first: two records alone were joined by what speaks for the two, and cannot contradict it.
    private const int MostMasters = 20_000;
    private const int LeastRecords = 3;

    private const int BlockMasters = 256;
    private const int ManyRecords = 20;

    /// <summary>Looks.</summary>
    /// <param name="most">How many are told of; all are counted.</param>
    public Suspicions Find(int most)
    {
        using var transaction = store.Look();
        var matcher = MatchModels.InForce(transaction, entity).Matcher!;
        var candidates = transaction.Query<(long Master, long Records)>(
            """
            select x.master_id, count(*) from xref x join master m on m.id = x.master_id where m.entity = @entity
            group by x.master_id having count(*) >= @LeastRecords order by count(*) desc, x.master_id limit @MostMasters
            """,
            new { entity = entity.Type.Name, LeastRecords, MostMasters });
        var usual = candidates.Count == 0 ? 0 : candidates[candidates.Count / 100].Records;
        var found = new List<SuspiciousMaster>();
        foreach (var block in candidates.Chunk(BlockMasters))
        {
            var members = Members(transaction, [.. block.Select(master => master.Master).Order()]);
            var cache = new ComparableCache(entity);
            var inspections = block.Select(master => new MasterInspection(master.Master, master.Records, members[master.Master])).ToList();
            cache.Read(transaction, [.. inspections.SelectMany(inspection => inspection.Looked)]);
            var judged = Judged(transaction, [.. inspections.SelectMany(inspection => inspection.Looked).Order()]);
            foreach (var inspection in inspections)
            {
                var large = inspection.Records >= ManyRecords && inspection.Records > usual * 4;
                if (inspection.Find((a, b) => matcher.Score(cache[a].Features, cache[b].Features, cache.Frequencies), judged, matcher.Settings, large) is { } suspicion)
                    found.Add(suspicion);
            }
        }

        found.Sort((a, b) => (a.Kind, -a.Records, a.Master).CompareTo((b.Kind, -b.Records, b.Master)));
        return new Suspicions(candidates.Count, candidates.Count == MostMasters, found.Count, [.. found.Take(most)]);
    }

    private static Dictionary<long, List<long>> Members(StoreTransaction transaction, long[] masters)
    {
        var members = masters.ToDictionary(master => master, _ => new List<long>());
        using var rows = transaction.Lookup("xref", "master_id", masters, "record_id");
        while (rows.Next())
            members[masters[rows.Index]].Add(rows.Int64(0));
        return members;
    }

    /// <summary>The pairs of which a steward said that they are one.</summary>
    private static HashSet<(long, long)> Judged(StoreTransaction transaction, long[] records)
    {
        var judged = new HashSet<(long, long)>();
        using var rows = transaction.Lookup("judgement", "record_a", records, "record_b", "same");
        while (rows.Next())
        {
            if (rows.Int64(1) != 0)
                judged.Add((records[rows.Index], rows.Int64(0)));
        }

        return judged;
    }
}

/// <summary>What was found.</summary>
/// <param name="Looked">How many masters were looked at.</param>
/// <param name="More">Whether there are more that were not.</param>
/// <param name="Found">How many look suspicious.</param>
/// <param name="First">The first of them, the worst first.</param>
internal sealed record Suspicions(int Looked, bool More, int Found, IReadOnlyList<SuspiciousMaster> First);

/// <summary>A master that may be several customers.</summary>
/// <param name="Master">Its number.</param>
/// <param name="Records">How many records it has.</param>
/// <param name="Kind">Why.</param>
/// <param name="Apart">Those that would go, if it is several; empty where that cannot be said.</param>
internal sealed record SuspiciousMaster(long Master, long Records, SuspicionKind Kind, IReadOnlyList<long> Apart);

/// <summary>Why a master looks suspicious; the worst first.</summary>
internal enum SuspicionKind
{
    /// <summary>Its records have different ids.</summary>
    Ids,

    /// <summary>Its records are of two generations.</summary>
    Generations,

    /// <summary>One pair holds two groups together.</summary>
    Bridge,

    /// <summary>It has many times the records of others.</summary>
    Large,

    /// <summary>Most of its records do not resemble each other.</summary>
    Loose,
}
