using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>What goes wrong with the records of a write; the numbers say every how many-th.</summary>
internal sealed record ZohoWriteFaults(int? Partial, int? Lock, bool DuplicateRule, string? Validation);

/// <summary>What a write is, in Zoho's words.</summary>
internal enum ZohoWrite
{
    Insert,
    Update,
    Upsert,
}

/// <summary>Insert, update, upsert and delete: up to 100 records, an answer for each, and one status that sums them up.</summary>
internal sealed class ZohoWrites(ZohoOrganisation organisation, Action created, Action updated, Action deleted)
{
    private const int AtMost = 100;

    public (int Status, JsonObject Body) Write(ZohoModule module, ZohoWrite write, JsonObject body, string? id, DateTimeOffset? unmodifiedSince, ZohoWriteFaults faults)
    {
        if (body["data"] is not JsonArray { Count: > 0 } data)
            throw new ZohoRefusal(400, "MANDATORY_NOT_FOUND", "required field not found", new() { ["api_name"] = "data", ["json_path"] = "$.data" });
        if (data.Count > AtMost)
            throw ZohoRefusal.Invalid("invalid data", new() { ["maximum_length"] = AtMost, ["api_name"] = "data", ["json_path"] = "$.data" });
        var check = (body["duplicate_check_fields"] as JsonArray)?.Select(field => field!.ToString()).ToList();
        if (check?.FirstOrDefault(field => organisation.Visible(module, field) is null) is { } unknown)
            throw ZohoRefusal.Invalid("invalid data", new() { ["api_name"] = "duplicate_check_fields", ["value"] = unknown });

        var answers = new JsonArray();
        var statuses = new List<int>();
        for (var at = 0; at < data.Count; at++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"$.data[{at}]");
            try
            {
                var (status, answer) = One(module, write, data[at] as JsonObject ?? throw ZohoRefusal.Invalid("invalid data", new() { ["json_path"] = path }), id, check, unmodifiedSince, path, Struck(faults, at, module, path));
                answers.Add(answer);
                statuses.Add(status);
            }
            catch (ZohoRefusal refusal)
            {
                answers.Add(refusal.Body.DeepClone());
                statuses.Add(refusal.Status);
            }
        }

        return (Sum(statuses, answers), new JsonObject { ["data"] = answers });
    }

    public (int Status, JsonObject Body) Delete(ZohoModule module, IReadOnlyList<string> ids)
    {
        if (ids.Count > AtMost)
            throw ZohoRefusal.Limit("ids", AtMost);
        var answers = new JsonArray();
        var statuses = new List<int>();
        foreach (var id in ids)
        {
            if (module.Table.Get(id) is { } row)
            {
                organisation.Delete(module, row, organisation.Now, ZohoIds.Hub);
                deleted();
                answers.Add(new JsonObject { ["code"] = "SUCCESS", ["details"] = new JsonObject { ["id"] = id }, ["message"] = "record deleted", ["status"] = "success" });
                statuses.Add(200);
            }
            else
            {
                answers.Add(NoSuchId(id).Body.DeepClone());
                statuses.Add(400);
            }
        }

        return (Sum(statuses, answers), new JsonObject { ["data"] = answers });
    }

    /// <summary>Whether the workflows of the organisation would run: always, unless the list of triggers is there and empty.</summary>
    public static bool RunsWorkflows(JsonObject body) => body["trigger"] is not JsonArray { Count: 0 };

    /// <summary>Reads the fields of a record; system fields and names that no field has are passed over, as Zoho does.</summary>
    public Dictionary<string, object?> Read(ZohoModule module, JsonObject record, string path, bool isUser = false)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, node) in record)
        {
            if (module.Table.Field(name) is not { ReadOnly: false } field || !organisation.Has(module, field))
                continue;
            if (!isUser && organisation.Hidden.Contains((module.ApiName, name)))
                throw new ZohoRefusal(403, "NO_PERMISSION", "permission denied", new() { ["permissions"] = new JsonArray($"Crm_Implied_Edit_{module.ApiName}"), ["api_name"] = name });
            values[name] = ZohoValues.Read(organisation, field, node, $"{path}.{name}");
        }

        return values;
    }

    /// <summary>What the module demands of a record and of a change to one: required fields filled, unique ones unique.</summary>
    public static void Demand(ZohoModule module, Dictionary<string, object?> values, Row? row, string path)
    {
        foreach (var field in module.Table.Fields.Where(field => field.Required && (row is null || values.ContainsKey(field.Name)) && values.GetValueOrDefault(field.Name) is null))
            throw new ZohoRefusal(400, "MANDATORY_NOT_FOUND", "required field not found", new() { ["api_name"] = field.Name, ["json_path"] = $"{path}.{field.Name}" });
        foreach (var field in module.Table.Fields.Where(field => field.Unique))
        {
            if (values.GetValueOrDefault(field.Name) is string text && module.Table.Find(field.Name, text).FirstOrDefault(other => other != row) is { } other)
                throw Duplicate(module, field.Name, other, path);
        }
    }

    private (int Status, JsonObject Answer) One(ZohoModule module, ZohoWrite write, JsonObject record, string? id, List<string>? check, DateTimeOffset? unmodifiedSince, string path, ZohoRefusal? struck)
    {
        id ??= write == ZohoWrite.Insert ? null : record["id"]?.ToString();
        if (write == ZohoWrite.Update && id is null)
            throw new ZohoRefusal(400, "MANDATORY_NOT_FOUND", "required field not found", new() { ["api_name"] = "id", ["json_path"] = $"{path}.id" });
        var values = Read(module, record, path);
        string? duplicateField = null;
        var row = id is not null ? module.Table.Get(id) ?? throw NoSuchId(id)
            : write == ZohoWrite.Upsert ? Same(module, values, check, out duplicateField)
            : null;
        if (struck is not null && (row is null || struck.Code != "DUPLICATE_DATA"))
            throw struck;
        Demand(module, values, row, path);
        if (row is not null && row.Modified > unmodifiedSince)
            throw new ZohoRefusal(412, "RECORD_MODIFIED", "record was modified after the time specified", new() { ["id"] = row.Id, ["Modified_Time"] = ZohoValues.Time(row.Modified) });

        var isNew = row is null;
        if (row is null)
        {
            row = organisation.Insert(module, values, organisation.Now, ZohoIds.Hub);
            created();
        }
        else
        {
            organisation.Update(module, row, values, organisation.Now, ZohoIds.Hub);
            updated();
        }

        var answer = new JsonObject { ["code"] = "SUCCESS", ["details"] = Details(row), ["message"] = isNew ? "record added" : "record updated", ["status"] = "success" };
        if (write == ZohoWrite.Upsert)
        {
            answer["duplicate_field"] = isNew ? null : duplicateField;
            answer["action"] = isNew ? "insert" : "update";
        }

        return (isNew ? 201 : 200, answer);
    }

    private static Row? Same(ZohoModule module, Dictionary<string, object?> values, List<string>? check, out string? duplicateField)
    {
        foreach (var field in check ?? [module.CheckField, .. module.Table.Fields.Where(field => field.Unique).Select(field => field.Name)])
        {
            if (values.GetValueOrDefault(field) is not string text || module.Table.Find(field, text) is not { Count: > 0 } found)
                continue;
            if (found.Count > 1)
                throw new ZohoRefusal(400, "AMBIGUITY_DURING_PROCESSING", "more than one record matches", new() { ["api_name"] = field });
            duplicateField = field;
            return found[0];
        }

        duplicateField = null;
        return null;
    }

    private static ZohoRefusal? Struck(ZohoWriteFaults faults, int at, ZohoModule module, string path) =>
        Hits(faults.Partial, at) ? ZohoRefusal.Invalid("invalid data", new() { ["api_name"] = module.CheckField, ["json_path"] = $"{path}.{module.CheckField}", ["expected_data_type"] = "text" })
        : Hits(faults.Lock, at) ? new ZohoRefusal(400, "RECORD_LOCKED", "record is locked", new() { ["json_path"] = path })
        : faults.Validation is { } field ? ZohoRefusal.Invalid("invalid data", new() { ["api_name"] = field, ["json_path"] = $"{path}.{field}" })
        : faults.DuplicateRule && module.Table.Rows.Count > 0 ? Duplicate(module, module.CheckField, module.Table.Rows[0], path)
        : null;

    private static bool Hits(int? every, int at) => every is > 0 && (at + 1) % every == 0;

    private static ZohoRefusal Duplicate(ZohoModule module, string field, Row other, string path) => new(400, "DUPLICATE_DATA", "duplicate data", new()
    {
        ["api_name"] = field,
        ["json_path"] = $"{path}.{field}",
        ["duplicate_record"] = new JsonObject
        {
            ["id"] = other.Id,
            ["module"] = new JsonObject { ["api_name"] = module.ApiName, ["id"] = module.Id },
            ["Owner"] = ZohoValues.User(module.Table.Value(other, "Owner") as string ?? ZohoIds.Diaz),
        },
    });

    private static ZohoRefusal NoSuchId(string id) => ZohoRefusal.Invalid("the id given seems to be invalid", new() { ["id"] = id });

    private static JsonObject Details(Row row) => new()
    {
        ["id"] = row.Id,
        ["Modified_Time"] = ZohoValues.Time(row.Modified),
        ["Created_Time"] = ZohoValues.Time(row.Created),
        ["Modified_By"] = ZohoValues.User(row.ModifiedBy),
        ["Created_By"] = ZohoValues.User(row.CreatedBy),
    };

    // All refused as duplicates is 202, all refused otherwise 400 (or what the single record says), some refused 207.
    private static int Sum(List<int> statuses, JsonArray answers)
    {
        if (statuses.TrueForAll(status => status < 300))
            return statuses.Contains(201) ? 201 : 200;
        if (statuses.Exists(status => status < 300))
            return 207;
        return answers.All(answer => answer!["code"]!.ToString() == "DUPLICATE_DATA") ? 202 : statuses.TrueForAll(status => status == statuses[0]) ? statuses[0] : 400;
    }
}
