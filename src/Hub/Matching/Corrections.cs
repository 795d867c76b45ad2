using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// The stewards' corrections while golden records are computed. A correction goes where the record goes whose value it corrects;
/// when that record is gone from its source, it stays with the master.
/// </summary>
internal static class Corrections
{
    private const string Columns = "c.id, c.master_id, c.record_id, c.kind, c.data, c.at";

    /// <summary>The corrections that count for some golden records, each as a member.</summary>
    /// <param name="transaction">The chunk's transaction.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="golden">Each golden record's master and its source records.</param>
    /// <param name="gone">The records that leave their master for none.</param>
    /// <param name="ended">The masters that end, and which one each becomes; 0 for none.</param>
    public static Dictionary<long, List<Member>> Find(
        StoreTransaction transaction, EntityConfiguration entity, IReadOnlyList<(long Master, long[] Members)> golden, IReadOnlySet<long> gone, IReadOnlyDictionary<long, long> ended)
    {
        var found = new Dictionary<long, List<Member>>();
        if (transaction.Scalar<long>("select count(*) from correction where state = 'open' and entity = @entity", new { entity = entity.Type.Name }) == 0)
            return found;

        var masterOf = new Dictionary<long, long>();
        foreach (var (master, members) in golden)
        {
            foreach (var record in members)
                masterOf[record] = master;
        }

        transaction.Batch([.. masterOf.Keys.Order()]);
        var rows = transaction.Query<CorrectionRow>($"select {Columns} from batch b join correction c on c.record_id = b.k where c.state = 'open'")
            .ConvertAll(row => (Row: row, Master: masterOf[row.RecordId]));

        var heirs = golden.ToDictionary(one => one.Master, one => one.Master);
        foreach (var (master, into) in ended.Where(one => one.Value != 0 && heirs.ContainsKey(one.Value)))
            heirs[master] = into;
        transaction.Batch([.. heirs.Keys.Order()]);
        var left = transaction.Query<CorrectionRow>(
            $"""
            select {Columns}, x.master_id as alive_with from batch b join correction c on c.master_id = b.k left join xref x on x.record_id = c.record_id
            where c.state = 'open'
            """);
        rows.AddRange(left.Where(row => !masterOf.ContainsKey(row.RecordId) && (row.AliveWith is null || gone.Contains(row.RecordId))).Select(row => (row, heirs[row.MasterId])));

        foreach (var (row, master) in rows)
        {
            if (!found.TryGetValue(master, out var members))
                found.Add(master, members = []);
            members.Add(row.ToMember(entity.Type));
            if (row.MasterId != master)
                Follow(transaction, entity, row, master, computed: heirs.ContainsKey(row.MasterId) || ended.ContainsKey(row.MasterId));
        }

        return found;
    }

    private static void Follow(StoreTransaction transaction, EntityConfiguration entity, CorrectionRow row, long master, bool computed)
    {
        transaction.Execute("update correction set master_id = @master where id = @Id", new { master, row.Id });

        // Left behind by a record that came back to somebody else: that golden record is to be computed without it.
        if (!computed)
            Requeue(transaction, entity.Type.Name, row.MasterId);
    }

    /// <summary>Makes a master's golden record be computed anew at the next matching.</summary>
    public static void Requeue(StoreTransaction transaction, string entity, long master) =>
        MatchQueue.Add(transaction, entity, transaction.Query<long>("select record_id from xref where master_id = @master", new { master }), paired: 0);

    private sealed class CorrectionRow
    {
        public long Id { get; init; }

        public long MasterId { get; init; }

        public long RecordId { get; init; }

        public string Kind { get; init; } = "";

        public string Data { get; init; } = "";

        public long At { get; init; }

        public long? AliveWith { get; init; }

        public Member ToMember(EntityType type) => CorrectionMember.Of(type, Id, Kind, Data, At);
    }
}

/// <summary>A correction as survivorship sees it.</summary>
internal static class CorrectionMember
{
    /// <summary>A record of the connection <c>steward</c>; its number is below those of all source records.</summary>
    public static Member Of(EntityType type, long id, string kind, string data, long at) => new(
        -id, Survivor.Steward, id.ToString(System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(at), RecordJson.Read(type, data))
    {
        Vouches = kind == "verified",
    };
}
