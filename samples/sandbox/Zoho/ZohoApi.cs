using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Traffic;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>The API: which call does what, and what it costs in credits.</summary>
internal sealed class ZohoApi
{
    private readonly ZohoOrganisation _organisation;
    private readonly Counters _counters;
    private readonly TrafficRules _rules;
    private readonly ZohoBulkWrite _bulkWrite;
    private readonly Queue<DateTimeOffset> _downloads = new();

    public ZohoApi(ZohoOrganisation organisation, Counters counters, TrafficRules rules)
    {
        (_organisation, _counters, _rules) = (organisation, counters, rules);
        Writes = new ZohoWrites(organisation, counters.Created, counters.Updated, counters.Deleted);
        BulkRead = new ZohoBulkRead(organisation);
        _bulkWrite = new ZohoBulkWrite(organisation, Writes, counters.Created, counters.Updated);
        Channels = new ZohoChannels(organisation);
    }

    public ZohoWrites Writes { get; }
    public ZohoBulkRead BulkRead { get; }
    public ZohoChannels Channels { get; }

    public void Forget()
    {
        BulkRead.Forget();
        _bulkWrite.Forget();
        Channels.Forget();
        _downloads.Clear();
    }

    public ZohoReply Answer(ZohoCall call) => (call.Method, call.Path) switch
    {
        ("GET", ["crm", "v8", "settings", "modules"]) => new(200, ZohoMetadata.Modules(_organisation)),
        ("GET", ["crm", "v8", "settings", "fields"]) => Fields(call),
        ("GET", ["crm", "v8", "org"]) => new(200, ZohoMetadata.Organisation()),
        ("GET", ["crm", "v8", "users"]) => new(200, ZohoMetadata.Users()),
        ("POST", ["crm", "v8", "coql"]) => Query(call),
        ("POST", ["crm", "v8", "upload"]) => new(200, _bulkWrite.Upload(call.File, call.Feature, call.Organisation)),
        ("GET", ["crm", "v8", "actions", "watch"]) => Found(Channels.List(call.Query.GetValueOrDefault("channel_id"), call.Query.GetValueOrDefault("module"), call.Address)),
        ("DELETE", ["crm", "v8", "actions", "watch"]) => ZohoReply.Of(Channels.Remove(List(call, "channel_ids"))),
        ("POST" or "PUT" or "PATCH", ["crm", "v8", "actions", "watch"]) => ZohoReply.Of(Channels.Watch(call.Json, call.Method, call.Address)),
        ("POST", ["crm", "bulk", "v8", "read"]) => Charged(50, ZohoReply.Of(BulkRead.Begin(call.Json, call.Strikes("bulk-fail") is not null))),
        ("GET", ["crm", "bulk", "v8", "read", var id]) => new(200, BulkRead.Ask(id)),
        ("GET", ["crm", "bulk", "v8", "read", var id, "result"]) => Downloaded(() => BulkRead.Download(id)),
        ("POST", ["crm", "bulk", "v8", "write"]) => Charged(500, ZohoReply.Of(_bulkWrite.Begin(call.Json, call.Strikes("bulk-fail") is not null))),
        ("GET", ["crm", "bulk", "v8", "write", var id]) => new(200, _bulkWrite.Ask(id)),
        ("GET", ["crm", "bulk", "v8", "write", var id, "result"]) => Downloaded(() => _bulkWrite.Download(id)),
        ("GET", ["crm", "v8", var module, "deleted"]) => Charged(2, Deleted(_organisation.Module(module), call)),
        ("GET", ["crm", "v8", var module, "search"]) => Found(ZohoSearch.Run(_organisation, _organisation.Module(module), Request(call))),
        ("GET", ["crm", "v8", var module]) => Records(_organisation.Module(module), call),
        ("GET", ["crm", "v8", var module, var id]) => One(_organisation.Module(module), id, call),
        ("POST", ["crm", "v8", var module]) => Write(_organisation.Module(module), ZohoWrite.Insert, null, call),
        ("POST", ["crm", "v8", var module, "upsert"]) => Write(_organisation.Module(module), ZohoWrite.Upsert, null, call),
        ("PUT", ["crm", "v8", var module]) => Write(_organisation.Module(module), ZohoWrite.Update, null, call),
        ("PUT", ["crm", "v8", var module, var id]) => Write(_organisation.Module(module), ZohoWrite.Update, id, call),
        ("DELETE", ["crm", "v8", var module]) => Delete(_organisation.Module(module), List(call, "ids"), call),
        ("DELETE", ["crm", "v8", var module, var id]) => Delete(_organisation.Module(module), [id], call),
        ("POST", ["crm", "v8", "Leads", var id, "actions", "convert"]) => Convert(id),
        _ => throw new ZohoRefusal(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"),
    };

    private static ZohoListRequest Request(ZohoCall call) => new(call.Query, call.ModifiedSince);

    private static string[] List(ZohoCall call, string parameter) =>
        (call.Query.GetValueOrDefault(parameter) ?? throw ZohoRefusal.Parameter(parameter)).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Nothing found is no body at all.</summary>
    private static ZohoReply Found(JsonObject? answer) => answer is null ? new(204, null) : new(200, answer);

    private ZohoReply Charged(int credits, ZohoReply reply)
    {
        _rules.Charge(credits - 1);
        return reply;
    }

    private ZohoReply Fields(ZohoCall call)
    {
        var module = _organisation.Module(call.Query.GetValueOrDefault("module") ?? throw ZohoRefusal.Parameter("module"));
        return call.IsBroken(module.ApiName)
            ? new(200, new JsonObject { ["fields"] = new JsonArray(null, new JsonObject { ["field_label"] = 7, ["data_type"] = new JsonObject() }) })
            : new(200, ZohoMetadata.Fields(_organisation, module));
    }

    private ZohoReply Query(ZohoCall call)
    {
        var statement = call.Json["select_query"]?.ToString()
            ?? throw new ZohoRefusal(400, "MANDATORY_NOT_FOUND", "required field not found", new() { ["api_name"] = "select_query", ["json_path"] = "$.select_query" });
        var query = new CoqlQuery(_organisation, statement);
        return Charged(query.Credits, Mutated(query.Module, call, Found(query.Run())));
    }

    private ZohoReply Records(ZohoModule module, ZohoCall call)
    {
        var found = ZohoPaging.List(_organisation, module, Request(call));
        if (found is null)
            return new(call.ModifiedSince is null ? 204 : 304, null);
        var reply = Mutated(module, call, new(200, found));
        return call.Query.ContainsKey("cvid") ? Charged(3, reply) : reply;
    }

    private ZohoReply One(ZohoModule module, string id, ZohoCall call) => module.Table.Get(id) is { } row
        ? new(200, new JsonObject { ["data"] = new JsonArray(_organisation.Show(module, row, call.Query.GetValueOrDefault("fields")?.Split(','))) })
        : new(204, null);

    private ZohoReply Write(ZohoModule module, ZohoWrite write, string? id, ZohoCall call)
    {
        var body = call.Json;
        var count = (body["data"] as JsonArray)?.Count ?? 0;
        if (ZohoWrites.RunsWorkflows(body))
            _counters.WorkflowsRan(count);
        var faults = new ZohoWriteFaults(call.Strikes("partial")?.Every, call.Strikes("lock") is { } locked ? locked.Every ?? 1 : null, call.Strikes("duplicate-rule") is not null, call.Strikes("validation")?.Field);
        return Charged((count + 9) / 10, ZohoReply.Of(Writes.Write(module, write, body, id, call.UnmodifiedSince, faults)));
    }

    private ZohoReply Delete(ZohoModule module, string[] ids, ZohoCall call)
    {
        if (call.Query.GetValueOrDefault("wf_trigger") != "false")
            _counters.WorkflowsRan(ids.Length);
        return ZohoReply.Of(Writes.Delete(module, ids));
    }

    private ZohoReply Convert(string id)
    {
        var ids = _organisation.Convert(id, _organisation.Now, ZohoIds.Hub) ?? throw new ZohoRefusal(400, "ID_ALREADY_CONVERTED", "the lead is not there or converted already", new() { ["id"] = id });
        _counters.Updated();
        return Charged(5, new(200, new JsonObject { ["data"] = new JsonArray(ids) }));
    }

    private static ZohoReply Deleted(ZohoModule module, ZohoCall call)
    {
        var request = Request(call);
        var (page, size) = (request.Number("page", 1), Math.Min(request.Number("per_page", 200), 200));
        var type = request["type"] ?? "all";
        var rows = module.Deletions.Where(gone => (type == "all" || gone.Type == type) && (call.ModifiedSince is not { } since || gone.At >= since)).Skip((page - 1) * size).Take(size + 1).ToList();
        if (rows.Count == 0)
            return new(call.ModifiedSince is null ? 204 : 304, null);
        return new(200, ZohoPaging.Answer(
            rows.Take(size).Select(gone => new JsonObject
            {
                ["id"] = gone.Id,
                ["display_name"] = gone.DisplayName,
                ["type"] = gone.Type,
                ["deleted_time"] = ZohoValues.Time(gone.At),
                ["deleted_by"] = ZohoValues.User(gone.By),
                ["created_by"] = ZohoValues.User(gone.CreatedBy),
            }),
            new() { ["per_page"] = size, ["count"] = Math.Min(rows.Count, size), ["page"] = page, ["more_records"] = rows.Count > size }));
    }

    private ZohoReply Downloaded(Func<byte[]> download)
    {
        while (_downloads.TryPeek(out var first) && first <= _organisation.Now.AddMinutes(-1))
            _downloads.Dequeue();
        if (_downloads.Count >= 10)
        {
            _counters.Violated(1);
            throw ZohoRefusal.TooMany("You can download a result 10 times in a minute.");
        }

        _downloads.Enqueue(_organisation.Now);
        return new(200, null, download());
    }

    // While a client pages, people go on working: of the page just given the first is deleted and the second edited, and a new one comes.
    private ZohoReply Mutated(ZohoModule module, ZohoCall call, ZohoReply reply)
    {
        if (reply.Body?["info"]?["more_records"]?.GetValue<bool>() != true || reply.Body["data"] is not JsonArray { Count: > 2 } data || call.Strikes("mutate-while-paging") is null)
            return reply;
        var (first, second) = (module.Table.Get(data[0]!["id"]!.ToString()), module.Table.Get(data[1]!["id"]!.ToString()));
        if (first is not null)
            _organisation.Delete(module, first, _organisation.Now, ZohoIds.Diaz);
        if (second is not null)
        {
            var values = module.Table.Fields.Where(field => field.Kind != FieldKind.User && !field.Unique && !field.ReadOnly).ToDictionary(field => field.Name, field => module.Table.Value(second, field.Name));
            _organisation.Update(module, second, new Dictionary<string, object?>(), _organisation.Now, ZohoIds.Diaz);
            _organisation.Insert(module, values, _organisation.Now, ZohoIds.Diaz);
        }

        return reply;
    }
}
