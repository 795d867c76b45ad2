using System.Buffers;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce.Bulk;

/// <summary>Writes that run as jobs: opened, filled with one CSV, closed, polled, their results fetched.</summary>
internal sealed class BulkIngestApi(SalesforceVendor vendor, BulkJobs jobs)
{
    private const int Largest = 150_000_000;

    public void Map(Action<string, string, RequestDelegate> add)
    {
        add("POST", "/jobs/ingest", CreateAsync);
        add("GET", "/jobs/ingest", context => Answer(context, () => jobs.List(query: false)));
        add("GET", "/jobs/ingest/{job}", context => Answer(context, () =>
        {
            var job = jobs.Get(context, query: false);
            jobs.Step(job, context);
            return job.ToProgress();
        }));
        add("PUT", "/jobs/ingest/{job}/batches", UploadAsync);
        add("PATCH", "/jobs/ingest/{job}", ChangeAsync);
        add("DELETE", "/jobs/ingest/{job}", DeleteAsync);
        add("GET", "/jobs/ingest/{job}/successfulResults", context => Results(context, (upload, buffer, job) => upload.WriteSuccessful(buffer, job)));
        add("GET", "/jobs/ingest/{job}/failedResults", context => Results(context, (upload, buffer, job) => upload.WriteFailed(buffer, job)));
        // Routes do not mind case, which serves both spellings that callers use.
        add("GET", "/jobs/ingest/{job}/unprocessedrecords", context => Results(context, (upload, buffer, job) => upload.WriteUnprocessed(buffer, job)));
    }

    private Task Answer(HttpContext context, Func<JsonObject> make)
    {
        JsonObject body;
        lock (vendor.Gate)
            body = make();
        return context.WriteJsonAsync(200, body);
    }

    private async Task CreateAsync(HttpContext context)
    {
        if (await context.ReadJsonAsync() is not JsonObject body)
            throw new SalesforceError(400, "JSON_PARSER_ERROR", "The body is not a JSON object at [line:1, column:1]");

        await Answer(context, () =>
        {
            var name = (string?)body["object"] ?? "";
            var type = vendor.Org.Type(name) is { Writable: true } found ? found : throw new SalesforceError(400, "INVALIDENTITY", $"Unable to find object: {name}");
            var operation = (string?)body["operation"];
            if (operation == "hardDelete")
                throw new SalesforceError(400, "FEATURENOTENABLED", "hardDelete operation requires special user profile permission, please contact your system administrator");
            if (operation is not ("insert" or "update" or "upsert" or "delete"))
                throw new SalesforceError(400, "INVALIDJOB", $"operation {operation} is not supported");
            var key = (string?)body["externalIdFieldName"];
            if (operation == "upsert" && (key is null || type.Find(key) is not { ExternalId: true }))
                throw new SalesforceError(400, "INVALIDJOB", $"externalIdFieldName {key} is not an external id of {type.Name}");

            var (delimiter, lineEnd) = BulkJobs.Form(body);
            var job = new BulkJob(jobs.NextId(), operation, type, vendor.Org.Now, delimiter, lineEnd) { Key = key };
            jobs.Add(job);
            return job.ToJson();
        });
    }

    private async Task UploadAsync(HttpContext context)
    {
        using var csv = new MemoryStream();
        await context.Request.Body.CopyToAsync(csv, context.RequestAborted);
        if (csv.Length > Largest)
            throw new SalesforceError(413, "REQUEST_ENTITY_TOO_LARGE", $"The upload holds more than {Largest} bytes");

        lock (vendor.Gate)
        {
            var job = jobs.Get(context, query: false);
            if (job.State != BulkState.Open || job.Upload is not null)
                throw new SalesforceError(400, "INVALIDJOBSTATE", $"The job is {job.State}{(job.Upload is null ? "" : " and has its data")}; one upload is all it takes");
            job.Upload = new BulkUpload(csv.ToArray(), job.Delimiter);
        }

        context.Response.StatusCode = 201;
    }

    private async Task ChangeAsync(HttpContext context)
    {
        var body = await context.ReadJsonAsync();
        await Answer(context, () =>
        {
            var job = jobs.Get(context, query: false);
            job.State = ((string?)body?["state"], job.State) switch
            {
                ("UploadComplete", BulkState.Open) when job.Upload is not null => BulkState.UploadComplete,
                ("Aborted", _) when !job.IsOver => BulkState.Aborted,
                var (wanted, _) => throw new SalesforceError(400, "INVALIDJOBSTATE", $"A job that is {job.State} cannot become {wanted}"),
            };
            job.Started = vendor.Org.Now;
            return job.ToJson();
        });
    }

    private Task DeleteAsync(HttpContext context)
    {
        lock (vendor.Gate)
        {
            var job = jobs.Get(context, query: false);
            if (job.State is BulkState.UploadComplete or BulkState.InProgress)
                throw new SalesforceError(400, "INVALIDJOBSTATE", $"The job is {job.State}; abort it first");
            jobs.Remove(job);
        }

        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Task Results(HttpContext context, Action<BulkUpload, IBufferWriter<byte>, BulkJob> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        lock (vendor.Gate)
        {
            var job = jobs.Get(context, query: false);
            if (!job.IsOver)
                throw new SalesforceError(400, "INVALIDJOBSTATE", $"The job is {job.State}; it has no results yet");
            if (job.Upload is { } upload)
                write(upload, buffer, job);
        }

        return context.WriteBytesAsync("text/csv", buffer.WrittenMemory);
    }
}
