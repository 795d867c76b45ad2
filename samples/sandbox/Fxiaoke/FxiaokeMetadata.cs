using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>What the tenant tells of its objects and their fields.</summary>
internal static class FxiaokeMetadata
{
    public static JsonObject Objects(FxiaokeTenant tenant) => new()
    {
        ["objects"] = new JsonArray([.. tenant.Objects.Select(kind => new JsonObject
        {
            ["describeApiName"] = kind.ApiName,
            ["describeDisplayName"] = kind.Label,
            ["defineType"] = kind.IsCustom ? "custom" : "package",
            ["isActive"] = true,
        })]),
    };

    public static JsonObject Describe(FxiaokeTenant tenant, FxiaokeObject kind)
    {
        var fields = new JsonObject();
        foreach (var field in kind.Table.Fields.Where(field => !tenant.Dropped.Contains((kind.ApiName, field.Name))))
            fields[field.Name] = Field(field, FxiaokeValues.FieldType(field));
        fields["_id"] = Field(new Field("_id", FieldKind.Text) { Label = "_id", ReadOnly = true }, "text");
        fields["create_time"] = Field(new Field("create_time", FieldKind.DateTime) { Label = "创建时间", ReadOnly = true }, "date_time");
        fields["last_modified_time"] = Field(new Field("last_modified_time", FieldKind.DateTime) { Label = "最后修改时间", ReadOnly = true }, "date_time");
        fields["created_by"] = Field(new Field("created_by", FieldKind.User) { Label = "创建人", ReadOnly = true }, "employee");
        fields["last_modified_by"] = Field(new Field("last_modified_by", FieldKind.User) { Label = "最后修改人", ReadOnly = true }, "employee");
        return Described(kind, fields);
    }

    /// <summary>Metadata with which something is wrong.</summary>
    public static JsonObject Broken(FxiaokeObject kind) => Described(kind, new JsonObject { ["name"] = null, ["tel"] = 7, ["email"] = new JsonObject { ["type"] = new JsonArray() } });

    private static JsonObject Described(FxiaokeObject kind, JsonObject fields) => new()
    {
        ["describe"] = new JsonObject { ["api_name"] = kind.ApiName, ["display_name"] = kind.Label, ["define_type"] = kind.IsCustom ? "custom" : "package", ["is_active"] = true, ["fields"] = fields },
    };

    private static JsonObject Field(Field field, string type)
    {
        var shown = new JsonObject
        {
            ["api_name"] = field.Name,
            ["type"] = type,
            ["label"] = field.Label,
            ["is_required"] = field.Required,
            ["is_readonly"] = field.ReadOnly,
            ["is_active"] = true,
            ["define_type"] = field.Custom ? "custom" : field.ReadOnly ? "system" : "package",
        };
        if (field.Kind is FieldKind.Text or FieldKind.LongText)
            shown["max_length"] = field.Length;
        if (field.Kind is FieldKind.Number or FieldKind.Money)
            shown["decimal_places"] = 2;
        if (field.Target is not null)
            shown["target_api_name"] = field.Target;
        if (field.Options.Count > 0)
            shown["options"] = new JsonArray([.. field.Options.Select(option => new JsonObject { ["label"] = option.ToUpperInvariant(), ["value"] = option })]);
        return shown;
    }
}
