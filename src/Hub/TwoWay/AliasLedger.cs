using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>
/// Records that their source merged into others, or converted: masters and judgements follow them. Settled once the record that stands in
/// their place has come.
/// </summary>
internal static class AliasLedger
{
    /// <summary>Remembers which records of a page stand for others by now.</summary>
    public static void Keep(StoreTransaction transaction, long inbound, PageWork page)
    {
        for (var i = 0; i < page.Rows.Length; i++)
        {
            if (page.Source[i] is { IsDelete: true, AliasOf: { Length: > 0 } into } && page.Rows[i].Key is { } id)
                Keep(transaction, inbound, id, into);
        }
    }

    /// <summary>Says for all that came since that they are one with what stands in their place. Before matching.</summary>
    public static void Settle(MasterStore store, EntityConfiguration entity, RunContext run)
    {
        using var transaction = store.Begin();
        var name = entity.Type.Name;
        var open = transaction.Query<Alias>(
            """
            select a.inbound_id, a.source_id, i.connection, o.record_id as old_record, n.record_id as new_record, x.master_id,
                (select min(d.master_id) from outbound p join delivery d on d.outbound_id = p.id and d.external_id = a.source_id
                    where p.connection = i.connection and p.stream = i.stream and p.entity = i.entity) as made_for
            from record_alias a join inbound i on i.id = a.inbound_id
            join source_key n on n.inbound_id = a.inbound_id and n.source_id = a.into_id
            left join source_key o on o.inbound_id = a.inbound_id and o.source_id = a.source_id
            left join xref x on x.record_id = o.record_id
            where a.settled = 0 and i.entity = @name and n.row_hash is not null
            """,
            new { name });
        if (open.Count == 0)
            return;
        foreach (var alias in open)
        {
            transaction.Execute("update record_alias set settled = 1 where inbound_id = @InboundId and source_id = @SourceId", alias);
            if (alias.OldRecord == alias.NewRecord || (alias.OldRecord ?? alias.MadeFor) is null)
                continue;

            // Everybody who was one with it is one with what stands in its place, and what people said of it is said of that.
            // Nor must it have come here before: the hub may have made it, and its users have merged it at once.
            var mates = (alias.MasterId ?? alias.MadeFor) is { } master ? transaction.Query<long>("select record_id from xref where master_id = @master", new { master }) : [];
            long[] itself = alias.OldRecord is { } record ? [record] : [];
            var pairs = mates.Concat(itself).Where(one => one != alias.NewRecord).Distinct().Select(one => Pair(one, alias.NewRecord)).ToList();
            new OwnRecords(run).Judge(transaction, pairs, $"{alias.Connection} merged its record {alias.SourceId} into this one");
            foreach (var old in itself)
            {
                foreach (var said in transaction.Query<Said>("select record_a, record_b, same, who, why, at from judgement where record_a = @old or record_b = @old", new { old }))
                    Inherit(transaction, said, said.RecordA == old ? said.RecordB : said.RecordA, alias.NewRecord);
            }

            MatchQueue.Add(transaction, name, mates.Append(alias.NewRecord).Concat(itself), paired: 0);
        }

        transaction.Commit();
    }

    private static void Keep(StoreTransaction transaction, long inbound, string id, string into)
    {
        if (id == into || transaction.Execute("update record_alias set settled = case when into_id = @into then settled else 0 end, into_id = @into where inbound_id = @inbound and source_id = @id", new { inbound, id, into }) > 0)
            return;
        transaction.Execute("insert into record_alias (inbound_id, source_id, into_id, settled) values (@inbound, @id, @into, 0)", new { inbound, id, into });
    }

    private static void Inherit(StoreTransaction transaction, Said said, long other, long heir)
    {
        if (other == heir)
            return;
        var (a, b) = Pair(other, heir);
        transaction.Execute(
            """
            insert into judgement (record_a, record_b, same, who, why, at)
            select @a, @b, @Same, @Who, @Why, @At where not exists (select 1 from judgement j where j.record_a = @a and j.record_b = @b)
            """,
            new { a, b, said.Same, said.Who, said.Why, said.At });
    }

    private static (long A, long B) Pair(long one, long other) => one < other ? (one, other) : (other, one);

    private sealed class Alias
    {
        public long InboundId { get; init; }

        public string SourceId { get; init; } = "";

        public string Connection { get; init; } = "";

        public long? OldRecord { get; init; }

        public long NewRecord { get; init; }

        public long? MadeFor { get; init; }

        public long? MasterId { get; init; }
    }

    private sealed class Said
    {
        public long RecordA { get; init; }

        public long RecordB { get; init; }

        public long Same { get; init; }

        public string Who { get; init; } = "";

        public string? Why { get; init; }

        public long At { get; init; }
    }
}
