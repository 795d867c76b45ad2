using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>
/// Writes many records by ingest jobs. A job that a killed process left behind is awaited first, and what it has done is not done again.
/// What it could not do for a reason that may pass is left to the other lane.
/// </summary>
internal sealed class BulkLane(SalesforceApi api, WriteFields fields, WritePlan plan, SalesforceSettings settings, ConnectionContext context, string? me)
{
    /// <summary>Records in a job at most.</summary>
    public const int MostRecords = 50_000;

    /// <summary>Bytes in a job at most, about; Salesforce takes 100 MB, and the file is in memory until it is sent.</summary>
    public const long MostBytes = 24 * 1024 * 1024;

    private static readonly TimeSpan s_jobsKept = TimeSpan.FromDays(6);
    private static readonly Dictionary<string, string> s_nothing = [];

    // Jobs that somebody in this process is waiting for: other pipelines of the connection leave them alone.
    private static readonly ConcurrentDictionary<string, bool> s_attended = new(StringComparer.Ordinal);

    private readonly BulkJobs _jobs = new(api, context.Clock);
    private readonly JobLedger _ledger = new(context);

    /// <summary>Sends writes of one way, and tells what became of each; those without a result are for the other lane.</summary>
    public async Task<(List<WriteOutcome> Outcomes, List<PlannedWrite> Left)> SendAsync(WriteWay way, IReadOnlyList<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        var outcomes = new List<WriteOutcome>(writes.Count);
        var left = new List<PlannedWrite>();
        var file = new BulkFile(way, fields);
        var request = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{fields.Key.Name}\n{string.Join('\n', file.Header)}")).AsSpan(0, 8));
        var (name, abandoned) = await PlaceAsync(way, request, cancellationToken);
        var done = abandoned is null ? (Marks: s_nothing, Ids: s_nothing) : await LeftBehindAsync(abandoned, file, cancellationToken);
        foreach (var planned in writes)
        {
            if (!fields.FitsBulk(planned.Cells))
                left.Add(planned);
            else if (!file.TryAdd(planned, done.Marks, out var isDone) && isDone)
                outcomes.Add(new(planned.Write.Id) { ExternalId = done.Ids[KeyOf(planned)] });
            else if (!file.Rows.TryGetValue(KeyOf(planned), out var own) || !ReferenceEquals(own.Planned, planned))
                left.Add(planned);
        }

        if (file.Rows.Count > 0)
            await RunAsync(name, request, file, outcomes, left, cancellationToken);
        await _ledger.ForgetAsync(name, cancellationToken);
        return (outcomes, left);
    }

    private static string KeyOf(PlannedWrite planned) => planned.Way == WriteWay.Upsert ? planned.Write.Key : planned.Id!;

    private async Task RunAsync(string name, string request, BulkFile file, List<WriteOutcome> outcomes, List<PlannedWrite> left, CancellationToken cancellationToken)
    {
        var operation = file.Way switch { WriteWay.Upsert => "upsert", WriteWay.Update => "update", _ => "delete" };
        var started = context.Clock.GetUtcNow();
        SalesforceJob made;
        try
        {
            (made, var at) = await _jobs.IngestAsync(fields.Target.Name, operation, file.Way == WriteWay.Upsert ? fields.Key.Name : null, cancellationToken);
            started = at ?? started;
        }
        catch (ConnectorException exception) when (exception is { Kind: FailureKind.Rejected, PausedUntil: null })
        {
            // The object takes no bulk jobs.
            left.AddRange(file.Rows.Values.Select(row => row.Planned));
            return;
        }

        s_attended[made.Id] = true;
        try
        {
            await _ledger.SaveAsync(name, new(made.Id, request, context.Clock.GetUtcNow()), CancellationToken.None);
            await _jobs.StartAsync(made, file.Content, cancellationToken);
            var ended = await _jobs.WaitAsync(BulkJobs.Ingest, made.Id, cancellationToken);
            if (ended is not null)
                await ResultsAsync(ended, file, outcomes, left, cancellationToken);
        }
        finally
        {
            s_attended.TryRemove(made.Id, out _);
        }

        // A job that failed as a whole, or rows that it did not come to: one by one they get an answer of their own.
        left.AddRange(file.Rows.Values.Select(row => row.Planned));
        await StampAsync(started, outcomes, cancellationToken);
    }

    private async Task ResultsAsync(SalesforceJob job, BulkFile file, List<WriteOutcome> outcomes, List<PlannedWrite> left, CancellationToken cancellationToken)
    {
        await foreach (var row in ReadAsync(job.Id, "successfulResults", file, cancellationToken))
        {
            if (file.Rows.Remove(row.Key, out var sent))
                outcomes.Add(new(sent.Planned.Write.Id) { ExternalId = row.Id ?? sent.Planned.Id, Created = row.Created });
        }

        await foreach (var row in ReadAsync(job.Id, "failedResults", file, cancellationToken))
        {
            if (!file.Rows.Remove(row.Key, out var sent))
                continue;
            var error = SalesforceError.FromBulk(row.Error ?? "");
            if (sent.Planned.Way == WriteWay.Delete && WriteFaults.IsGone(error))
                outcomes.Add(new(sent.Planned.Write.Id) { ExternalId = sent.Planned.Id });
            else if (WriteFaults.IsPassing(error.Code) || WriteFaults.FaultOf(error) == WriteFault.NotFound || (error.Code == "DUPLICATES_DETECTED" && settings.OnDuplicateRule != DuplicateRuleAction.Fail))
                left.Add(sent.Planned);
            else
                outcomes.Add(WriteFaults.Outcome(sent.Planned.Write, error, sent.Planned.Id));
        }
    }

    private async Task StampAsync(DateTimeOffset since, List<WriteOutcome> outcomes, CancellationToken cancellationToken)
    {
        if (!outcomes.Exists(outcome => outcome.Failure is null))
            return;
        var versions = await plan.VersionsSinceAsync(since.AddSeconds(-1), me, cancellationToken);
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i] is { Failure: null, ExternalId: { } id } && versions.TryGetValue(id, out var version))
                outcomes[i] = outcomes[i] with { Version = version };
        }
    }

    // Where to remember our job: several pipelines may write to one object at the same time. And the job, if any, that a process left there.
    private async Task<(string Name, string? Abandoned)> PlaceAsync(WriteWay way, string request, CancellationToken cancellationToken)
    {
        for (var place = 1; ; place++)
        {
            var name = $"push {fields.Target.Name} {way} {place}";
            var job = await _ledger.FindAsync(name, request, s_jobsKept, cancellationToken);
            if (job?.Id is null || !s_attended.ContainsKey(job.Id))
                return (name, job?.Id);
        }
    }

    // What a job did that nobody has heard the end of.
    private async Task<(Dictionary<string, string> Marks, Dictionary<string, string> Ids)> LeftBehindAsync(string id, BulkFile file, CancellationToken cancellationToken)
    {
        var job = await _jobs.WaitAsync(BulkJobs.Ingest, id, cancellationToken);
        var (marks, ids) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        if (job is { HasEnded: true })
        {
            await foreach (var row in ReadAsync(id, "successfulResults", file, cancellationToken))
                (marks[row.Key], ids[row.Key]) = (row.Mark, row.Id ?? row.Key);
        }
        else if (job is not null)
        {
            await _jobs.AbortAsync(id, cancellationToken);
        }

        return (marks, ids);
    }

    private async IAsyncEnumerable<ResultRow> ReadAsync(string job, string part, BulkFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var results = new BulkResults(api, $"jobs/ingest/{job}/{part}", 0, context.Clock);
        int[]? own = null;
        var (id, created, error, key) = (-1, -1, -1, -1);
        while (await results.FillAsync(cancellationToken))
        {
            while (results.TryRead())
            {
                if (own is null)
                {
                    own = results.Columns(file.Header);
                    var system = results.Columns(["sf__Id", "sf__Created", "sf__Error", file.KeyColumn]);
                    (id, created, error, key) = (system[0], system[1], system[2], system[3]);
                }

                yield return new(
                    Cell(results.Row, key) ?? Cell(results.Row, id) ?? "",
                    Cell(results.Row, id),
                    Cell(results.Row, created) is { } flag && bool.TryParse(flag, out var isNew) ? isNew : null,
                    Cell(results.Row, error),
                    BulkFile.Mark(own.Select(column => Cell(results.Row, column) ?? "")));
            }
        }
    }

    private static string? Cell(CsvBody row, int column) => column >= 0 && !row[column].IsEmpty ? row.Text(column) : null;

    private readonly record struct ResultRow(string Key, string? Id, bool? Created, string? Error, string Mark);
}
