using System.Text;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>Reads and writes what is known of the records at the other end of a two-way stream.</summary>
internal static class CounterpartTable
{
    private static readonly string[] s_columns = ["outbound_id", "external_id", "seen", "version", "sent", "answered", "answered_version", "awaits", "tries", "fresh"];

    /// <summary>The counterparts of some ids, by id.</summary>
    public static Dictionary<string, Counterpart> Read(StoreTransaction transaction, long outbound, IReadOnlyList<string> ids)
    {
        var found = new Dictionary<string, Counterpart>(StringComparer.Ordinal);
        using var rows = transaction.Lookup("counterpart", ("outbound_id", outbound), "external_id", ids, s_columns[2..]);
        while (rows.Next())
        {
            found[ids[rows.Index]] = Counterpart.Restore(
                ids[rows.Index],
                Values(rows, 0),
                Text(rows, 1),
                Values(rows, 2),
                Values(rows, 3) ?? [],
                Text(rows, 4),
                rows.Int64(5) != 0,
                (int)rows.Int64(6),
                rows.Int64(7) != 0);
        }

        return found;
    }

    /// <summary>Writes counterparts down, whether or not they are there.</summary>
    public static void Write(StoreTransaction transaction, long outbound, IReadOnlyCollection<Counterpart> counterparts)
    {
        if (counterparts.Count == 0)
            return;
        using var insert = transaction.Insert("counterpart", s_columns, WhenExists.Replace);
        foreach (var one in counterparts.DistinctBy(one => one.ExternalId).OrderBy(one => one.ExternalId, StringComparer.Ordinal))
        {
            insert.Int64(outbound);
            insert.Text(one.ExternalId);
            insert.Text(Json(one.Seen));
            insert.Text(one.Version);
            insert.Text(Json(one.Sent));
            insert.Text(FieldValues.ToJson(one.Answered));
            insert.Text(one.AnsweredVersion);
            insert.Int64(one.Awaits ? 1 : 0);
            insert.Int64(one.Tries);
            insert.Int64(one.Fresh ? 1 : 0);
            insert.EndRow();
        }
    }

    /// <summary>The number of an outbound pipeline in the store; null when it has not run yet.</summary>
    public static long? OutboundId(StoreTransaction transaction, Configuration.OutboundPipeline pipeline) => transaction.Scalar<long?>(
        "select id from outbound where pipeline = @Name and connection = @Connection and stream = @Stream and entity = @Entity",
        new { pipeline.Name, Connection = pipeline.Connection.Name, pipeline.Stream, Entity = pipeline.Entity.Type.Name });

    private static string? Json(Dictionary<string, Value>? values) => values is null ? null : FieldValues.ToJson(values);

    private static Dictionary<string, Value>? Values(BulkLookup rows, int column) => rows.IsNull(column) ? null : FieldValues.Parse(rows.Utf8(column));

    private static string? Text(BulkLookup rows, int column) => rows.IsNull(column) ? null : Encoding.UTF8.GetString(rows.Utf8(column));
}
