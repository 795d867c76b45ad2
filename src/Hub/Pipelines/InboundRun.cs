using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Verification;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>
/// Runs an inbound pipeline: pull → compare → map and validate → land. While one page is mapped, the next is compared and
/// the one before is written; at most three pages are in memory.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="run">The run.</param>
internal sealed class InboundRun(MasterStore store, InboundPipeline pipeline, RunContext run)
{
    /// <summary>Pulls from the pipeline's connection.</summary>
    /// <param name="report">The counts go here, also when the pull fails.</param>
    /// <param name="cancellationToken">Ends the pull at the next page; what was landed stays.</param>
    public async Task PullAsync(PipelineReport report, CancellationToken cancellationToken)
    {
        await using var connection = run.Connections.Open(pipeline.Connection);
        using var mapper = Mapper();
        var whole = Request(mapper);
        using var landing = new Landing(store, pipeline, run, mapper, Snapshots);
        landing.CountRecovered();
        var request = whole with { Cursor = landing.MustReadAll ? null : landing.State.Cursor, SweepDue = IsSweepDue(landing.State) };
        await LandAsync(landing, connection.PullAsync(request, cancellationToken), report, cancellationToken, whole: true);
        if (report.Recovered > 0)
            DrainMeters.Recovered(pipeline.Connection.Name, pipeline.Stream, report.Recovered);
        await PushForecast.TellAsync(pipeline, report.Counts.Read, report, run, cancellationToken);
    }

    /// <summary>
    /// Compares all that the source has with what is stored. First comes what a run would read, so that what has just changed is not taken for lost; then
    /// everything. Cursors stay where they are.
    /// </summary>
    /// <param name="report">The counts go here, and what differs.</param>
    /// <param name="cancellationToken">Ends it at the next page.</param>
    public async Task SweepAsync(PipelineReport report, CancellationToken cancellationToken)
    {
        await using var connection = run.Connections.Open(pipeline.Connection);
        using var mapper = Mapper();
        var whole = Request(mapper);
        long pending = 0;
        using (var landing = new Landing(store, pipeline, run, mapper, Snapshots))
        {
            if (landing.State.Cursor is { } cursor && !landing.MustReadAll)
            {
                await LandAsync(landing, Unmarked(connection.PullAsync(whole with { Cursor = cursor }, cancellationToken)), report, cancellationToken);
                pending = landing.Counts.Created + landing.Counts.Changed + landing.Counts.Deleted;
            }
        }

        var drift = new DriftLog();
        using (var landing = new Landing(store, pipeline, run, mapper, Snapshots) { Drift = drift })
        {
            var all = Unmarked(connection.PullAsync(whole with { SweepDue = true }, cancellationToken));
            await LandAsync(landing, all, report, cancellationToken, everything: Deletes is DeleteStrategy.Reported);
        }

        report.Drift = drift.Found with
        {
            Pending = pending,
            Unknown = Deletes == DeleteStrategy.None ? $"{pipeline.Connection.Connector.Declaration.Name} does not tell which records are gone" : null,
        };
    }

    /// <summary>Takes rows that waited in quarantine through the pipeline again.</summary>
    /// <param name="pages">The rows.</param>
    /// <param name="report">The counts go here.</param>
    /// <param name="cancellationToken">Ends the retry at the next page.</param>
    public async Task RetryAsync(IAsyncEnumerable<Page> pages, PipelineReport report, CancellationToken cancellationToken)
    {
        using var mapper = Mapper();
        using var landing = new Landing(store, pipeline, run, mapper, wholeSnapshot: false);
        await LandAsync(landing, pages, report, cancellationToken);
    }

    /// <summary>Takes webhook messages through the pipeline, as if their rows were pulled. Cursors stay where they are.</summary>
    /// <param name="pages">Gives the pages, with the help of the open connection, what it needs to know, and the key of a row.</param>
    /// <param name="report">The counts go here.</param>
    /// <param name="cancellationToken">Ends it at the next page.</param>
    public async Task DrainAsync(Func<IWebhookConnection, PullRequest, Func<SourceRow, string?>, IAsyncEnumerable<Page>> pages, PipelineReport report, CancellationToken cancellationToken)
    {
        await using var connection = run.Connections.Open(pipeline.Connection);
        using var mapper = Mapper();
        var request = Request(mapper);
        using var landing = new Landing(store, pipeline, run, mapper, wholeSnapshot: false);
        try
        {
            await LandAsync(landing, pages((IWebhookConnection)connection, request, mapper.KeyOf), report, cancellationToken, inOrder: true);
        }
        finally
        {
            report.Webhooks = new WebhookCounts(0, 0, landing.Stale);
        }
    }

    private bool Snapshots => pipeline.Settings.From!.Cursor is null && pipeline.Connection.Connector.Declaration.Deletes == DeleteStrategy.AbsentFromSnapshot;

    private DeleteStrategy Deletes
    {
        get
        {
            var declaration = pipeline.Connection.Connector.Declaration;
            var traits = declaration.Streams.FirstOrDefault(stream => stream.Name == pipeline.Stream) ?? declaration.Streams.FirstOrDefault(stream => stream.Name == "*");
            return traits?.Deletes ?? declaration.Deletes;
        }
    }

    private PullRequest Request(RowMapper mapper) => new(pipeline.Stream)
    {
        CursorField = pipeline.Settings.From!.Cursor,
        Lag = TimeSpan.FromSeconds(pipeline.Settings.From.LagSeconds),
        KeyField = pipeline.Key.Paths.Count == 1 ? pipeline.Key.Paths[0] : null,
        Fields = mapper.Fields,
        Receipts = StoreReceipts.Load(store, pipeline.Connection.Name, pipeline.Stream),
    };

    // A comparison leaves no mark: neither how far it has read nor what it has taken.
    private static async IAsyncEnumerable<Page> Unmarked(IAsyncEnumerable<Page> pages)
    {
        await foreach (var page in pages)
            yield return page with { Cursor = null, Receipt = null, AfterCommit = null };
    }

    private bool IsSweepDue(InboundState state)
    {
        var hours = pipeline.Settings.From!.SweepHours;
        return Deletes == DeleteStrategy.Swept && hours > 0
            && (state.SweptAt is not { } last || run.Now - last >= (long)TimeSpan.FromHours(hours).TotalMilliseconds);
    }

    private RowMapper Mapper() => new(pipeline, DateOnly.FromDateTime(run.Clock.GetUtcNow().UtcDateTime));

    // Longer than a fast source takes for a page, shorter than anybody minds.
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(50);

    private async Task LandAsync(Landing landing, IAsyncEnumerable<Page> pages, PipelineReport report, CancellationToken cancellationToken, bool whole = false, bool everything = false, bool inOrder = false)
    {
        var notes = new List<string>();
        (PageWork Work, Page Page, Task Mapping)? ahead = null;
        var mapping = Task.CompletedTask;
        var spare = new Stack<PageWork>();
        try
        {
            var complete = false;
            await foreach (var page in RunTrace.Pages(pages, cancellationToken).WhileWaiting(WaitAsync, s_moment, run.Clock, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (inOrder)
                    await WriteAheadAsync();
                var work = spare.TryPop(out var used) ? used : new PageWork();
                work.Take(page.Rows);
                if (!landing.Compare(work))
                {
                    await WriteAheadAsync();
                    work.Take(page.Rows);
                    landing.Compare(work);
                }

                mapping = MapAsync(mapping, landing, work);
                await WriteAheadAsync();
                ahead = (work, page, mapping);
                complete = page.CompletesSnapshot;
                notes.AddRange(page.Notes.Except(notes));
                run.Progress.Report(new RunProgress(pipeline.Name, "pull", landing.Counts.Read, page.Progress.Total > 0 ? (double)page.Progress.Done / page.Progress.Total : null));
            }

            await WriteAheadAsync();
            run.Progress.Report(new RunProgress(pipeline.Name, "pull", landing.Counts.Read, 1));
            if (landing.Counts.Rejected > 20 && landing.RejectedTooMany)
                throw landing.TooManyRejects();
            if (complete || everything)
                landing.CompleteSnapshot();
            if (whole)
                landing.Complete(swept: complete && IsSweepDue(landing.State));
        }
        catch (ConnectorException)
        {
            // The page before the failure came whole.
            await WriteAheadAsync();
            throw;
        }
        catch (Exception exception) when (store.MayRepeat(exception))
        {
            landing.Abandon();
            throw;
        }
        finally
        {
            // What was landed before the source failed is good: it is kept, and the next run goes on from there.
            if (landing.IsWhole)
                await landing.CommitAsync(CancellationToken.None);
            report.Counts = landing.Counts;
            report.Echoes = landing.Echoes;
            report.Recovered = landing.Recovered;
            report.Reasons = landing.Reasons.Top(20);
            report.Notes = [.. notes, .. landing.Notes];
        }

        // What has come is landed for good: whoever else writes has his turn while the source takes its time.
        async ValueTask WaitAsync()
        {
            await WriteAheadAsync();
            await landing.CommitAsync(cancellationToken);
        }

        async ValueTask WriteAheadAsync()
        {
            if (ahead is not { } one)
                return;
            ahead = null;
            await one.Mapping;
            await landing.WriteAsync(one.Work, one.Page, cancellationToken);
            spare.Push(one.Work);
        }
    }

    /// <summary>Maps on another core, one page after the other: the mapper has buffers of its own.</summary>
    private static async Task MapAsync(Task before, Landing landing, PageWork work)
    {
        await before;
        await Task.Run(() => landing.Map(work), CancellationToken.None);
    }
}
