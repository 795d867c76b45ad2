using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>A field of an object of Fxiaoke.</summary>
/// <param name="Name">Its API name.</param>
/// <param name="Type">Fxiaoke's word for its type.</param>
internal sealed record FxiaokeField(string Name, string Type)
{
    public string? Label { get; init; }

    public bool Required { get; init; }

    public bool Writable { get; init; } = true;

    public bool Readable { get; init; } = true;

    public int? MaxLength { get; init; }

    /// <summary>The values of a choice with their labels, in order.</summary>
    public IReadOnlyList<(string Value, string Label)> Options { get; init; } = [];

    public StreamField Describe() => new(Name, FxiaokeValues.KindOf(this))
    {
        Label = Label,
        NativeType = Type,
        // A record that names neither gets both from the push.
        Required = Required && Name is not (FxiaokeObject.Owner or FxiaokeObject.RecordType),
        Writable = Writable,
        Readable = Readable,
        MaxLength = MaxLength,
        Choices = [.. Options.Select(option => option.Value)],
    };
}

/// <summary>An object of Fxiaoke with its fields.</summary>
/// <param name="Name">Its API name.</param>
/// <param name="Label">What Fxiaoke calls it on its screens.</param>
/// <param name="Fields">Its fields by name.</param>
internal sealed record FxiaokeObject(string Name, string? Label, IReadOnlyDictionary<string, FxiaokeField> Fields)
{
    public const string Id = "_id";
    public const string Modified = "last_modified_time";
    public const string LifeStatus = "life_status";
    public const string IsDeleted = "is_deleted";
    public const string Owner = "owner";
    public const string RecordType = "record_type";

    // What Fxiaoke makes of a field for people to read; goes with the field, and is never written.
    private static readonly string[] s_derived = ["__r", "__l", "__o", "__v", "__p", "__e", "__relation_ids"];

    // Fxiaoke's own; and what has requests of its own.
    private static readonly HashSet<string> s_closed = new(StringComparer.Ordinal)
    {
        Id, Modified, LifeStatus, IsDeleted, "create_time", "created_by", "last_modified_by", "life_status_before_invalid", "lock_status", "lock_user", "lock_rule", "version", "tenant_id",
        "object_describe_api_name", "object_describe_id", "owner_department", "package", "relevant_team", "extend_obj_data_id", "searchAfterId", "total_num",
    };

    private static readonly string[] s_computed = ["formula", "count", "quote", "auto_number", "group"];

    /// <summary>Whether the company made it: those have requests of their own.</summary>
    public static bool IsCustom(string name) => name.EndsWith("__c", StringComparison.Ordinal);

    /// <summary>Reads the description of an object.</summary>
    /// <exception cref="ConnectorException">It is none.</exception>
    public static FxiaokeObject Read(string name, JsonElement answer)
    {
        if (Member(Member(answer, "data"), "describe") is not { ValueKind: JsonValueKind.Object } describe || Member(describe, "fields") is not { ValueKind: JsonValueKind.Object } described)
            throw Unreadable(name);
        var fields = new Dictionary<string, FxiaokeField>(StringComparer.Ordinal);
        foreach (var field in described.EnumerateObject())
            fields[field.Name] = Text(field.Value, "type") is null ? throw Unreadable(name) : Field(field.Name, field.Value);

        // Every record has these, whether they are described or not.
        foreach (var (always, type) in new[] { (Id, "text"), (Modified, "date_time"), ("create_time", "date_time"), (LifeStatus, "select_one"), (IsDeleted, "true_or_false"), ("name", "text") })
            fields.TryAdd(always, new(always, type) { Writable = !s_closed.Contains(always) });
        return new(name, Text(describe, "display_name") ?? Text(describe, "label"), fields);
    }

    /// <summary>The field that a name stands for; null when there is none.</summary>
    public FxiaokeField? Find(string name) => Fields.GetValueOrDefault(Base(name) ?? name);

    /// <summary>The field from which Fxiaoke derived another one, or null.</summary>
    public string? Base(string name) =>
        Fields.ContainsKey(name) ? null : s_derived.Where(suffix => name.EndsWith(suffix, StringComparison.Ordinal)).Select(suffix => name[..^suffix.Length]).FirstOrDefault(Fields.ContainsKey);

    /// <summary>The field of a pipeline; one that gives no values stops the pipeline, before it could blank anything.</summary>
    public FxiaokeField RequireReadable(string name) => Find(name) switch
    {
        null => throw Unknown(name),
        { Readable: false } => throw new ConnectorException(FailureKind.Configuration, $"{Name} does not show the field '{name}' to the employee of `userId`.", "Give the employee the right to the field, or take it out of the pipeline.") { Code = "unreadable-field" },
        var field => field,
    };

    /// <summary>The field that a pipeline writes.</summary>
    public FxiaokeField RequireWritable(string name) => Fields.GetValueOrDefault(name) switch
    {
        null => throw Unknown(name),
        { Writable: false } => throw new ConnectorException(FailureKind.Configuration, $"{Name} does not let the field '{name}' be written: Fxiaoke computes it, or it is closed to the employee of `userId`.", "Take it out of the pipeline's map.") { Code = "unwritable-field" },
        var field => field,
    };

    public StreamDescription Describe() => new(Name, [.. Fields.Values.Select(field => field.Describe())])
    {
        Label = Label,
        KeyCandidates = [Id],
        CursorField = Modified,
        TimeZone = "UTC",
    };

    /// <summary>The object as its records show it: a field that none of them has, not even empty, is closed to the employee.</summary>
    /// <param name="sample">Some records with their empty fields.</param>
    public FxiaokeObject SeenIn(IReadOnlyList<JsonElement> sample) => sample.Count == 0
        ? this
        : this with { Fields = Fields.Values.Select(field => sample.Any(record => record.TryGetProperty(field.Name, out _)) ? field : field with { Readable = false, Writable = false }).ToDictionary(field => field.Name, StringComparer.Ordinal) };

    public static JsonElement Member(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : default;

    public static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    private static ConnectorException Unreadable(string name) =>
        new(FailureKind.Configuration, $"Fxiaoke's description of {name} cannot be read.", "Look at the object's fields in Fxiaoke's administration, and ask its support; other objects are not touched by this.") { Code = "bad-description" };

    private static FxiaokeField Field(string name, JsonElement json)
    {
        var type = Text(json, "type")!;
        return new(name, type)
        {
            Label = Text(json, "label"),
            Required = IsTrue("is_required"),
            Readable = Member(json, "is_readable").ValueKind != JsonValueKind.False && Member(json, "is_active").ValueKind != JsonValueKind.False,
            Writable = !s_closed.Contains(name) && !s_computed.Contains(type) && !IsTrue("is_readonly"),
            MaxLength = Member(json, "max_length") is { ValueKind: JsonValueKind.Number } length && length.TryGetInt32(out var most) ? most : null,
            Options = Member(json, "options") is { ValueKind: JsonValueKind.Array } options
                ? [.. options.EnumerateArray().Where(option => Member(option, "value").ValueKind is JsonValueKind.String or JsonValueKind.Number).Select(option => (Member(option, "value").ToString(), Text(option, "label") ?? ""))]
                : [],
        };

        bool IsTrue(string flag) => Member(json, flag).ValueKind == JsonValueKind.True;
    }

    private ConnectorException Unknown(string name)
    {
        var near = Fields.Values.Where(field => field.Label == name || field.Name.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(field.Name, StringComparison.OrdinalIgnoreCase)).Take(3).Select(field => field.Name).ToList();
        return new(
            FailureKind.Configuration,
            $"{Name} has no field '{name}'.{(near.Count == 0 ? "" : $" Do you mean {string.Join(" or ", near)}?")}",
            $"Correct the name in the pipeline: fields go by their API names, which `hub discover` lists. A field of your own is made in Fxiaoke's administration of {Label ?? Name}.") { Code = "unknown-field" };
    }
}
