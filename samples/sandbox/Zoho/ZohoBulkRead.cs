using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>Jobs that read a module into a file: asked about twice, a job is under way, then done.</summary>
internal sealed class ZohoBulkRead(ZohoOrganisation organisation)
{
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);

    /// <summary>How many rows one job gives.</summary>
    public int RowsAJob { get; set; } = 200_000;

    public void Forget() => _jobs.Clear();

    public (int Status, JsonObject Body) Begin(JsonObject body, bool fails)
    {
        var query = body["query"] as JsonObject ?? throw new ZohoRefusal(400, "MANDATORY_NOT_FOUND", "required field not found", new() { ["api_name"] = "query" });
        var name = query["module"]?["api_name"]?.ToString() ?? "";
        var module = organisation.Modules.FirstOrDefault(module => module.ApiName == name) ?? throw new ZohoRefusal(400, "MODULE_NOT_AVAILABLE", "the module is not available", new() { ["api_name"] = name });
        IReadOnlyList<string> fields = query["fields"] is JsonArray { Count: > 0 } named
            ? [.. named.Select(field => field!.ToString())]
            : ["id", .. module.Table.Fields.Where(field => organisation.Shows(module, field)).Select(field => field.Name)];
        if (fields.FirstOrDefault(field => field != "id" && organisation.Visible(module, field) is null) is { } unknown)
            throw new ZohoRefusal(400, "FIELD_NOT_AVAILABLE", "the field is not available", new() { ["api_name"] = unknown });
        var page = query["page"]?.GetValue<int>() ?? 1;
        if (page is < 1 or > 50)
            throw new ZohoRefusal(400, "PAGE_RANGE_EXCEEDED", "the page range is exceeded", new() { ["max_limit"] = 50 });
        var behind = query["page_token"]?.ToString() is { } token ? ZohoPaging.Read<Place>(token) ?? throw ZohoRefusal.Invalid("the page_token given seems to be invalid") : null;
        var job = new Job(organisation.NewId(), module, fields, query["criteria"] is JsonObject criteria ? Criteria(module, criteria) : _ => true, page, behind?.Id, query.DeepClone(), organisation.Now, fails);
        _jobs[job.Id] = job;
        return (201, new JsonObject
        {
            ["data"] = new JsonArray(new JsonObject { ["status"] = "success", ["code"] = "ADDED_SUCCESSFULLY", ["message"] = "Added successfully.", ["details"] = State(job, "ADDED") }),
            ["info"] = new JsonObject(),
        });
    }

    public JsonObject Ask(string id)
    {
        var job = Find(id);
        job.Asked++;
        if (job.Asked == 1)
            return Shown(State(job, "IN PROGRESS"));
        if (job.Fails)
            return Shown(State(job, "FAILURE"));
        Complete(job);
        var state = State(job, "COMPLETED");
        state["result"] = new JsonObject
        {
            ["page"] = job.Page,
            ["per_page"] = RowsAJob,
            ["count"] = job.Rows!.Count,
            ["download_url"] = $"/crm/bulk/v8/read/{job.Id}/result",
            ["more_records"] = job.More,
            ["next_page_token"] = job.More ? ZohoPaging.Token(new Place(job.Rows[^1].Id)) : null,
        };
        return Shown(state);
    }

    /// <summary>The zip file with one CSV.</summary>
    public byte[] Download(string id)
    {
        var job = Find(id);
        if (job.Rows is not { } rows)
            throw new ZohoRefusal(400, "RESOURCE_NOT_FOUND", "the result is not ready", new() { ["id"] = id });
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var csv = new StreamWriter(zip.CreateEntry($"{job.Id}.csv", CompressionLevel.Fastest).Open(), new UTF8Encoding(false)))
        {
            csv.Write(string.Join(',', job.Fields) + "\n");
            foreach (var row in rows)
                csv.Write(string.Join(',', job.Fields.Select(field => Quoted(Text(ZohoOrganisation.Value(job.Module, row, field))))) + "\n");
        }

        return file.ToArray();
    }

    private void Complete(Job job)
    {
        if (job.Rows is not null)
            return;
        // Bulk reads give no order; ours is that of the ids.
        var matching = job.Module.Table.Rows.Where(job.Matches);
        var rows = (job.Behind is { } id ? matching.Where(row => string.CompareOrdinal(row.Id, id) > 0) : matching.Skip((job.Page - 1) * RowsAJob)).Take(RowsAJob + 1).ToList();
        job.More = rows.Count > RowsAJob;
        if (job.More)
            rows.RemoveAt(RowsAJob);
        job.Rows = rows;
    }

    private Func<Row, bool> Criteria(ZohoModule module, JsonObject criteria)
    {
        if (criteria["group"] is JsonArray group)
        {
            var parts = group.Select(part => Criteria(module, part!.AsObject())).ToArray();
            return criteria["group_operator"]?.ToString().ToLowerInvariant() == "or" ? row => parts.Any(part => part(row)) : row => parts.All(part => part(row));
        }

        var field = criteria["field"]?["api_name"]?.ToString() ?? "";
        var values = criteria["value"] switch
        {
            JsonArray list => list.Select(item => item!.ToString()).ToList(),
            null => [],
            var single => [single.ToString()],
        };
        return ZohoCriterion.Compare(organisation, module, field, criteria["comparator"]?.ToString() ?? "", values);
    }

    private Job Find(string id) => _jobs.GetValueOrDefault(id) ?? throw new ZohoRefusal(404, "RESOURCE_NOT_FOUND", "the job is not there", new() { ["id"] = id });

    private static JsonObject State(Job job, string state) => new()
    {
        ["id"] = job.Id,
        ["operation"] = "read",
        ["state"] = state,
        ["query"] = job.Query.DeepClone(),
        ["created_by"] = ZohoValues.User(ZohoIds.Hub),
        ["created_time"] = ZohoValues.Time(job.Created),
    };

    private static JsonObject Shown(JsonObject state) => new() { ["data"] = new JsonArray(state) };

    internal static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset time => ZohoValues.Time(time),
        string[] list => string.Join(';', list),
        _ => (string)value,
    };

    internal static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private sealed record Place(string Id);

    private sealed record Job(string Id, ZohoModule Module, IReadOnlyList<string> Fields, Func<Row, bool> Matches, int Page, string? Behind, JsonNode Query, DateTimeOffset Created, bool Fails)
    {
        public int Asked { get; set; }
        public List<Row>? Rows { get; set; }
        public bool More { get; set; }
    }
}
