namespace Crm.Integration.Sandbox.Salesforce.Soql;

/// <summary>A field of the queried object, or of one that it refers to, over one reference or several.</summary>
internal sealed class SoqlPath
{
    private readonly SField[] _over;
    private readonly Org _org;

    private SoqlPath(string written, Org org, SField[] over, SField field) 
    {
        (Written, _org, _over, Field) = (written, org, over, field);
        Steps = [.. over.Select(reference => reference.Relationship!), field.Name];
    }

    /// <summary>As the query spells it: bulk results head their columns so.</summary>
    public string Written { get; }

    public SField Field { get; }

    /// <summary>The names on the way, the last one being the field's; spelled as the metadata spells them.</summary>
    public IReadOnlyList<string> Steps { get; }

    public static SoqlPath Find(string path, SObjectType type, Org org, Visibility visibility)
    {
        var steps = path.Split('.');
        // The object's own name, or nothing, may stand before its fields.
        if (steps.Length > 1 && steps[0].Equals(type.Name, StringComparison.OrdinalIgnoreCase) && !type.Fields.Any(field => field.Relationship == steps[0]))
            steps = steps[1..];

        var over = new List<SField>();
        SObjectType[] at = [type];
        foreach (var step in steps[..^1])
        {
            var reference = at[0].Fields.FirstOrDefault(field => step.Equals(field.Relationship, StringComparison.OrdinalIgnoreCase) && visibility.Sees(at[0], field))
                ?? throw new SalesforceError(400, "INVALID_FIELD", $"Didn't understand relationship '{step}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.");
            over.Add(reference);
            at = reference.RefersTo;
        }

        var found = at.Select(type => type.Find(steps[^1]) is { } field && visibility.Sees(type, field) ? field : null).OfType<SField>().FirstOrDefault()
            ?? throw new SalesforceError(400, "INVALID_FIELD", $"\n{path}\n^\nERROR at Row:1:Column:1\nNo such column '{steps[^1]}' on entity '{at[0].Name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.");
        return new SoqlPath(path, org, [.. over], found);
    }

    /// <summary>The record one reference further; null where it is empty or its record deleted.</summary>
    public SObject? Step(SObject row, int step) =>
        row.Type.Find(_over[step].Name) is { } reference && _org.Record(row[reference] as string) is { Deleted: null } next ? next : null;

    public object? Read(SObject row)
    {
        if (_over.Length == 0)
            return row[Field];

        SObject? at = row;
        for (var i = 0; i < _over.Length && at is not null; i++)
            at = Step(at, i);
        return at?.Type.Find(Field.Name) is { } field ? at[field] : null;
    }
}
