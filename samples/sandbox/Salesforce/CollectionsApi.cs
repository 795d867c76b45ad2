using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Up to two hundred records in one call, each with a result of its own.</summary>
internal sealed class CollectionsApi(SalesforceVendor vendor)
{
    private const int Most = 200;

    public void Map(Action<string, string, RequestDelegate> add)
    {
        add("POST", "/composite/sobjects", context => SaveAsync(context, (writer, type, record) => (writer.Create(type, writer.Read(type, record)), null)));
        add("PATCH", "/composite/sobjects", context => SaveAsync(context, (writer, type, record) => (writer.Update(type, Id(record), writer.Read(type, record)), null)));
        add("PATCH", "/composite/sobjects/{type}/{key}", UpsertAsync);
        add("DELETE", "/composite/sobjects", DeleteAsync);
    }

    private delegate (SObject? Row, bool? Created) Save(RecordWriter writer, SObjectType type, JsonObject record);

    private static string? Id(JsonObject record) =>
        (string?)record.FirstOrDefault(member => member.Key.Equals("Id", StringComparison.OrdinalIgnoreCase)).Value;

    private Task UpsertAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["key"]!;
        var wanted = (string)context.Request.RouteValues["type"]!;
        return SaveAsync(context, (writer, type, record) =>
        {
            if (!type.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
                throw new SalesforceError(400, "INVALID_TYPE", $"All records must be of type {wanted}");
            if (type.Find(name) is not { ExternalId: true } key || !writer.Visibility.Sees(type, key))
                throw new SalesforceError(400, "INVALID_FIELD", $"Provided external ID field does not exist or is not accessible: {name}", name);

            var draft = writer.Read(type, record);
            if (draft[key] is not string value)
                throw new SalesforceError(400, "MISSING_ARGUMENT", $"{key.Name} not specified", key.Name);
            if (!writer.Claim(key, value))
                throw new SalesforceError(400, "DUPLICATE_VALUE", $"Duplicate external id specified: {value}", key.Name);
            var (row, created) = writer.Upsert(type, key, value, draft);
            return (row, created);
        });
    }

    private async Task SaveAsync(HttpContext context, Save save)
    {
        if (await context.ReadJsonAsync() is not JsonObject body || body["records"] is not JsonArray records)
            throw new SalesforceError(400, "JSON_PARSER_ERROR", "The body needs a list named records at [line:1, column:1]");
        if (records.Count > Most)
            throw new SalesforceError(400, "EXCEEDED_ID_LIMIT", $"record limit reached. cannot submit more than {Most} records in this call");

        var all = (bool?)body["allOrNone"] ?? false;
        JsonArray results;
        lock (vendor.Gate)
        {
            var writer = new RecordWriter(vendor, vendor.Org, context);
            JsonArray Pass(bool rehearsal)
            {
                writer.Begin(rehearsal);
                return [.. records.Select(record => One(writer, record as JsonObject, save))];
            }

            var rehearsed = all ? Pass(rehearsal: true) : [];
            results = rehearsed.Any(result => !(bool)result!["success"]!) ? RolledBack(rehearsed) : Pass(rehearsal: false);
        }

        await context.WriteJsonAsync(200, results);
    }

    private JsonObject One(RecordWriter writer, JsonObject? record, Save save)
    {
        try
        {
            if (record is null)
                throw new SalesforceError(400, "JSON_PARSER_ERROR", "A record must be an object");
            var name = (string?)record["attributes"]?["type"] ?? throw new SalesforceError(400, "INVALID_INPUT", "The record has no type in its attributes");
            var type = vendor.Org.Type(name) ?? throw new SalesforceError(400, "INVALID_TYPE", $"sObject type '{name}' is not supported.");
            var (row, created) = save(writer, type, record);
            var result = new JsonObject { ["id"] = row!.Id, ["success"] = true, ["errors"] = new JsonArray() };
            if (created is { } made)
                result["created"] = made;
            return result;
        }
        catch (SalesforceError problem)
        {
            return Failed(problem.Error);
        }
        catch (AmbiguousKeyException ambiguous)
        {
            return Failed(ambiguous.Error);
        }
    }

    /// <summary>With allOrNone, one refused record refuses all: only the culprits bear the true reason.</summary>
    private static JsonArray RolledBack(JsonArray results) => [.. results.Select(result => (bool)result!["success"]!
        ? Failed(new SaveError("ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid and the request was using AllOrNone header"))
        : result.DeepClone())];

    private Task DeleteAsync(HttpContext context)
    {
        var ids = context.Request.Query["ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (ids.Length > Most)
            throw new SalesforceError(400, "EXCEEDED_ID_LIMIT", $"record limit reached. cannot submit more than {Most} records in this call");

        JsonArray results = [];
        lock (vendor.Gate)
        {
            var writer = new RecordWriter(vendor, vendor.Org, context);
            foreach (var id in ids)
            {
                try
                {
                    var type = vendor.Org.Record(id)?.Type ?? throw new SalesforceError(404, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
                    writer.Delete(type, id);
                    results.Add(new JsonObject { ["id"] = id, ["success"] = true, ["errors"] = new JsonArray() });
                }
                catch (SalesforceError problem)
                {
                    var failed = Failed(problem.Error);
                    failed["id"] = id;
                    results.Add(failed);
                }
            }
        }

        return context.WriteJsonAsync(200, results);
    }

    private static JsonObject Failed(SaveError error) => new() { ["success"] = false, ["errors"] = new JsonArray(error.ToResult()) };
}
