using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>
/// Records that their source merged into others, or converted: masters and judgements follow them. Settled once the record that stands in
/// their place has come.
/// </summary>
internal static class AliasLedger
{
    /// <summary>Remembers that a record stands for another one by now.</summary>
    public static void Keep(StoreTransaction transaction, long inbound, string id, string into)
    {
        if (id == into || transaction.Execute("update record_alias set settled = case when into_id = @into then settled else 0 end, into_id = @into where inbound_id = @inbound and source_id = @id", new { inbound, id, into }) > 0)
            return;
        transaction.Execute("insert into record_alias (inbound_id, source_id, into_id, settled) values (@inbound, @id, @into, 0)", new { inbound, id, into });
    }

    /// <summary>Says for all that came since that they are one with what stands in their place. Before matching.</summary>
    public static void Settle(MasterStore store, EntityConfiguration entity, RunContext run)
    {
        using var transaction = store.Begin();
        var name = entity.Type.Name;
        var open = transaction.Query<Alias>(
            """
            select a.inbound_id, a.source_id, i.connection, o.record_id as old_record, n.record_id as new_record, x.master_id
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
            if (alias.OldRecord is not { } old || old == alias.NewRecord)
                continue;

            // Everybody who was one with it is one with what stands in its place, and what people said of it is said of that.
            var mates = alias.MasterId is { } master ? transaction.Query<long>("select record_id from xref where master_id = @master", new { master }) : [];
            var pairs = mates.Append(old).Where(record => record != alias.NewRecord).Distinct().Select(record => Pair(record, alias.NewRecord)).ToList();
            new OwnRecords(run).Judge(transaction, pairs, $"{alias.Connection} merged its record {alias.SourceId} into this one");
            foreach (var said in transaction.Query<Said>("select record_a, record_b, same, who, why, at from judgement where record_a = @old or record_b = @old", new { old }))
                Inherit(transaction, said, said.RecordA == old ? said.RecordB : said.RecordA, alias.NewRecord);
            foreach (var record in mates.Append(alias.NewRecord).Append(old))
                transaction.Execute("insert into pending (record_id, entity) select @record, @name where not exists (select 1 from pending p where p.record_id = @record)", new { record, name });
        }

        transaction.Commit();
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
