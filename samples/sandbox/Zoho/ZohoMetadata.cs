using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>What the settings API tells of modules, fields, users and the organisation.</summary>
internal static class ZohoMetadata
{
    public static JsonObject Modules(ZohoOrganisation organisation)
    {
        var modules = new JsonArray();
        foreach (var module in organisation.Modules)
            modules.Add(Module(module.ApiName, module.IsCustom ? "CustomModule1" : module.ApiName, module.Singular, module.Id, module.IsCustom, isForApi: true));
        // Tabs that are no modules stand in the same list.
        modules.Add(Module("Home", "Home", "Home", ZohoIds.Of(2173), isCustom: false, isForApi: false));
        modules.Add(Module("Reports", "Reports", "Report", ZohoIds.Of(2199), isCustom: false, isForApi: false));
        return new JsonObject { ["modules"] = modules };
    }

    public static JsonObject Fields(ZohoOrganisation organisation, ZohoModule module)
    {
        var fields = new JsonArray { Field(module, new Field("id", FieldKind.Integer) { ReadOnly = true, Label = "Id" }, isHidden: false, "bigint", ZohoIds.Of(1)) };
        foreach (var field in module.Table.Fields.Where(field => organisation.Has(module, field)))
            fields.Add(Field(module, field, organisation.Hidden.Contains((module.ApiName, field.Name)), DataType(field), module.FieldId(field)));
        return new JsonObject { ["fields"] = fields };
    }

    public static JsonObject Organisation() => new()
    {
        ["org"] = new JsonArray(new JsonObject
        {
            ["id"] = ZohoIds.Of(1000),
            ["zgid"] = ZohoIds.Organisation,
            ["company_name"] = "Sandbox GmbH",
            ["time_zone"] = "Europe/Berlin",
            ["currency"] = "Euro - EUR",
            ["iso_code"] = "EUR",
            ["country_code"] = "DE",
        }),
    };

    public static JsonObject Users() => new()
    {
        ["users"] = new JsonArray([.. new[] { ZohoIds.Diaz, ZohoIds.Hub }.Select(id =>
        {
            var user = ZohoValues.User(id, withMail: true);
            return new JsonObject
            {
                ["id"] = id,
                ["full_name"] = user["name"]!.ToString(),
                ["email"] = user["email"]!.ToString(),
                ["status"] = "active",
                ["role"] = new JsonObject { ["name"] = "CEO", ["id"] = ZohoIds.Of(311) },
                ["profile"] = new JsonObject { ["name"] = "Administrator", ["id"] = ZohoIds.Of(411) },
            };
        })]),
        ["info"] = new JsonObject { ["per_page"] = 200, ["count"] = 2, ["page"] = 1, ["more_records"] = false },
    };

    public static string DataType(Field field) => field.Kind switch
    {
        FieldKind.LongText => "textarea",
        FieldKind.Email => "email",
        FieldKind.Phone => "phone",
        FieldKind.Url => "website",
        FieldKind.Integer => "integer",
        FieldKind.Number => "double",
        FieldKind.Money => "currency",
        FieldKind.Boolean => "boolean",
        FieldKind.Date => "date",
        FieldKind.DateTime => "datetime",
        FieldKind.Choice => "picklist",
        FieldKind.Choices => "multiselectpicklist",
        FieldKind.Reference => "lookup",
        FieldKind.User => "ownerlookup",
        _ => "text",
    };

    private static JsonObject Module(string apiName, string name, string singular, string id, bool isCustom, bool isForApi) => new()
    {
        ["id"] = id,
        ["api_name"] = apiName,
        ["module_name"] = name,
        ["singular_label"] = singular,
        ["plural_label"] = apiName,
        ["api_supported"] = isForApi,
        ["viewable"] = isForApi,
        ["creatable"] = isForApi,
        ["editable"] = isForApi,
        ["deletable"] = isForApi,
        ["generated_type"] = isCustom ? "custom" : "default",
        ["status"] = "visible",
        ["visible"] = true,
    };

    private static JsonObject Field(ZohoModule module, Field field, bool isHidden, string dataType, string id) => new()
    {
        ["id"] = id,
        ["api_name"] = field.Name,
        ["field_label"] = field.Label,
        ["data_type"] = dataType,
        ["json_type"] = dataType switch
        {
            "integer" => "integer",
            "double" or "currency" => "double",
            "boolean" => "boolean",
            "lookup" or "ownerlookup" => "jsonobject",
            "multiselectpicklist" => "jsonarray",
            _ => "string",
        },
        ["length"] = field.Length,
        ["decimal_place"] = dataType is "double" or "currency" ? 2 : null,
        ["pick_list_values"] = new JsonArray([.. field.Options.Select(option => new JsonObject { ["display_value"] = option, ["actual_value"] = option })]),
        ["system_mandatory"] = field.Required,
        ["unique"] = field.Unique ? new JsonObject { ["casesensitive"] = false } : new JsonObject(),
        ["external"] = null,
        ["custom_field"] = field.Custom,
        ["read_only"] = field.ReadOnly,
        ["field_read_only"] = field.ReadOnly,
        ["visible"] = !isHidden,
        ["operation_type"] = new JsonObject { ["api_create"] = !field.ReadOnly && !isHidden, ["api_update"] = !field.ReadOnly && !isHidden },
        ["lookup"] = field.Target is { } target ? new JsonObject { ["module"] = new JsonObject { ["api_name"] = target }, ["display_label"] = $"{module.Singular} {field.Label}" } : new JsonObject(),
        ["profiles"] = new JsonArray(new JsonObject { ["name"] = "Administrator", ["permission_type"] = isHidden ? "hidden" : field.ReadOnly ? "read_only" : "read_write" }),
    };
}
