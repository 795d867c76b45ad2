using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>A field of a module, as Zoho describes it.</summary>
/// <param name="Name">Its API name.</param>
/// <param name="Type">Zoho's data type.</param>
internal sealed record ZohoField(string Name, string Type)
{
    public const string Id = "id";
    public const string Modified = "Modified_Time";

    public string? Label { get; init; }

    public int? Length { get; init; }

    public bool Required { get; init; }

    public bool Unique { get; init; }

    public bool Creatable { get; init; } = true;

    public bool Updatable { get; init; } = true;

    public bool Readable { get; init; } = true;

    public bool IsList { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>For a lookup: the module that it points to.</summary>
    public string? Target { get; init; }

    public bool IsReference => Type is "lookup" or "ownerlookup" or "userlookup";

    public bool IsNumber => Type is "integer" or "bigint" or "double" or "currency" or "percent" or "decimal" or "long";

    public bool IsTags => Name == "Tag";

    /// <summary>Whether it comes alike from lists, queries and bulk jobs. Others come whole from lists only.</summary>
    public bool IsPlain => !IsList && !IsReference && !IsTags && !Name.StartsWith('$')
        && Type is not ("subform" or "profileimage" or "fileupload" or "imageupload" or "multiselectlookup" or "multiuserlookup" or "multi_module_lookup" or "consent_lookup" or "rich_text");

    /// <summary>What discovery shows.</summary>
    public StreamFieldType Kind => Type switch
    {
        _ when IsList || IsTags || Type is "multiselectpicklist" or "subform" => StreamFieldType.List,
        _ when IsReference => StreamFieldType.Object,
        _ when IsNumber => StreamFieldType.Number,
        "boolean" => StreamFieldType.Boolean,
        "date" => StreamFieldType.Date,
        "datetime" => StreamFieldType.Instant,
        _ => StreamFieldType.Text,
    };

    public StreamField Described => new(Name, Kind)
    {
        Label = Label,
        NativeType = Type,
        MaxLength = Kind == StreamFieldType.Text ? Length : null,
        Required = Required,
        Unique = Unique || Name == Id,
        Readable = Readable,
        Writable = Creatable || Updatable,
        Choices = Choices,
    };

    /// <summary>The id of a record: Zoho does not list it among the fields.</summary>
    public static ZohoField OfId { get; } = new(Id, "id") { Label = "Record Id", Unique = true, Creatable = false, Updatable = false };

    /// <summary>Reads an element of <c>fields</c>.</summary>
    public static ZohoField? Of(JsonElement field)
    {
        if (field.TextOf("api_name") is not { Length: > 0 } name)
            return null;
        var readOnly = field.IsTrue("read_only") || field.IsTrue("field_read_only");
        var may = field.TryGetProperty("operation_type", out var operations) && operations.ValueKind == JsonValueKind.Object ? operations : default;
        return new(name, field.TextOf("data_type") ?? "text")
        {
            Label = field.TextOf("field_label") ?? field.TextOf("display_label"),
            Length = int.TryParse(field.TextOf("length"), out var length) && length > 0 ? length : null,
            Required = field.IsTrue("system_mandatory") || field.IsTrue("required"),
            Unique = field.TryGetProperty("unique", out var unique) && (unique.ValueKind == JsonValueKind.True || (unique.ValueKind == JsonValueKind.Object && unique.EnumerateObject().Any())),
            Creatable = !readOnly && (may.ValueKind == JsonValueKind.Undefined || may.IsTrue("api_create")),
            Updatable = !readOnly && (may.ValueKind == JsonValueKind.Undefined || may.IsTrue("api_update")),
            Readable = !(field.TryGetProperty("visible", out var visible) && visible.ValueKind == JsonValueKind.False),
            IsList = field.TextOf("json_type") == "jsonarray",
            Choices = [.. field.ListOf("pick_list_values").Select(choice => choice.TextOf("actual_value") ?? choice.TextOf("display_value") ?? "").Where(choice => choice is not ("" or "-None-"))],
            Target = field.TryGetProperty("lookup", out var lookup) && lookup.ValueKind == JsonValueKind.Object && lookup.TryGetProperty("module", out var module) ? module.TextOf("api_name") : null,
        };
    }
}

/// <summary>A module with its fields.</summary>
/// <param name="Name">Its API name.</param>
/// <param name="Fields">Its fields, the id first.</param>
internal sealed record ZohoModule(string Name, IReadOnlyList<ZohoField> Fields)
{
    public ZohoField? Find(string field) => Fields.FirstOrDefault(one => one.Name == field);
}
