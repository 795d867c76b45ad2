using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>Jobs that write a file: uploaded as a zip with one CSV, done when asked about a second time, with a verdict for each row.</summary>
internal sealed class ZohoBulkWrite(ZohoOrganisation organisation, ZohoWrites writes, Action created, Action updated)
{
    private const int MostRows = 25_000, MostColumns = 200, MostBytes = 25 * 1024 * 1024;
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);

    public void Forget()
    {
        _files.Clear();
        _jobs.Clear();
    }

    public JsonObject Upload(byte[]? file, string? feature, string? zgid)
    {
        if (feature != "bulk-write" || zgid != ZohoIds.Organisation)
            throw new ZohoRefusal(400, "INVALID_REQUEST", "the headers feature and X-CRM-ORG are needed", new() { ["feature"] = feature, ["X-CRM-ORG"] = zgid });
        if (file is not { Length: > 3 } || file[0] != 'P' || file[1] != 'K')
            throw new ZohoRefusal(400, "INVALID_FILE_FORMAT", "the file is not a zip file");
        if (file.Length > MostBytes)
            throw new ZohoRefusal(400, "FILE_TOO_LARGE", "the file is too large", new() { ["maximum_size"] = MostBytes });
        var id = organisation.NewId();
        _files[id] = file;
        return new JsonObject
        {
            ["status"] = "success",
            ["code"] = "FILE_UPLOAD_SUCCESS",
            ["message"] = "file uploaded.",
            ["details"] = new JsonObject { ["file_id"] = id, ["created_time"] = ZohoValues.Time(organisation.Now) },
        };
    }

    public (int Status, JsonObject Body) Begin(JsonObject body, bool fails)
    {
        var write = body["operation"]?.ToString() switch
        {
            "insert" => ZohoWrite.Insert,
            "update" => ZohoWrite.Update,
            "upsert" => ZohoWrite.Upsert,
            _ => throw new ZohoRefusal(400, "INVALID_DATA", "invalid data", new() { ["api_name"] = "operation" }),
        };
        var resource = body["resource"] is JsonArray { Count: 1 } resources ? resources[0]!.AsObject() : throw new ZohoRefusal(400, "CANNOT_PROCESS", "one resource is expected", new() { ["api_name"] = "resource" });
        var module = organisation.Module(resource["module"]?["api_name"]?.ToString() ?? "");
        var file = _files.GetValueOrDefault(resource["file_id"]?.ToString() ?? "") ?? throw new ZohoRefusal(400, "RESOURCE_NOT_FOUND", "the file is not there", new() { ["api_name"] = "file_id" });
        var job = new Job(organisation.NewId(), write, module, file, resource["find_by"]?.ToString(), Mappings(resource), body["ignore_empty"]?.GetValue<bool>() ?? false, organisation.Now, fails);
        _jobs[job.Id] = job;
        return (201, new JsonObject
        {
            ["status"] = "success",
            ["code"] = "SUCCESS",
            ["message"] = "success",
            ["details"] = new JsonObject { ["id"] = job.Id, ["created_by"] = ZohoValues.User(ZohoIds.Hub) },
        });
    }

    public JsonObject Ask(string id)
    {
        var job = _jobs.GetValueOrDefault(id) ?? throw new ZohoRefusal(404, "RESOURCE_NOT_FOUND", "the job is not there", new() { ["id"] = id });
        job.Asked++;
        if (job.Asked > 1 && job.Outcome is null)
            job.Outcome = job.Fails ? Outcome.Failed("CANNOT_PROCESS") : Run(job);
        var done = job.Outcome;
        var answer = new JsonObject
        {
            ["id"] = job.Id,
            ["status"] = done is null ? "INPROGRESS" : done.Code == "SUCCESS" ? "COMPLETED" : "FAILED",
            ["operation"] = job.Write.ToString().ToLowerInvariant(),
            ["created_by"] = ZohoValues.User(ZohoIds.Hub),
            ["created_time"] = ZohoValues.Time(job.Created),
            ["resource"] = new JsonArray(new JsonObject
            {
                ["type"] = "data",
                ["module"] = new JsonObject { ["api_name"] = job.Module.ApiName },
                ["code"] = done?.Code,
                ["file"] = new JsonObject
                {
                    ["status"] = done is null ? "INPROGRESS" : done.Code == "SUCCESS" ? "COMPLETED" : "FAILED",
                    ["name"] = $"{job.Id}.csv",
                    ["added_count"] = done?.Added ?? 0,
                    ["updated_count"] = done?.Updated ?? 0,
                    ["skipped_count"] = done?.Skipped ?? 0,
                    ["total_count"] = done?.Total ?? 0,
                },
            }),
        };
        if (done?.Csv is not null)
            answer["result"] = new JsonObject { ["download_url"] = $"/crm/bulk/v8/write/{job.Id}/result" };
        return answer;
    }

    public byte[] Download(string id)
    {
        var csv = _jobs.GetValueOrDefault(id)?.Outcome?.Csv ?? throw new ZohoRefusal(404, "RESOURCE_NOT_FOUND", "the result is not there", new() { ["id"] = id });
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry($"{id}.csv", CompressionLevel.Fastest).Open())
            entry.Write(Encoding.UTF8.GetBytes(csv));
        return file.ToArray();
    }

    private static List<(string Field, int Index)> Mappings(JsonObject resource)
    {
        if (resource["field_mappings"] is not JsonArray { Count: > 0 } mappings)
            throw new ZohoRefusal(400, "MANDATORY_FIELDS_NOT_MAPPED", "no field is mapped", new() { ["api_name"] = "field_mappings" });
        return [.. mappings.Select(mapping => (mapping!["api_name"]!.ToString(), mapping["index"]!.GetValue<int>()))];
    }

    private Outcome Run(Job job)
    {
        List<string[]> lines;
        try
        {
            using var zip = new ZipArchive(new MemoryStream(job.File));
            if (zip.Entries.Count != 1)
                return Outcome.Failed("INVALID_FILE_FORMAT");
            using var reader = new StreamReader(zip.Entries[0].Open(), Encoding.UTF8);
            lines = Csv.Read(reader.ReadToEnd());
        }
        catch (InvalidDataException)
        {
            return Outcome.Failed("INVALID_FILE_FORMAT");
        }

        if (lines.Count == 0 || lines.Count - 1 > MostRows)
            return Outcome.Failed(lines.Count == 0 ? "INVALID_FILE_FORMAT" : "LIMIT_EXCEEDED");
        if (lines[0].Length > MostColumns)
            return Outcome.Failed("HEADER_LIMIT_EXCEEDED");
        if (job.Mappings.Exists(mapping => mapping.Index >= lines[0].Length))
            return Outcome.Failed("COLUMN_INDEX_NOT_FOUND");
        if (job.Write != ZohoWrite.Update && job.Module.Table.Fields.Any(field => field.Required && !job.Mappings.Exists(mapping => mapping.Field == field.Name)))
            return Outcome.Failed("MANDATORY_FIELDS_NOT_MAPPED");

        var outcome = new Outcome("SUCCESS");
        var shown = job.Mappings.Take(3).ToList();
        var csv = new StringBuilder(string.Join(',', shown.Select(mapping => mapping.Field).Concat(["STATUS", "RECORD_ID", "ERRORS"]))).Append('\n');
        foreach (var line in lines.Skip(1))
        {
            var (status, id, errors) = One(job, line);
            outcome.Count(status);
            csv.AppendJoin(',', shown.Select(mapping => ZohoBulkRead.Quoted(line.ElementAtOrDefault(mapping.Index) ?? "")).Concat([status, id, errors])).Append('\n');
        }

        outcome.Csv = csv.ToString();
        return outcome;
    }

    private (string Status, string Id, string Errors) One(Job job, string[] line)
    {
        try
        {
            var record = new JsonObject();
            foreach (var (name, index) in job.Mappings)
            {
                var text = line.ElementAtOrDefault(index) ?? "";
                if (text.Length > 0 || !job.IgnoresEmpty)
                    record[name] = job.Module.Table.Field(name) is { } field ? Json(field, text) : text;
            }

            var values = writes.Read(job.Module, record, "$");
            var row = job.Write == ZohoWrite.Insert ? null
                : record["id"]?.ToString() is { Length: > 0 } id ? job.Module.Table.Get(id)
                : job.FindBy is { } by && values.GetValueOrDefault(by) is string key ? job.Module.Table.Find(by, key).SingleOrDefault()
                : null;
            if (row is null && job.Write == ZohoWrite.Update)
                return ("SKIPPED", "", $"RESOURCE_NOT_FOUND-{job.FindBy ?? "id"}");
            ZohoWrites.Demand(job.Module, values, row, "$");
            if (row is null)
            {
                row = organisation.Insert(job.Module, values, organisation.Now, ZohoIds.Hub);
                created();
                return ("ADDED", row.Id, "");
            }

            organisation.Update(job.Module, row, values, organisation.Now, ZohoIds.Hub);
            updated();
            return ("UPDATED", row.Id, "");
        }
        catch (ZohoRefusal refusal)
        {
            return ("SKIPPED", "", $"{refusal.Code}-{refusal.Body["details"]?["api_name"]}");
        }
    }

    private static JsonNode? Json(Field field, string text) => text.Length == 0 ? null : field.Kind switch
    {
        FieldKind.Integer or FieldKind.Number or FieldKind.Money => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text,
        FieldKind.Boolean => bool.TryParse(text, out var flag) ? flag : text,
        FieldKind.Choices => new JsonArray([.. text.Split(';').Select(item => (JsonNode)item)]),
        FieldKind.Reference or FieldKind.User => new JsonObject { ["id"] = text },
        _ => text,
    };

    private sealed record Job(string Id, ZohoWrite Write, ZohoModule Module, byte[] File, string? FindBy, List<(string Field, int Index)> Mappings, bool IgnoresEmpty, DateTimeOffset Created, bool Fails)
    {
        public int Asked { get; set; }
        public Outcome? Outcome { get; set; }
    }

    private sealed record Outcome(string Code)
    {
        public int Added { get; private set; }
        public int Updated { get; private set; }
        public int Skipped { get; private set; }
        public int Total => Added + Updated + Skipped;
        public string? Csv { get; set; }

        public static Outcome Failed(string code) => new(code);

        public void Count(string status) => _ = status switch
        {
            "ADDED" => Added++,
            "UPDATED" => Updated++,
            _ => Skipped++,
        };
    }
}
