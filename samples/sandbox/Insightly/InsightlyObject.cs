using Crm.Integration.Sandbox.Records;

namespace Crm.Integration.Sandbox.Insightly;

/// <summary>A kind of record.</summary>
internal sealed class InsightlyObject(string name, string idField, string fieldsFor, IReadOnlyList<Field> fields)
{
    public string Name { get; } = name;
    public string IdField { get; } = idField;

    /// <summary>What the metadata of custom fields call it.</summary>
    public string FieldsFor { get; } = fieldsFor;

    public Table Table { get; } = new(name, fields);

    /// <summary>Whether people made it up.</summary>
    public bool IsCustom => Name.EndsWith("__c", StringComparison.Ordinal);
}
