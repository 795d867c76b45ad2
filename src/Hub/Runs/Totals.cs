using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Runs;

/// <summary>Reads how much the store holds.</summary>
internal static class Totals
{
    /// <summary>The totals of each entity that has any record.</summary>
    public static IReadOnlyList<EntityTotals> Read(MasterStore store, HubConfiguration configuration)
    {
        using var transaction = store.Look();
        var totals = new List<EntityTotals>();
        foreach (var entity in configuration.Entities.Values)
        {
            var name = entity.Type.Name;
            var row = transaction.First<(long Records, long Masters)>("select records, masters from entity_total where entity = @name", new { name });
            if (row.Records == 0 && row.Masters == 0)
                continue;
            var reviews = transaction.Scalar<long>("select count(*) from review where state = 'open' and entity = @name", new { name });
            var quarantine = transaction.Scalar<long>(
                "select count(*) from quarantine q join inbound i on i.id = q.inbound_id where q.state = 'open' and i.entity = @name", new { name });
            totals.Add(new EntityTotals(name, row.Records, row.Masters, reviews, quarantine));
        }

        return totals;
    }
}
