using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>Looks into the conflicts between the hub and its destinations.</summary>
internal static class ConflictQuery
{
    private const string From =
        """
        from field_conflict c join outbound o on o.id = c.outbound_id join source_record r on r.id = c.record_id
        """;

    private const string Names = "o.pipeline, o.connection, o.stream, o.entity, r.source_id";

    /// <summary>Those in a state: what waits in the order in which it came, what was decided the latest first.</summary>
    public static IReadOnlyList<ConflictView> List(MasterStore store, string state, int limit) => state is "open" or "decided"
        ? store.Query<ConflictView>($"select {ConflictRow.Columns}, {Names} {From} where c.state = @state order by c.id limit @limit", new { state, limit })
        : store.Query<ConflictView>($"select {ConflictRow.Columns}, {Names} {From} where c.state = @state order by c.id desc limit @limit", new { state, limit });

    /// <summary>Those in a state by their numbers, page by page: none is left out while others come and go.</summary>
    public static IReadOnlyList<ConflictView> Page(MasterStore store, string state, int limit, long after) =>
        store.Query<ConflictView>($"select {ConflictRow.Columns}, {Names} {From} where c.state = @state and c.id > @after order by c.id limit @limit", new { state, limit, after });

    /// <summary>How many are in a state.</summary>
    public static long Count(MasterStore store, string state) => store.Scalar<long>("select count(*) from field_conflict where state = @state", new { state });

    /// <summary>One of them, or null.</summary>
    public static ConflictView? Find(MasterStore store, long id) =>
        store.First<ConflictView>($"select {ConflictRow.Columns}, {Names} {From} where c.id = @id", new { id });
}

/// <summary>A conflict with the names of where it is.</summary>
internal sealed record ConflictView : ConflictRow
{
    public string Pipeline { get; init; } = "";

    public string Connection { get; init; } = "";

    public string Stream { get; init; } = "";

    public string Entity { get; init; } = "";

    public string SourceId { get; init; } = "";

    /// <summary>"salesforce/Contact/0031".</summary>
    public string Record => $"{Connection}/{Stream}/{SourceId}";
}
