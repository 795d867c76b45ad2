using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Maps;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Changes by hand of how far pipelines have come.</summary>
internal static class StateChange
{
    /// <summary>The state of a pipeline.</summary>
    /// <exception cref="RefusedException">It has none.</exception>
    public static PipelineStateRow Of(StoreTransaction transaction, string pipeline)
    {
        var rows = PipelineState.List(transaction);
        return rows.FirstOrDefault(row => row.Pipeline == pipeline)
            ?? throw RefusedException.Unknown(
                $"no pipeline '{pipeline}' has run yet",
                Spelling.Nearest(pipeline, rows.Select(row => row.Pipeline)) is { } nearest ? $"did you mean '{nearest}'?" : "`hub state list` lists those that have");
    }

    /// <summary>Makes an inbound pipeline go on from a cursor.</summary>
    /// <param name="view">The store.</param>
    /// <param name="configuration">The hub folder; null where it has mistakes.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="cursor">The cursor.</param>
    /// <param name="waiting">Hears who is waited for.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>What was done, and the state now.</returns>
    /// <exception cref="RefusedException">It has no cursor.</exception>
    public static Task<(string Done, PipelineStateRow Now)> SetAsync(HubView view, HubConfiguration? configuration, string pipeline, string cursor, Action<string> waiting, CancellationToken cancellationToken) =>
        ChangeAsync(view, pipeline, "state set", waiting, (transaction, row) =>
        {
            if (!row.Inbound)
                throw RefusedException.Clash($"'{row.Pipeline}' is an outbound pipeline: it has no cursor", $"`hub state reset {row.Pipeline}` makes it compare everything again");
            if (configuration?.Pipelines.OfType<InboundPipeline>().FirstOrDefault(known => known.Name == row.Pipeline) is { Settings.From.Cursor: null })
                throw RefusedException.Clash($"'{row.Pipeline}' has no cursor: it reads everything at each run", $"name the field that tells how new a record is under from.cursor in pipelines/{row.Pipeline}.json");
            PipelineState.SetCursor(transaction, row.Pipeline, cursor);
            return $"{row.Pipeline} goes on from {cursor}.";
        }, cancellationToken);

    /// <summary>Makes a pipeline look at everything again; nothing is deleted.</summary>
    /// <param name="view">The store.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="waiting">Hears who is waited for.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>What was done, and the state now.</returns>
    public static Task<(string Done, PipelineStateRow Now)> ResetAsync(HubView view, string pipeline, Action<string> waiting, CancellationToken cancellationToken) =>
        ChangeAsync(view, pipeline, "state reset", waiting, (transaction, row) =>
        {
            if (!row.Inbound)
            {
                PipelineState.CompareAll(transaction, row.Pipeline);
                return $"{row.Pipeline} compares everything at the next run.";
            }

            PipelineState.SetCursor(transaction, row.Pipeline, null);
            var receipts = PipelineState.ForgetReceipts(transaction, row.Pipeline);
            return $"{row.Pipeline} reads everything at the next run{(receipts > 0 ? FormattableString.Invariant($", {receipts:N0} {(receipts == 1 ? "file" : "files")} taken before included") : "")}.";
        }, cancellationToken);

    private static async Task<(string Done, PipelineStateRow Now)> ChangeAsync(
        HubView view, string pipeline, string purpose, Action<string> waiting, Func<StoreTransaction, PipelineStateRow, string> change, CancellationToken cancellationToken)
    {
        using var held = await view.LockAsync(purpose, waiting, cancellationToken);
        using var transaction = view.Store.Begin();
        var done = change(transaction, Of(transaction, pipeline));
        var now = Of(transaction, pipeline);
        transaction.Commit();
        return (done, now);
    }
}
