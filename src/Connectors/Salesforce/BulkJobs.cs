using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>The jobs of the Bulk API 2.0: made, fed, waited for, thrown away.</summary>
internal sealed class BulkJobs(SalesforceApi api, TimeProvider clock)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(20);

    public const string Query = "query";
    public const string Ingest = "ingest";

    /// <summary>Makes a query job.</summary>
    public async Task<(string Id, DateTimeOffset? At)> QueryAsync(string soql, CancellationToken cancellationToken)
    {
        var answer = await PostAsync("jobs/query", new { operation = "query", query = soql, contentType = "CSV", columnDelimiter = "COMMA", lineEnding = "LF" }, cancellationToken);
        return (SalesforceApi.Read<SalesforceJob>(answer.Json, "jobs/query").Id, answer.At);
    }

    /// <summary>Makes an ingest job, still without data.</summary>
    /// <param name="target">The object.</param>
    /// <param name="operation">upsert, update or delete.</param>
    /// <param name="key">For an upsert: the external id field.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(SalesforceJob Job, DateTimeOffset? At)> IngestAsync(string target, string operation, string? key, CancellationToken cancellationToken)
    {
        var answer = await PostAsync("jobs/ingest", new { @object = target, operation, externalIdFieldName = key, contentType = "CSV", columnDelimiter = "COMMA", lineEnding = "LF" }, cancellationToken);
        return (SalesforceApi.Read<SalesforceJob>(answer.Json, "jobs/ingest"), answer.At);
    }

    /// <summary>Gives an ingest job its data and lets it go.</summary>
    public async Task StartAsync(SalesforceJob job, ReadOnlyMemory<byte> csv, CancellationToken cancellationToken)
    {
        try
        {
            await api.UploadAsync(job.ContentUrl ?? $"jobs/ingest/{job.Id}/batches", csv, cancellationToken);
            await PatchAsync(Ingest, job.Id, "UploadComplete", cancellationToken);
        }
        catch (ConnectorException exception) when (IsTooLate(exception))
        {
            // A job takes one upload. Its answer was lost, and the second attempt comes too late: let it go, if that was not what came too late.
            if (await FindAsync(Ingest, job.Id, cancellationToken) is { State: "Open" })
                await PatchAsync(Ingest, job.Id, "UploadComplete", cancellationToken);
        }
    }

    /// <summary>Waits until a job has ended, one way or the other; null when Salesforce no longer has it.</summary>
    public async Task<SalesforceJob?> WaitAsync(string kind, string id, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(250);
        while (true)
        {
            var job = await FindAsync(kind, id, cancellationToken);
            if (job is null || job.HasEnded || job.State == "Open")
                return job;
            if (clock.GetElapsedTime(started) > s_longest)
                throw new ConnectorException(FailureKind.Transient, $"The bulk job {id} is still {job.State} after a day.", "See Setup > Bulk Data Load Jobs in Salesforce; the next run asks for it again.");
            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 1.6 < s_slowest ? pause * 1.6 : s_slowest;
        }
    }

    /// <summary>A job as it is now; null when Salesforce no longer has it.</summary>
    public async Task<SalesforceJob?> FindAsync(string kind, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetAsync<SalesforceJob>($"jobs/{kind}/{id}", cancellationToken);
        }
        catch (ConnectorException exception) when (IsGone(exception))
        {
            return null;
        }
    }

    /// <summary>Gives up a job that got no data; one that is gone or got some after all is fine. Salesforce itself throws jobs away after seven days.</summary>
    public async Task AbortAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await PatchAsync(Ingest, id, "Aborted", cancellationToken);
        }
        catch (ConnectorException exception) when (IsGone(exception) || IsTooLate(exception))
        {
            // It is no longer open: that is all that was wanted.
        }
    }

    /// <summary>Whether a failure says that there is no such job, or no longer.</summary>
    public static bool IsGone(ConnectorException exception) => exception.Code is "NOT_FOUND" or "ENTITY_IS_DELETED" or "INVALIDJOB" or "INVALID_JOB_ID" or "MALFORMED_ID";

    private static bool IsTooLate(ConnectorException exception) => exception.Code is "INVALIDJOBSTATE" or "INVALID_JOB_STATE";

    private Task<ApiAnswer> PatchAsync(string kind, string id, string state, CancellationToken cancellationToken) =>
        api.SendAsync(HttpMethod.Patch, $"jobs/{kind}/{id}", JsonSerializer.SerializeToUtf8Bytes(new { state }), cancellationToken);

    private Task<ApiAnswer> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        api.SendAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, SalesforceJson.Options), cancellationToken);
}

/// <summary>A bulk job.</summary>
internal sealed record SalesforceJob
{
    public string Id { get; init; } = "";

    public string State { get; init; } = "";

    public string? ErrorMessage { get; init; }

    public string? ContentUrl { get; init; }

    public long NumberRecordsProcessed { get; init; }

    public long NumberRecordsFailed { get; init; }

    public bool HasEnded => State is "JobComplete" or "Failed" or "Aborted";

    public bool IsComplete => State == "JobComplete";
}
