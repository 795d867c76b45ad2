using System.Globalization;
using System.Text.Json.Serialization;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>How far pipelines have come, for people to see and to set.</summary>
internal static class PipelineState
{
    /// <summary>All pipelines that have run, inbound first.</summary>
    public static IReadOnlyList<PipelineStateRow> List(StoreTransaction transaction)
    {
        var inbound = transaction.Query<PipelineStateRow>(
            """select pipeline, 1 as inbound, connection, stream, entity, "cursor", cursor_at, live as records from inbound order by pipeline""");
        var outbound = transaction.Query<PipelineStateRow>(
            """
            select o.pipeline, o.connection, o.stream, o.entity, o.feed_seq, o.delivered as records,
                (select count(distinct f.master_id) from change_feed f where f.entity = o.entity and f.seq > o.feed_seq) as behind
            from outbound o order by o.pipeline
            """);
        return [.. inbound, .. outbound.Select(row => row with { Cursor = row.FeedSeq?.ToString(CultureInfo.InvariantCulture) })];
    }

    /// <summary>Makes an inbound pipeline go on from a cursor; null makes it read everything again.</summary>
    /// <returns>Whether there is such a pipeline.</returns>
    public static bool SetCursor(StoreTransaction transaction, string pipeline, string? cursor) =>
        transaction.Execute("""update inbound set "cursor" = @cursor, cursor_at = @Now where pipeline = @pipeline""", new { pipeline, cursor, transaction.Store.Now }) > 0;

    /// <summary>Forgets which files or batches an inbound pipeline has taken for good, so that it takes them again.</summary>
    /// <returns>How many were forgotten.</returns>
    public static int ForgetReceipts(StoreTransaction transaction, string pipeline) => transaction.Execute(
        "delete from receipt where exists (select 1 from inbound i where i.pipeline = @pipeline and i.connection = receipt.connection and i.stream = receipt.stream)",
        new { pipeline });

    /// <summary>Makes an outbound pipeline compare every master with what was last sent.</summary>
    /// <returns>Whether there is such a pipeline.</returns>
    public static bool CompareAll(StoreTransaction transaction, string pipeline) =>
        transaction.Execute("update outbound set feed_seq = 0, fingerprint = 0 where pipeline = @pipeline", new { pipeline }) > 0;
}

/// <summary>How far a pipeline has come.</summary>
internal sealed record PipelineStateRow
{
    public string Pipeline { get; init; } = "";

    public bool Inbound { get; init; }

    public string Connection { get; init; } = "";

    public string Stream { get; init; } = "";

    public string Entity { get; init; } = "";

    public string? Cursor { get; init; }

    public long? CursorAt { get; init; }

    /// <summary>Of an outbound pipeline, what its cursor is.</summary>
    [JsonIgnore]
    public long? FeedSeq { get; init; }

    public long Records { get; init; }

    public long Behind { get; init; }
}
