using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>How many records and masters of each entity there are: kept, since counting millions takes its time.</summary>
internal static class EntityTotals
{
    /// <summary>Adds to the totals of an entity.</summary>
    public static void Add(StoreTransaction transaction, string entity, long records, long masters)
    {
        var totals = new { entity, records, masters };
        if (transaction.Execute("update entity_total set records = records + @records, masters = masters + @masters where entity = @entity", totals) == 0)
            transaction.Execute("insert into entity_total (entity, records, masters) values (@entity, @records, @masters)", totals);
    }
}
