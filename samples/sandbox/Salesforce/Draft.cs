using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>What a caller wants of one record: the fields written, as they would be stored.</summary>
internal sealed class Draft(SObjectType type)
{
    private readonly Dictionary<SField, object?> _values = [];

    public SObjectType Type => type;

    public IEnumerable<KeyValuePair<SField, object?>> Values => _values;

    public bool Has(string field) => _values.Keys.Any(written => written.Name.Equals(field, StringComparison.OrdinalIgnoreCase));

    public object? this[SField field] => _values.GetValueOrDefault(field);

    /// <summary>Reads a record's JSON; throws what is wrong with it. The members <c>attributes</c> and <c>Id</c> are the caller's business.</summary>
    public static Draft Read(SObjectType type, JsonObject record, Org org, Visibility visibility)
    {
        var draft = new Draft(type);
        foreach (var (name, node) in record)
        {
            if (name is "attributes" || name.Equals("Id", StringComparison.OrdinalIgnoreCase))
                continue;

            if (type.Find(name) is { } field && visibility.Sees(type, field))
                draft.Put(field, FieldInput.FromJson(Writable(field), node), org);
            else if (node is JsonObject key && type.Fields.FirstOrDefault(field => name.Equals(field.Relationship, StringComparison.OrdinalIgnoreCase)) is { } reference && visibility.Sees(type, reference))
                draft.Put(Writable(reference), ByKey(reference, key, org), org);
            else
                throw new SalesforceError(400, "INVALID_FIELD", $"No such column '{name}' on sobject of type {type.Name}", name);
        }

        return draft;
    }

    /// <summary>Writes a value; a reference must lead somewhere.</summary>
    public void Put(SField field, object? value, Org org)
    {
        if (field.Type == "reference" && value is string id)
        {
            if (!SalesforceId.LooksRight(id))
                throw new SalesforceError(400, "MALFORMED_ID", $"{field.Label}: id value of incorrect type: {id}", field.Name);
            var target = field.RefersTo.Select(type => type.Record(id)).FirstOrDefault(row => row is not null);
            if (target is not { Deleted: null })
                throw new SalesforceError(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field.Name);
            value = target.Id;
        }

        _values[field] = value;
    }

    public static SField Writable(SField field) => field.ReadOnly
        ? throw new SalesforceError(400, "INVALID_FIELD_FOR_INSERT_UPDATE", $"Unable to create/update fields: {field.Name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.", field.Name)
        : field;

    /// <summary>The record that a nested object names by an external id.</summary>
    public static string ByKey(SField reference, JsonObject key, Org org)
    {
        var type = (string?)key["attributes"]?["type"] is { } named
            ? reference.RefersTo.FirstOrDefault(type => type.Name.Equals(named, StringComparison.OrdinalIgnoreCase))
            : reference.RefersTo.Length == 1 ? reference.RefersTo[0] : null;
        var (name, value) = key.FirstOrDefault(member => member.Key != "attributes");
        if (type is null || name is null || type.Find(name) is not { ExternalId: true } field)
            throw new SalesforceError(400, "INVALID_FIELD", $"The relationship {reference.Relationship} needs the type in attributes and one external ID field.", reference.Name);

        var text = value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString() ?? "";
        return ByKey(type, field, text, reference.Name);
    }

    public static string ByKey(SObjectType type, SField field, string value, string reference) => type.Keys(field)!.Serials(value.Trim()) switch
    {
        [] => throw new SalesforceError(400, "INVALID_FIELD", $"Foreign key external ID: {value} not found for field {field.Name} in entity {type.Name}", reference),
        [var one] => type.IdOf(one),
        _ => throw new SalesforceError(400, "DUPLICATE_EXTERNAL_ID", $"Foreign key external ID: {value} matches more than one {type.Name}", reference),
    };
}
