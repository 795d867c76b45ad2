using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Faults;
using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Traffic;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>A call that is signed in.</summary>
internal sealed record FxiaokeCall(string[] Path, JsonObject Body, string User, bool IsOldStyle, Func<string, Fault?> Strikes, Func<string, bool> IsBroken)
{
    public JsonObject Data => Body["data"] as JsonObject ?? throw FxiaokeRefusal.Illegal("data");

    /// <summary>How a person is named to this caller.</summary>
    public string Person(string id) => IsOldStyle ? "FSUID_" + id : id;
}

/// <summary>The calls on objects and records. Preset objects and those that people made up have paths of their own, and answers that differ a little.</summary>
internal sealed class FxiaokeApi(FxiaokeTenant tenant, Counters counters)
{
    private int _updates;

    /// <summary>Whether queries give invalid records too; nobody has written down whether they do.</summary>
    public bool ShowsInvalid { get; set; }

    public JsonObject Answer(FxiaokeCall call) => call.Path switch
    {
        ["cgi", "user", "getByMobile"] => new() { ["empList"] = new JsonArray(new JsonObject { ["openUserId"] = "FSUID_" + FxiaokeTenant.Employee, ["name"] = "集成" }) },
        ["cgi", "crm", "v2", "object", "list"] => new() { ["data"] = FxiaokeMetadata.Objects(tenant) },
        ["cgi", "crm", "v2", "object", "describe"] => Describe(call),
        ["cgi", "crm", "v2", "data", var verb] => Act(verb, call, isCustom: false),
        ["cgi", "crm", "custom", "v2", "data", "findSimple"] => Query(Kind(call, null), call, "data"),
        ["cgi", "crm", "custom", "v2", "data", "findOne"] => FindOne(Kind(call, null), call),
        ["cgi", "crm", "custom", "v2", "data", var verb] => Act(verb, call, isCustom: true),
        ["cgi", "crm", "custom", "data", "invalid"] => Each(Kind(call, true), call, row => tenant.Invalidate(Kind(call, true), row, call.User)),
        _ => throw FxiaokeRefusal.Secret(),
    };

    private JsonObject Act(string verb, FxiaokeCall call, bool isCustom) => verb switch
    {
        "query" => Query(Kind(call, isCustom), call, isCustom ? "result" : "data"),
        "get" => Get(Kind(call, isCustom), call),
        "create" => Create(Written(call, isCustom), call),
        "update" => Update(Written(call, isCustom), call),
        "invalid" => Invalidate(Kind(call, isCustom), call),
        "delete" => Each(Kind(call, isCustom), call, row => Delete(Kind(call, isCustom), row)),
        "recover" => Each(Kind(call, isCustom), call, row => tenant.Recover(Kind(call, isCustom), row, call.User)),
        "changeOwner" => ChangeOwner(Kind(call, isCustom), call),
        _ => throw FxiaokeRefusal.Secret(),
    };

    private FxiaokeObject Kind(FxiaokeCall call, bool? isCustom) => Of(call.Data["dataObjectApiName"]?.ToString(), isCustom);

    private FxiaokeObject Written(FxiaokeCall call, bool isCustom) => Of(Record(call)["dataObjectApiName"]?.ToString(), isCustom);

    private FxiaokeObject Of(string? apiName, bool? isCustom) => tenant.Object(apiName) is var kind && (isCustom is null || kind.IsCustom == isCustom) ? kind : throw FxiaokeRefusal.Illegal("dataObjectApiName");

    private static JsonObject Record(FxiaokeCall call) => call.Data["object_data"] as JsonObject ?? throw FxiaokeRefusal.Illegal("object_data");

    private JsonObject Show(FxiaokeObject kind, Row row, FxiaokeCall call, IReadOnlyCollection<string>? only) =>
        tenant.Show(kind, row, only, call.Body["includeNull"]?.GetValue<bool>() ?? false, field => tenant.Sees(kind, field), call.Person);

    private JsonObject Describe(FxiaokeCall call)
    {
        var kind = tenant.Object(call.Data["apiName"]?.ToString());
        return new() { ["data"] = call.IsBroken(kind.ApiName) ? FxiaokeMetadata.Broken(kind) : FxiaokeMetadata.Describe(tenant, kind) };
    }

    private JsonObject Query(FxiaokeObject kind, FxiaokeCall call, string under)
    {
        var query = new FxiaokeQuery(tenant, kind, call.Data["search_query_info"] as JsonObject ?? throw FxiaokeRefusal.Illegal("search_query_info"), ShowsInvalid);
        var rows = query.Run();
        var fields = query.Fields ?? (call.Data["field_projection"] as JsonArray)?.Select(name => name!.ToString()).ToHashSet(StringComparer.Ordinal);
        var counts = call.Body["returnTotalNum"]?.ToString() == "1" || (call.Body["returnTotalNum"] is null && call.Data["find_explicit_total_num"]?.GetValue<bool>() != false);
        var answer = new JsonObject
        {
            [under] = new JsonObject
            {
                ["offset"] = query.Offset,
                ["limit"] = query.Limit,
                ["total"] = counts ? query.Total() : 0,
                ["dataList"] = new JsonArray([.. rows.Select(row => Show(kind, row, call, fields))]),
            },
        };
        if (rows.Count == query.Limit && rows.Count > 2 && call.Strikes("mutate-while-paging") is not null)
            Mutate(kind, rows);
        return answer;
    }

    private JsonObject FindOne(FxiaokeObject kind, FxiaokeCall call)
    {
        var rows = new FxiaokeQuery(tenant, kind, call.Data["search_query_info"] as JsonObject ?? throw FxiaokeRefusal.Illegal("search_query_info"), ShowsInvalid).Run();
        return new() { ["data"] = rows.Count == 0 ? null : Show(kind, rows[0], call, null) };
    }

    private JsonObject Get(FxiaokeObject kind, FxiaokeCall call) => new() { ["data"] = Show(kind, Row(kind, call.Data["objectDataId"]?.ToString()), call, null) };

    private static Row Row(FxiaokeObject kind, string? id) => kind.Table.Get(id ?? throw FxiaokeRefusal.Illegal("objectDataId")) ?? throw FxiaokeRefusal.Gone();

    private JsonObject Create(FxiaokeObject kind, FxiaokeCall call)
    {
        Triggers(call);
        Struck(kind, call);
        if (call.Strikes("duplicate-rule") is not null)
            throw FxiaokeRefusal.Record(310, "数据重复，命中查重规则");
        var row = tenant.Create(kind, FxiaokeValues.Read(tenant, kind, Record(call), isUser: false), call.User);
        counters.Created();
        // The paths of made-up objects tell nothing of what they made.
        return kind.IsCustom ? [] : new() { ["dataId"] = row.Id };
    }

    private JsonObject Update(FxiaokeObject kind, FxiaokeCall call)
    {
        Triggers(call);
        var record = Record(call);
        var row = Row(kind, record["_id"]?.ToString());
        Struck(kind, call);
        if (call.Strikes("lock") is { } locked && ++_updates % Math.Max(1, locked.Every ?? 1) == 0)
            throw FxiaokeTenant.Locked();
        tenant.Update(kind, row, FxiaokeValues.Read(tenant, kind, record, isUser: false), call.User);
        counters.Updated();
        return [];
    }

    private JsonObject Invalidate(FxiaokeObject kind, FxiaokeCall call)
    {
        Triggers(call);
        tenant.Invalidate(kind, Row(kind, call.Data["object_data_id"]?.ToString()), call.User);
        counters.Deleted();
        return [];
    }

    // What is deleted was counted when it became invalid.
    private void Delete(FxiaokeObject kind, Row row) => tenant.Delete(kind, row);

    private static JsonObject Each(FxiaokeObject kind, FxiaokeCall call, Action<Row> act)
    {
        foreach (var id in call.Data["idList"] as JsonArray ?? throw FxiaokeRefusal.Illegal("idList"))
            act(Row(kind, id?.ToString()));
        return [];
    }

    private JsonObject ChangeOwner(FxiaokeObject kind, FxiaokeCall call)
    {
        foreach (var change in call.Data["Data"] as JsonArray ?? throw FxiaokeRefusal.Illegal("Data"))
        {
            var owner = FxiaokeValues.Person(change?["ownerId"]?[0]?.ToString() ?? throw FxiaokeRefusal.Illegal("ownerId"));
            kind.Table.Change(Row(kind, change["objectDataId"]?.ToString()), new Dictionary<string, object?> { [FxiaokeObject.Owner] = owner }, tenant.Now, call.User);
            counters.Updated();
        }

        return [];
    }

    // Both are on unless switched off: an import can start thousands of approvals.
    private void Triggers(FxiaokeCall call)
    {
        if (call.Body["triggerApprovalFlow"]?.GetValue<bool>() != false || call.Body["triggerWorkFlow"]?.GetValue<bool>() != false)
            counters.WorkflowsRan(1);
    }

    private static void Struck(FxiaokeObject kind, FxiaokeCall call)
    {
        if (call.Strikes("validation") is { } fault)
            throw FxiaokeRefusal.Record(309, $"[{kind.Table.Field(fault.Field ?? "")?.Label ?? fault.Field}]校验规则不通过");
    }

    // While a client pages, people go on working: of the page just given the first is invalidated and the second edited, and a new one comes.
    private void Mutate(FxiaokeObject kind, List<Row> page)
    {
        tenant.Invalidate(kind, page[0], FxiaokeTenant.Colleague);
        kind.Table.Change(page[1], new Dictionary<string, object?>(), tenant.Now, FxiaokeTenant.Colleague);
        var like = kind.Table.Fields.Where(field => field.Kind == FieldKind.Text && !field.Custom && !field.ReadOnly).ToDictionary(field => field.Name, field => kind.Table.Value(page[1], field.Name));
        tenant.Create(kind, like, FxiaokeTenant.Colleague);
    }
}
