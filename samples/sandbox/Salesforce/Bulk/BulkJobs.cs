using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce.Bulk;

/// <summary>
/// The jobs of the organisation. A job moves on by one state each time somebody asks how far it is, and by itself after some seconds of the
/// vendor's clock: a caller that died does not stop it. All members are called under the gate.
/// </summary>
internal sealed class BulkJobs(SalesforceVendor vendor)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly SortedDictionary<string, BulkJob> _jobs = new(StringComparer.Ordinal);
    private long _last;

    public static IReadOnlyDictionary<string, char> Delimiters { get; } = new Dictionary<string, char>
    {
        ["COMMA"] = ',', ["SEMICOLON"] = ';', ["TAB"] = '\t', ["PIPE"] = '|', ["CARET"] = '^', ["BACKQUOTE"] = '`',
    };

    public void Clear() => _jobs.Clear();

    public string NextId() => SalesforceId.Of("750", ++_last);

    public void Add(BulkJob job) => _jobs.Add(job.Id, job);

    public void Remove(BulkJob job) => _jobs.Remove(job.Id);

    public BulkJob Get(HttpContext context, bool query) =>
        _jobs.TryGetValue((string)context.Request.RouteValues["job"]!, out var job) && job.IsQuery == query ? job : throw SalesforceError.NotFound();

    public JsonObject List(bool query) => new()
    {
        ["done"] = true,
        ["nextRecordsUrl"] = null,
        ["records"] = new JsonArray([.. _jobs.Values.Where(job => job.IsQuery == query).Select(job => job.ToJson())]),
    };

    public static (char Delimiter, string LineEnd) Form(JsonObject body)
    {
        var name = (string?)body["columnDelimiter"] ?? "COMMA";
        if (!Delimiters.TryGetValue(name, out var delimiter))
            throw new SalesforceError(400, "INVALIDJOB", $"columnDelimiter {name} is not one of {string.Join(", ", Delimiters.Keys)}");
        if ((string?)body["contentType"] is not (null or "CSV"))
            throw new SalesforceError(400, "INVALIDJOB", "contentType must be CSV");
        return (delimiter, (string?)body["lineEnding"] == "CRLF" ? "\r\n" : "\n");
    }

    public void Progress(HttpContext context)
    {
        foreach (var job in _jobs.Values)
        {
            while (job.State is BulkState.UploadComplete or BulkState.InProgress && vendor.Org.Now - job.Started > s_patience)
                Step(job, context);
        }
    }

    /// <summary>The next state, and what leads to it.</summary>
    public void Step(BulkJob job, HttpContext context)
    {
        if (job.State is not (BulkState.UploadComplete or BulkState.InProgress))
            return;

        if (job.State == BulkState.UploadComplete)
        {
            job.State = BulkState.InProgress;
            Begin(job, context);
        }
        else
        {
            job.State = BulkState.JobComplete;
            job.Upload?.Save(job, vendor, context, all: true);
        }
    }

    private void Begin(BulkJob job, HttpContext context)
    {
        if (vendor.Strikes("bulk-fail", context) is not null)
        {
            Fail(job, "InternalServerError : The job could not be processed; contact support.");
        }
        else if (job.Plan is { } plan)
        {
            if (plan.Select.FirstOrDefault(path => path.Field.Type == "address") is not null)
                Fail(job, "FUNCTIONALITY_NOT_ENABLED: Selecting compound data not supported in Bulk Query");
            else
                job.Found = plan.Run(job.Operation == "queryAll");
        }
        else if (job.Upload!.Problem(job, vendor) is { } problem)
        {
            Fail(job, "InvalidBatch : " + problem);
        }
        else
        {
            job.Upload.Save(job, vendor, context, all: false);
        }
    }

    private static void Fail(BulkJob job, string error) => (job.State, job.Error) = (BulkState.Failed, error);
}
