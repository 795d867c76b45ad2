using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Faults;
using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Traffic;

namespace Crm.Integration.Sandbox.Insightly;

/// <summary>A call, read.</summary>
internal sealed record InsightlyCall(string Method, string[] Path, IReadOnlyDictionary<string, string> Query, JsonObject? Body, Func<string, Fault?> Strikes, Func<string, bool> IsBroken);

/// <summary>An answer; the total only when it was asked for.</summary>
internal sealed record InsightlyReply(int Status, JsonNode? Body, int? Total = null);

/// <summary>The API, version 3.1: lists without an order, one record a write, no upsert, no feed of deletions.</summary>
internal sealed class InsightlyApi(InsightlyInstance instance, Counters counters)
{
    /// <summary>The plan decides which objects there are.</summary>
    public string Plan { get; set; } = "Professional";

    public InsightlyReply Answer(InsightlyCall call) => (call.Method, call.Path) switch
    {
        ("GET", ["Instance"]) => new(200, new JsonObject { ["INSTANCE_NAME"] = "Sandbox Ltd", ["INSTANCE_SUBDOMAIN"] = "sandbox", ["PLAN_NAME"] = Plan, ["NEW_USER_EXPERIENCE_ENABLED"] = true }),
        ("GET", ["Users"]) => new(200, new JsonArray(new JsonObject
        {
            ["USER_ID"] = InsightlyInstance.Owner,
            ["FIRST_NAME"] = "Hub",
            ["LAST_NAME"] = "Service",
            ["EMAIL_ADDRESS"] = "hub@example.com",
            ["ACTIVE"] = true,
            ["ADMINISTRATOR"] = true,
        })),
        ("GET", ["LeadSources"]) => new(200, new JsonArray(new JsonObject { ["LEAD_SOURCE_ID"] = 3794750, ["LEAD_SOURCE"] = "Web", ["DEFAULT_VALUE"] = true })),
        ("GET", ["LeadStatuses"]) => new(200, new JsonArray(new JsonObject { ["LEAD_STATUS_ID"] = 3724795, ["LEAD_STATUS"] = "OPEN - Not Contacted", ["DEFAULT_STATUS"] = true, ["STATUS_TYPE"] = 1 })),
        ("GET", ["CustomObjects"]) => new(200, new JsonArray([.. instance.Objects.Where(kind => kind.IsCustom).Select(kind => new JsonObject
        {
            ["OBJECT_NAME"] = kind.Name,
            ["SINGULAR_LABEL"] = kind.Name[..^3],
            ["PLURAL_LABEL"] = kind.Name[..^3] + "s",
            ["RECORD_NAME_LABEL"] = "Name",
        })])),
        ("GET", ["CustomFields", var name]) => new(200, call.IsBroken(name) ? new JsonArray(null, new JsonObject { ["FIELD_NAME"] = new JsonArray() }) : CustomFields(Kind(name))),
        ("GET", [var name]) => List(name, call, isSearch: false),
        ("GET", [var name, "Search"]) => List(name, call, isSearch: true),
        ("GET", [var name, var id]) => Kind(name) is var kind ? new(200, Show(kind, Row(kind, id), isBrief: false)) : throw InsightlyRefusal.Gone(),
        ("POST", [var name]) => Insert(Kind(name), call),
        ("PUT", ["Leads", var id, "Convert"]) => Convert(id),
        ("PUT", [var name]) => Update(Kind(name), Body(call)[Kind(name).IdField]?.ToString() ?? throw InsightlyRefusal.Bad($"{Kind(name).IdField} is required."), call),
        ("PUT", [var name, var id]) => Update(Kind(name), id, call),
        ("DELETE", [var name, var id]) => Delete(Kind(name), id),
        ("GET" or "POST" or "PUT" or "DELETE", _) => throw InsightlyRefusal.Gone(),
        _ => throw new InsightlyRefusal(405, "The requested resource does not support this method."),
    };

    private JsonObject Show(InsightlyObject kind, Row row, bool isBrief) => InsightlyInstance.Show(kind, row, isBrief, field => instance.Sees(kind, field), InsightlyValues.Time);

    private InsightlyObject Kind(string name) => instance.Objects.FirstOrDefault(kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new InsightlyRefusal(404, $"The object {name} was not found.");

    private static Row Row(InsightlyObject kind, string id) => kind.Table.Get(id) ?? throw InsightlyRefusal.Gone();

    private static JsonObject Body(InsightlyCall call) => call.Body ?? throw InsightlyRefusal.Bad("The request is invalid.");

    private InsightlyReply List(string name, InsightlyCall call, bool isSearch)
    {
        if (InsightlyObjects.NotThere.Contains(name))
            return Plan == "Enterprise" ? new(200, new JsonArray(), 0) : throw new InsightlyRefusal(404, $"The object {name} was not found.");
        if (InsightlyObjects.NotAllowed.Contains(name))
            return Plan == "Enterprise" ? new(200, new JsonArray(), 0) : throw new InsightlyRefusal(403, "user doesn't have access");
        var kind = Kind(name);
        if (!isSearch && (call.Query.ContainsKey("updated_after_utc") || call.Query.ContainsKey("field_name")))
            throw InsightlyRefusal.Bad("updated_after_utc and field_name are taken by Search only.");
        var (skip, top) = (Number(call, "skip", 0), Number(call, "top", 100));
        if (top > 500)
            throw InsightlyRefusal.Bad("top must be 500 or less.");
        var found = Matching(kind, call);
        var page = found.Skip(skip).Take(top).ToList();
        var isBrief = Is(call, "brief");
        var rows = new JsonArray([.. page.Select(row => Show(kind, row, isBrief))]);
        var total = Is(call, "count_total") ? found.Count() : (int?)null;
        if (page.Count == top && page.Count > 2 && call.Strikes("mutate-while-paging") is not null)
            Mutate(kind, page);
        return new(200, rows, total);
    }

    private static IEnumerable<Row> Matching(InsightlyObject kind, InsightlyCall call)
    {
        IEnumerable<Row> rows = kind.Table.Scattered;
        if (call.Query.GetValueOrDefault("field_name") is { } field)
        {
            var value = call.Query.GetValueOrDefault("field_value") ?? throw InsightlyRefusal.Bad("field_value is required.");
            if (field == kind.IdField)
                rows = kind.Table.Get(value) is { } row ? [row] : [];
            else
                rows = kind.Table.Field(field) is not null ? kind.Table.Find(field, value) : throw InsightlyRefusal.Bad($"The field {field} does not exist.");
        }

        if (call.Query.GetValueOrDefault("updated_after_utc") is not { } text)
            return rows;
        var after = InsightlyValues.Instant(text) ?? throw InsightlyRefusal.Bad("updated_after_utc is not a date.");
        return rows.Where(row => row.Modified > after);
    }

    private InsightlyReply Insert(InsightlyObject kind, InsightlyCall call)
    {
        Validate(call);
        var row = instance.Insert(kind, InsightlyValues.Read(instance, kind, Body(call)));
        counters.Created();
        return new(201, Show(kind, row, isBrief: false));
    }

    private InsightlyReply Update(InsightlyObject kind, string id, InsightlyCall call)
    {
        Validate(call);
        var row = Row(kind, id);
        instance.Update(kind, row, InsightlyValues.Read(instance, kind, Body(call)));
        counters.Updated();
        return new(200, Show(kind, row, isBrief: false));
    }

    private InsightlyReply Delete(InsightlyObject kind, string id)
    {
        kind.Table.Remove(Row(kind, id));
        counters.Deleted();
        return new(202, null);
    }

    private InsightlyReply Convert(string id)
    {
        var kind = Kind("Leads");
        var row = Row(kind, id);
        instance.Convert(row);
        counters.Updated();
        return new(200, Show(kind, row, isBrief: false));
    }

    private static void Validate(InsightlyCall call)
    {
        if (call.Strikes("validation") is { } fault)
            throw new InsightlyRefusal(417, $"Validation rule failed: {fault.Field} is not valid.");
    }

    private JsonArray CustomFields(InsightlyObject kind) => new([.. kind.Table.Fields.Where(field => field.Custom && !instance.Dropped.Contains((kind.Name, field.Name))).Select((field, at) => new JsonObject
    {
        ["FIELD_NAME"] = field.Name,
        ["FIELD_ORDER"] = at + 1,
        ["FIELD_LABEL"] = field.Label,
        ["FIELD_FOR"] = kind.FieldsFor,
        ["FIELD_TYPE"] = field.Kind switch
        {
            FieldKind.Boolean => "BIT",
            FieldKind.Date => "DATE",
            FieldKind.DateTime => "DATETIME",
            FieldKind.Number or FieldKind.Integer or FieldKind.Money => "NUMERIC",
            FieldKind.Choice => "DROPDOWN",
            FieldKind.Choices => "MULTISELECT",
            _ => "TEXT",
        },
        ["EDITABLE"] = !instance.Hidden.Contains((kind.Name, field.Name)),
        ["VISIBLE"] = !instance.Hidden.Contains((kind.Name, field.Name)),
        ["CUSTOM_FIELD_OPTIONS"] = new JsonArray([.. field.Options.Select((option, number) => new JsonObject { ["OPTION_ID"] = number + 1, ["OPTION_VALUE"] = option, ["OPTION_DEFAULT"] = false })]),
        ["DEFAULT_VALUE"] = null,
        ["JOIN_OBJECT"] = null,
    })]);

    // While a client pages, people go on working: of the page just given the first is deleted and the second edited, and a new one comes.
    private void Mutate(InsightlyObject kind, List<Row> page)
    {
        kind.Table.Remove(page[0]);
        instance.Update(kind, page[1], new Dictionary<string, object?>());
        instance.Insert(kind, kind.Table.Fields
            .Where(field => field.Kind is FieldKind.Text or FieldKind.Email or FieldKind.Phone && !field.Custom)
            .ToDictionary(field => field.Name, field => kind.Table.Value(page[1], field.Name)));
    }

    private static bool Is(InsightlyCall call, string name) => call.Query.GetValueOrDefault(name)?.Equals("true", StringComparison.OrdinalIgnoreCase) == true;

    private static int Number(InsightlyCall call, string name, int otherwise) => call.Query.GetValueOrDefault(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw InsightlyRefusal.Bad($"{name} is not a number.");
}
