using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>How old the values of a conflict are.</summary>
internal static class FieldAges
{
    /// <summary>When the golden value was changed at the source it comes from, when the record's own was, and whether a conflict was decided for the record.</summary>
    /// <param name="store">The store.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="master">The master.</param>
    /// <param name="record">The record at the destination; 0 where it is not known.</param>
    /// <param name="fields">The entity's fields that are in conflict.</param>
    public static (DateTimeOffset? Ours, DateTimeOffset? Theirs, bool Decided) Of(MasterStore store, EntityConfiguration entity, long master, long record, IReadOnlyList<EntityField> fields)
    {
        var rows = MasterQuery.Members(store, master);
        var corrections = CorrectionQuery.Open(store, master);
        if (rows.Count == 0 || fields.Count == 0)
            return (null, null, false);
        var golden = GoldenLineage.Of(entity, rows, corrections);
        var own = GoldenLineage.Members(entity, rows, []).FirstOrDefault(member => member.RecordId == record);
        var ours = golden.Fields.Where(line => fields.Any(field => field.Ordinal == line.Field.Ordinal)).Select(line => line.From[0].ChangedAt(line.Field.Path)).Max();
        var theirs = own is null ? null : fields.Select(field => own.ChangedAt(field.Path)).Max();
        return (ours, theirs, own?.Decided is not null && fields.Any(field => own.Decided.ContainsKey(field.Path)));
    }
}
