using System.Text.Json;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>The fields that a pull asks for, and how their values become rows.</summary>
internal sealed class SelectList
{
    private readonly List<Column> _columns = [];
    private readonly List<(int Ordinal, IReadOnlyList<(int Ordinal, string Member)> Parts)> _compounds = [];
    private readonly Column? _cursor;
    private readonly Column? _version;
    private readonly Column? _isConverted;
    private readonly Column? _convertedContact;
    private readonly Column _key;
    private readonly Column _id;

    private SelectList(SalesforceObject target, string cursorField, string keyField)
    {
        Target = target;
        _id = Add(target.Find("Id") ?? throw target.NoField("Id", "to identify records"), null, null);
        _key = Add(target.Find(keyField) ?? throw target.NoField(keyField, "as the key of the pipeline"), null, null);
        if (target.Find("SystemModstamp") is { } version)
            _version = Add(version, null, null);
        if (cursorField.Length > 0)
            _cursor = Add(target.Find(cursorField) ?? throw target.NoField(cursorField, "as the cursor of the pipeline"), null, null);
        if (target.Name == "Lead" && target.Find("IsConverted") is { } converted && target.Find("ConvertedContactId") is { } contact)
            (_isConverted, _convertedContact) = (Add(converted, null, null), Add(contact, null, null));
    }

    /// <summary>The object.</summary>
    public SalesforceObject Target { get; }

    /// <summary>The names of the rows' values. Fixed: metadata says in front what there is.</summary>
    public Shape Shape { get; } = new() { IsFixed = true };

    /// <summary>The columns as a query writes them.</summary>
    public IReadOnlyList<Column> Columns => _columns;

    /// <summary>The fields that are asked for.</summary>
    /// <param name="target">The object.</param>
    /// <param name="fields">Fields and fields of parents (<c>Account.Name</c>); a parent alone stands for what identifies it. Null for all fields of the object itself.</param>
    /// <param name="cursorField">The cursor field; empty for none.</param>
    /// <param name="keyField">The key field.</param>
    /// <param name="describe">Describes a parent.</param>
    public static async ValueTask<SelectList> OfAsync(SalesforceObject target, IReadOnlyList<string>? fields, string cursorField, string keyField, Func<string, ValueTask<SalesforceObject>> describe)
    {
        var list = new SelectList(target, cursorField, keyField);
        foreach (var name in fields ?? [.. target.Fields.Where(field => !field.IsBlob).Select(field => field.Name)])
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            var root = dot < 0 ? name : name[..dot];
            if (target.Find(root) is { IsCompound: true } compound)
                list.AddCompound(compound);
            else if (target.Find(root) is { IsBlob: false } own)
                list.Add(own, null, null);
            else if (target.Relationship(root) is { } reference)
                await list.AddParentAsync(reference, dot < 0 ? null : name[(dot + 1)..], describe);
            else
                throw target.NoField(name, "by the mapping");
        }

        return list;
    }

    /// <summary>The row of a record that is gone, or of one that is merely there.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="key">The value of the pipeline's key field.</param>
    /// <param name="isGone">Whether it is gone.</param>
    /// <param name="aliasOf">Which record stands in its place.</param>
    public SourceRow KeyRow(string id, Value key, bool isGone, string? aliasOf)
    {
        var values = new Value[Math.Max(_id.Ordinal, _key.Ordinal) + 1];
        values[_id.Ordinal] = Value.Text(id);
        values[_key.Ordinal] = key;
        return new SourceRow(Shape, values) { IsDelete = isGone, IsSighting = !isGone, AliasOf = aliasOf };
    }

    /// <summary>The key field, as queries write it.</summary>
    public string KeyField => _key.Field.Name;

    /// <summary>The row of a record in JSON.</summary>
    public Reading Read(JsonElement record)
    {
        var values = NewRow();
        foreach (var column in _columns)
            Set(values, column, Member(record, column));
        return Finish(values);
    }

    /// <summary>Adds the values of a further part of a long list to a row.</summary>
    public void Complete(SourceRow row, JsonElement record, IEnumerable<Column> columns)
    {
        foreach (var column in columns)
            Set(row.Values, column, Member(record, column));
        PutTogether(row.Values);
    }

    /// <summary>The values of a row that is still empty.</summary>
    public Value[] NewRow() => new Value[Shape.Count];

    /// <summary>The columns in parts, each short enough for the address of a request; the first has what every part needs.</summary>
    public IReadOnlyList<IReadOnlyList<Column>> Parts(int longest)
    {
        var parts = new List<IReadOnlyList<Column>>();
        var part = new List<Column>();
        var length = 0;
        foreach (var column in _columns)
        {
            if (length > 0 && length + column.Path.Length + 1 > longest)
            {
                parts.Add(part);
                (part, length) = ([], 0);
            }

            part.Add(column);
            length += column.Path.Length + 1;
        }

        parts.Add(part);
        return parts;
    }

    /// <summary>Makes a row of values, once each column has its own.</summary>
    public Reading Finish(Value[] values)
    {
        PutTogether(values);
        var converted = _isConverted is not null && values[_isConverted.Ordinal].AsBoolean == true;
        var version = _version is null ? null : values[_version.Ordinal].AsInstant;
        var row = new SourceRow(Shape, values)
        {
            Version = version is { } at ? FieldValues.Text(at) : null,
            IsDelete = converted,
            AliasOf = converted ? values[_convertedContact!.Ordinal].AsText : null,
        };
        return new(row, values[_id.Ordinal].AsText ?? "", _cursor is null ? null : values[_cursor.Ordinal].AsInstant, values[_key.Ordinal]);
    }

    private void PutTogether(Value[] values)
    {
        foreach (var (ordinal, parts) in _compounds)
            values[ordinal] = CompoundValue.Of(values, parts);
    }

    /// <summary>Puts the value of a column where it belongs.</summary>
    public static void Set(Value[] values, Column column, Value value)
    {
        if (column.Member is null)
        {
            values[column.Ordinal] = value;
        }
        else if (!value.IsNull)
        {
            var members = values[column.Ordinal].AsObject as Dictionary<string, Value> ?? new(StringComparer.Ordinal);
            members[column.Member] = value;
            values[column.Ordinal] = Value.Object(members);
        }
    }

    private static Value Member(JsonElement record, Column column)
    {
        if (!record.TryGetProperty(column.Name, out var value))
            return Value.Null;
        if (column.Member is null)
            return FieldValues.Read(column.Field, value);
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(column.Member, out var member) ? FieldValues.Read(column.Field, member) : Value.Null;
    }

    private void AddCompound(SalesforceField compound)
    {
        var ordinal = Shape.Add(compound.Name);
        if (_compounds.Exists(each => each.Ordinal == ordinal))
            return;
        List<(int, string)> parts = [.. Target.PartsOf(compound).Select(part => (Add(part.Field, null, null).Ordinal, part.Member))];
        _compounds.Add((ordinal, parts));
    }

    private async ValueTask AddParentAsync(SalesforceField reference, string? member, Func<string, ValueTask<SalesforceObject>> describe)
    {
        var relation = reference.RelationshipName!;
        if (reference.ReferenceTo is not { Count: 1 } targets)
        {
            // Who owns or concerns a record may be of several kinds; what they share is told as text.
            foreach (var name in member is null ? ["Id", "Name"] : new[] { member })
                Add(new SalesforceField { Name = name }, relation, name);
            return;
        }

        var parent = await describe(targets[0]);
        if (member is not null)
        {
            var field = parent.Find(member) ?? throw parent.NoField(member, $"by the mapping, as {relation}.{member}");
            Add(field, relation, field.Name);
            return;
        }

        foreach (var field in parent.Fields.Where(field => field.Name == "Id" || field.NameField || field.ExternalId))
            Add(field, relation, field.Name);
    }

    private Column Add(SalesforceField field, string? relation, string? member)
    {
        var name = relation ?? field.Name;
        if (_columns.Find(column => column.Name == name && column.Member == member) is { } known)
            return known;
        var added = new Column(field, name, member, Shape.Add(name));
        _columns.Add(added);
        return added;
    }

    /// <summary>A column of the query.</summary>
    /// <param name="Field">What its values are.</param>
    /// <param name="Name">The field, or the relationship of a parent.</param>
    /// <param name="Member">The parent's field.</param>
    /// <param name="Ordinal">Its place in the row.</param>
    internal sealed record Column(SalesforceField Field, string Name, string? Member, int Ordinal)
    {
        /// <summary>As a query writes it.</summary>
        public string Path { get; } = Member is null ? Name : $"{Name}.{Member}";
    }

    /// <summary>A row with what orders it.</summary>
    internal readonly record struct Reading(SourceRow Row, string Id, DateTimeOffset? At, Value Key);
}
