using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Review;

/// <summary>
/// Ends corrections whose time is over, and those whose reason is: the source that they corrected says something else by now. Neither
/// happens without a word in the run's report.
/// </summary>
internal static class CorrectionLedger
{
    private const int MostNotes = 10;

    /// <summary>Ends what has to end, and queues the customers concerned for being computed anew.</summary>
    /// <param name="store">The store.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="run">The run.</param>
    /// <returns>What the user should hear, a line a correction.</returns>
    public static IReadOnlyList<string> Settle(MasterStore store, EntityConfiguration entity, RunContext run)
    {
        using var transaction = store.Begin();
        var name = entity.Type.Name;
        if (transaction.Scalar<long>("select count(*) from correction where state = 'open' and entity = @name", new { name }) == 0)
            return [];
        var notes = new List<string>();
        foreach (var row in Open(transaction, name))
        {
            var (state, why) = row.ExpiresAt <= run.Now ? ("expired", "its time is over") : Overtaken(entity.Type, row) is { } reason ? ("retired", reason) : ("", "");
            if (state.Length == 0)
                continue;
            transaction.Execute("update correction set state = @state, ended_at = @Now, ended_run = @RunId where id = @Id", new { state, run.Now, run.RunId, row.Id });
            Corrections.Requeue(transaction, name, row.MasterId);
            var id = MasterId.Of(entity.Type, row.MasterId);
            notes.Add($"{row.Who}'s {(row.Kind == "set" ? "correction" : "verification")} of {row.Field} of {id} no longer counts: {why}; `hub explain {id}` shows what does");
        }

        transaction.Commit();
        if (notes.Count > MostNotes)
            notes = [.. notes.Take(MostNotes), $"and {notes.Count - MostNotes:N0} more corrections no longer count; `hub history ID` tells of each"];
        return notes;
    }

    /// <summary>Corrections that count now.</summary>
    private static List<OpenCorrection> Open(StoreTransaction transaction, string entity) => transaction.Query<OpenCorrection>(
        """
        select c.id, c.master_id, c.field, c.kind, c.data, c.instead_of, c.instead_modified, c.who, c.expires_at,
            r.data as now_data, r.modified_at as now_modified, r.gone_run, r.source_id, i.connection, i.stream
        from correction c join source_record r on r.id = c.record_id join inbound i on i.id = r.inbound_id
        where c.state = 'open' and c.entity = @entity order by c.id
        """,
        new { entity });

    /// <summary>Why a correction has outlived its reason, or null. What a new mapping makes of an old value is no news.</summary>
    private static string? Overtaken(EntityType type, OpenCorrection row)
    {
        if (row.Kind != "set" || row.GoneRun is not null || (row.InsteadModified is not null && row.InsteadModified == row.NowModified))
            return null;
        var (said, correction, now) = (RecordJson.Read(type, row.InsteadOf), RecordJson.Read(type, row.Data), RecordJson.Read(type, row.NowData));
        var fields = type.Fields.Where(field => !correction[field.Ordinal].IsEmpty || !said[field.Ordinal].IsEmpty).ToList();
        if (fields.TrueForAll(field => Same(said[field.Ordinal], now[field.Ordinal])))
            return null;
        var record = $"{row.Connection}/{row.Stream}/{row.SourceId}";
        return fields.TrueForAll(field => Same(correction[field.Ordinal], now[field.Ordinal]))
            ? $"{record}, which it corrected, says the same by now"
            : $"{record}, which it corrected, has changed its value since";
    }

    private static bool Same(Value a, Value b) => a == b || (a.IsEmpty && b.IsEmpty);

    private sealed class OpenCorrection
    {
        public long Id { get; init; }

        public long MasterId { get; init; }

        public string Field { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Data { get; init; } = "";

        public string InsteadOf { get; init; } = "";

        public long? InsteadModified { get; init; }

        public string Who { get; init; } = "";

        public long? ExpiresAt { get; init; }

        public string NowData { get; init; } = "";

        public long? NowModified { get; init; }

        public long? GoneRun { get; init; }

        public string SourceId { get; init; } = "";

        public string Connection { get; init; } = "";

        public string Stream { get; init; } = "";
    }
}
