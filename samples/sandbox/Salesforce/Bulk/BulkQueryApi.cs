using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Salesforce.Soql;

namespace Crm.Integration.Sandbox.Salesforce.Bulk;

/// <summary>Queries that run as jobs and whose result is fetched as CSV, part by part.</summary>
internal sealed class BulkQueryApi(SalesforceVendor vendor, BulkJobs jobs)
{
    /// <summary>The part the server chooses when the caller does not.</summary>
    private const int UsualPart = 100_000;

    /// <summary>As many rows are written while the gate is held.</summary>
    private const int Block = 500;

    public void Map(Action<string, string, RequestDelegate> add)
    {
        add("POST", "/jobs/query", CreateAsync);
        add("GET", "/jobs/query", context => Answer(context, () => jobs.List(query: true)));
        add("GET", "/jobs/query/{job}", context => Answer(context, () =>
        {
            var job = jobs.Get(context, query: true);
            jobs.Step(job, context);
            return job.ToProgress();
        }));
        add("PATCH", "/jobs/query/{job}", AbortAsync);
        add("DELETE", "/jobs/query/{job}", DeleteAsync);
        add("GET", "/jobs/query/{job}/results", ResultsAsync);
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
        if (await context.ReadJsonAsync() is not JsonObject body || (string?)body["query"] is not { } soql)
            throw new SalesforceError(400, "INVALIDJOB", "The job has no query");
        if ((string?)body["operation"] is not ("query" or "queryAll"))
            throw new SalesforceError(400, "INVALIDJOB", "operation must be query or queryAll");

        await Answer(context, () =>
        {
            var plan = SoqlPlan.Make(soql, vendor.Org, new Visibility(vendor.Faults));
            if (plan.Select.Count == 0)
                throw new SalesforceError(400, "INVALIDJOB", "COUNT() is not supported in Bulk API 2.0");
            var (delimiter, lineEnd) = BulkJobs.Form(body);
            var job = new BulkJob(jobs.NextId(), (string)body["operation"]!, plan.Type, vendor.Org.Now, delimiter, lineEnd) { Plan = plan, State = BulkState.UploadComplete, Started = vendor.Org.Now };
            jobs.Add(job);
            return job.ToJson();
        });
    }

    private async Task AbortAsync(HttpContext context)
    {
        var body = await context.ReadJsonAsync();
        await Answer(context, () =>
        {
            var job = jobs.Get(context, query: true);
            if ((string?)body?["state"] != "Aborted" || job.IsOver)
                throw new SalesforceError(400, "INVALIDJOBSTATE", $"The job is {job.State}; only a job under way can be aborted");
            job.State = BulkState.Aborted;
            return job.ToJson();
        });
    }

    private Task DeleteAsync(HttpContext context)
    {
        lock (vendor.Gate)
        {
            var job = jobs.Get(context, query: true);
            if (!job.IsOver)
                throw new SalesforceError(400, "INVALIDJOBSTATE", $"The job is {job.State}; abort it first");
            jobs.Remove(job);
        }

        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private async Task ResultsAsync(HttpContext context)
    {
        BulkJob job;
        lock (vendor.Gate)
            job = jobs.Get(context, query: true);
        if (job.State != BulkState.JobComplete)
            throw new SalesforceError(400, "INVALIDJOBSTATE", $"The job is {job.State}; it has no results");

        var from = Locator(context.Request.Query["locator"]);
        var most = int.TryParse(context.Request.Query["maxRecords"], NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted > 0 ? wanted : UsualPart;
        if (from > job.Found.Count)
            throw new SalesforceError(400, "INVALID_QUERY_LOCATOR", "invalid query locator");

        var to = (int)Math.Min((long)from + most, job.Found.Count);
        context.Response.ContentType = "text/csv";
        context.Response.Headers["Sforce-NumberOfRecords"] = (to - from).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Sforce-Locator"] = to < job.Found.Count ? Convert.ToBase64String(Encoding.ASCII.GetBytes(to.ToString(CultureInfo.InvariantCulture))) : "null";
        await WriteAsync(context, job, from, to);
    }

    private async Task WriteAsync(HttpContext context, BulkJob job, int from, int to)
    {
        var plan = job.Plan!;
        var buffer = new ArrayBufferWriter<byte>(256 * 1024);
        CsvText.Line(buffer, plan.Select.Select(path => path.Written), job.Delimiter, job.LineEnd);
        while (from < to)
        {
            lock (vendor.Gate)
            {
                for (var end = Math.Min(from + Block, to); from < end; from++)
                    CsvText.Row(buffer, plan.Type.Rows[job.Found[from]]!, plan.Select, job.Delimiter, job.LineEnd);
            }

            await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
            buffer.ResetWrittenCount();
        }

        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static int Locator(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return 0;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && int.TryParse(Encoding.ASCII.GetString(bytes, 0, length), NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            ? from
            : throw new SalesforceError(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    }
}
