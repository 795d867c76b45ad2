using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Salesforce.Soql;

namespace Crm.Integration.Sandbox.Salesforce.Bulk;

internal enum BulkState
{
    Open,
    UploadComplete,
    InProgress,
    JobComplete,
    Failed,
    Aborted,
}

/// <summary>A job of either kind: what it is asked to do, and how far it is.</summary>
internal sealed class BulkJob(string id, string operation, SObjectType type, DateTime created, char delimiter, string lineEnd)
{
    public string Id => id;

    public string Operation => operation;

    public SObjectType Type => type;

    public char Delimiter => delimiter;

    /// <summary>The characters that end a line.</summary>
    public string LineEnd => lineEnd;

    public BulkState State { get; set; } = BulkState.Open;

    /// <summary>Since when it could run.</summary>
    public DateTime Started { get; set; }

    public string? Error { get; set; }

    public bool IsQuery => Plan is not null;

    public bool IsOver => State is BulkState.JobComplete or BulkState.Failed or BulkState.Aborted;

    /// <summary>What a query asks for.</summary>
    public SoqlPlan? Plan { get; init; }

    /// <summary>What it found.</summary>
    public List<int> Found { get; set; } = [];

    /// <summary>The field by which an ingest job upserts.</summary>
    public string? Key { get; init; }

    /// <summary>What was uploaded; null before.</summary>
    public BulkUpload? Upload { get; set; }

    public JsonObject ToJson()
    {
        var job = new JsonObject
        {
            ["id"] = id,
            ["operation"] = operation,
            ["object"] = type.Name,
            ["createdById"] = Schema.UserId,
            ["createdDate"] = created.ToString(RecordJson.InstantForm, CultureInfo.InvariantCulture),
            ["systemModstamp"] = created.ToString(RecordJson.InstantForm, CultureInfo.InvariantCulture),
            ["state"] = State.ToString(),
            ["concurrencyMode"] = "Parallel",
            ["contentType"] = "CSV",
            ["apiVersion"] = decimal.Parse(SalesforceVendor.Version, CultureInfo.InvariantCulture),
            ["lineEnding"] = lineEnd == "\n" ? "LF" : "CRLF",
            ["columnDelimiter"] = BulkJobs.Delimiters.First(pair => pair.Value == delimiter).Key,
        };
        if (!IsQuery)
        {
            job["externalIdFieldName"] = Key;
            job["contentUrl"] = $"services/data/v{SalesforceVendor.Version}/jobs/ingest/{id}/batches";
        }

        return job;
    }

    /// <summary>As a poll shows it, with what was done.</summary>
    public JsonObject ToProgress()
    {
        var job = ToJson();
        job["jobType"] = IsQuery ? "V2Query" : "V2Ingest";
        job["numberRecordsProcessed"] = IsQuery ? Found.Count : Upload?.Done ?? 0;
        if (!IsQuery)
            job["numberRecordsFailed"] = Upload?.Failed ?? 0;
        job["retries"] = 0;
        job["totalProcessingTime"] = IsOver ? 100 : 0;
        if (Error is not null)
            job["errorMessage"] = Error;
        return job;
    }
}
