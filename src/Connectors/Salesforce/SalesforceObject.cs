using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>An object of the organisation, as its metadata describes it to the user of the connection.</summary>
internal sealed record SalesforceObject
{
    private readonly Dictionary<string, SalesforceField> _byName = new(StringComparer.OrdinalIgnoreCase);

    public string Name { get; init; } = "";

    public string? Label { get; init; }

    public bool Queryable { get; init; } = true;

    public bool Createable { get; init; }

    public bool Updateable { get; init; }

    public bool Deletable { get; init; }

    public bool Replicateable { get; init; }

    public bool Custom { get; init; }

    public bool DeprecatedAndHidden { get; init; }

    /// <summary>Set for the side tables of an object: history, sharing, feed, change events.</summary>
    public string? AssociateEntityType { get; init; }

    public IReadOnlyList<SalesforceField> Fields
    {
        get;
        init
        {
            field = value ?? [];
            foreach (var each in field)
                _byName.TryAdd(each.Name, each);
        }
    } = [];

    /// <summary>The field of a name, in any case; null when there is none that the user may see.</summary>
    public SalesforceField? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The reference whose parent goes by this name in queries: <c>Account</c> for <c>AccountId</c>.</summary>
    public SalesforceField? Relationship(string name) => Fields.FirstOrDefault(field => string.Equals(field.RelationshipName, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The field by which it is pulled incrementally; one that moves on every change first.</summary>
    public SalesforceField? CursorField => Find("SystemModstamp") ?? Find("LastModifiedDate") ?? Find("CreatedDate");

    /// <summary>The fields that an address or a location is made of, each with its name in there: <c>MailingPostalCode</c> is <c>postalCode</c>.</summary>
    public IEnumerable<(SalesforceField Field, string Member)> PartsOf(SalesforceField compound)
    {
        var prefix = compound.Name.EndsWith("Address", StringComparison.Ordinal) ? compound.Name[..^"Address".Length] : compound.Name.EndsWith("__c", StringComparison.Ordinal) ? compound.Name[..^1] : compound.Name;
        foreach (var field in Fields.Where(field => field.CompoundFieldName == compound.Name && field != compound))
        {
            var part = (field.Name.StartsWith(prefix, StringComparison.Ordinal) ? field.Name[prefix.Length..] : field.Name).Replace("__s", "", StringComparison.Ordinal);
            if (part.Length > 0)
                yield return (field, char.ToLowerInvariant(part[0]) + part[1..]);
        }
    }

    /// <summary>Whether deleted records stay for a while, marked as such.</summary>
    public bool KeepsDeleted => Find("IsDeleted") is not null;

    /// <summary>The message for a field that is not there, with the nearest that is.</summary>
    public ConnectorException NoField(string name, string forWhat)
    {
        var near = Fields.Select(field => field.Name).Where(each => each.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(each, StringComparison.OrdinalIgnoreCase) || Normal(each) == Normal(name)).Take(3).ToList();
        return new(
            FailureKind.Configuration,
            $"The object {Name} has no field '{name}' that the user of the connection may see; it is needed {forWhat}.{(near.Count > 0 ? $" It has {string.Join(", ", near)}." : "")}",
            $"`hub discover` lists the fields of {Name}. If the field exists in Salesforce, give the user's profile or permission set access to it (field-level security).") { Code = "INVALID_FIELD" };
    }

    private static string Normal(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant().TrimEnd('C');
}

/// <summary>A field of an object.</summary>
internal sealed record SalesforceField
{
    public string Name { get; init; } = "";

    public string Type
    {
        get;
        init => (field, Kind) = (value, KindOf(value));
    } = "string";

    public string? Label { get; init; }

    public int Length { get; init; }

    public bool Nillable { get; init; } = true;

    public bool DefaultedOnCreate { get; init; }

    public bool Createable { get; init; }

    public bool Updateable { get; init; }

    public bool ExternalId { get; init; }

    public bool IdLookup { get; init; }

    public bool Unique { get; init; }

    public bool NameField { get; init; }

    public bool Filterable { get; init; } = true;

    /// <summary>The address or location that it is a part of.</summary>
    public string? CompoundFieldName { get; init; }

    public string? RelationshipName { get; init; }

    public IReadOnlyList<string>? ReferenceTo { get; init; }

    public IReadOnlyList<PicklistEntry>? PicklistValues { get; init; }

    /// <summary>What its values become. Kept, since it is asked for each value of each record.</summary>
    [JsonIgnore]
    public StreamFieldType Kind { get; private init; } = StreamFieldType.Text;

    /// <summary>An address or a location: made of other fields, and not to be had by the Bulk API, so that it is put together here.</summary>
    [JsonIgnore]
    public bool IsCompound => Type is "address" or "location";

    /// <summary>A file's content: a call of its own for each record, so it is never pulled.</summary>
    [JsonIgnore]
    public bool IsBlob => Type == "base64";

    [JsonIgnore]
    public bool Required => !Nillable && !DefaultedOnCreate && Createable && Type != "boolean";

    private static StreamFieldType KindOf(string type) => type switch
    {
        "boolean" => StreamFieldType.Boolean,
        "int" or "long" or "double" or "currency" or "percent" => StreamFieldType.Number,
        "date" => StreamFieldType.Date,
        "datetime" => StreamFieldType.Instant,
        "multipicklist" => StreamFieldType.List,
        "address" or "location" => StreamFieldType.Object,
        _ => StreamFieldType.Text,
    };
}

/// <summary>A value of a picklist.</summary>
internal sealed record PicklistEntry
{
    public string Value { get; init; } = "";

    public bool Active { get; init; } = true;
}

/// <summary>The list of all objects.</summary>
internal sealed record ObjectList
{
    public IReadOnlyList<SalesforceObject> Sobjects { get; init; } = [];
}

/// <summary>How Salesforce's JSON is read.</summary>
internal static class SalesforceJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
