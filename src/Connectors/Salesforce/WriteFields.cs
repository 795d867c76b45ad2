using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>The fields that a push writes, by the object's metadata, and writes as Salesforce takes them.</summary>
internal sealed class WriteFields
{
    private readonly PushRequest _request;
    private readonly IReadOnlyList<Column> _columns;

    private WriteFields(SalesforceObject target, PushRequest request, IReadOnlyList<Column> columns, SalesforceField key)
    {
        (Target, _request, _columns, Key) = (target, request, columns, key);
        RefersToItself = columns.Any(column => column.Reference?.ReferenceTo?.Contains(target.Name) == true || column.Field.ReferenceTo?.Contains(target.Name) == true);
    }

    /// <summary>Stands for a field that a write leaves alone.</summary>
    public static object Untouched { get; } = new();

    public SalesforceObject Target { get; }

    /// <summary>The external id field by which records are found.</summary>
    public SalesforceField Key { get; }

    /// <summary>Whether a record may have another one of the same push as its parent, which has to be there first.</summary>
    public bool RefersToItself { get; }

    /// <summary>The names of the columns in a file for the Bulk API.</summary>
    public IEnumerable<string> Names => _columns.Select(column => column.Path);

    /// <summary>Checks a push against the object's metadata.</summary>
    /// <exception cref="ConnectorException">The object cannot be written so.</exception>
    public static async ValueTask<WriteFields> OfAsync(SalesforceObject target, PushRequest request, Func<string, ValueTask<SalesforceObject>> describe)
    {
        if (!target.Createable && !target.Updateable)
            throw new ConnectorException(FailureKind.Configuration, $"The user of the connection may only read {target.Name}.", $"Give the user's profile or permission set the right to create and edit {target.Name}.") { Code = "INSUFFICIENT_ACCESS" };
        var key = target.Find(request.KeyField) ?? throw target.NoField(request.KeyField, "as `to.key` of the pipeline");
        if (!key.ExternalId)
        {
            throw new ConnectorException(
                FailureKind.Configuration,
                $"{target.Name}.{key.Name} is no external id, so that Salesforce cannot find records by it.",
                $"In Setup > Object Manager > {target.Name} > Fields make a text field of 40 characters, \"External ID\" and \"Unique\", such as Hub_Id__c, and name it in `to.key`.");
        }

        var columns = new List<Column>();
        foreach (var name in request.Fields)
            columns.Add(await ColumnAsync(target, name, describe));
        return new(target, request, columns, key);
    }

    /// <summary>The values of a write as Salesforce takes them, by the order of the push's fields.</summary>
    /// <param name="write">The write.</param>
    /// <param name="asNew">Whether the record is made: then every filled field goes along, else those that changed.</param>
    /// <param name="refusal">What does not fit; null when all does.</param>
    public object?[] Convert(Write write, bool asNew, out WriteOutcome? refusal)
    {
        refusal = null;
        var cells = new object?[_columns.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            var column = _columns[i];
            var isKey = column.Field == Key && column.Parent is null;
            var value = isKey ? Value.Text(write.Key) : i < write.Values.Count ? write.Values[i] : Value.Null;
            cells[i] = Untouched;
            if (asNew ? value.IsEmpty && !isKey : i >= write.Changed.Count || !write.Changed[i])
                continue;
            if (!FieldValues.TryWrite(column.Field, value, out var written, out var fault, out var why))
            {
                refusal = new(write.Id, FailureKind.Rejected, why) { Field = column.Path, Fault = fault, ExternalId = write.ExternalId };
                return cells;
            }

            cells[i] = written;
        }

        return cells;
    }

    /// <summary>Writes a record as JSON, one among many of a call; with neither id nor key one that is named by the call's address.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="cells">Its values.</param>
    /// <param name="id">Its id, for an update; null for an upsert.</param>
    /// <param name="key">The value of the key field, for an upsert; null otherwise.</param>
    public void WriteRecord(Utf8JsonWriter json, object?[] cells, string? id, string? key)
    {
        json.WriteStartObject();
        if (id is not null || key is not null)
        {
            json.WriteStartObject("attributes");
            json.WriteString("type", Target.Name);
            json.WriteEndObject();
        }

        if (id is not null)
            json.WriteString("id", id);
        if (key is not null)
            json.WriteString(Key.Name, key);
        for (var i = 0; i < cells.Length; i++)
        {
            var column = _columns[i];
            if (ReferenceEquals(cells[i], Untouched) || (key is not null && column.Field == Key && column.Parent is null))
                continue;
            if (column.Parent is null)
            {
                json.WritePropertyName(column.Field.Name);
                WriteCell(json, cells[i]);
            }
            else if (cells[i] is null)
            {
                // No parent: the reference itself is emptied.
                json.WriteNull(column.Reference!.Name);
            }
            else
            {
                json.WriteStartObject(column.Parent);
                json.WritePropertyName(column.Field.Name);
                WriteCell(json, cells[i]);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Whether a column is the key field.</summary>
    public bool IsKey(int index) => _columns[index].Parent is null && _columns[index].Field == Key;

    /// <summary>Whether a record can go in a file for the Bulk API: an emptied reference, very long texts and a text that means "empty" there cannot.</summary>
    public bool FitsBulk(object?[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if ((cells[i] is null && _columns[i].Parent is not null) || cells[i] is string { Length: > 32_000 } || cells[i] is BulkFile.Empty)
                return false;
        }

        return true;
    }

    private static async ValueTask<Column> ColumnAsync(SalesforceObject target, string name, Func<string, ValueTask<SalesforceObject>> describe)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && target.Relationship(name[..dot]) is { ReferenceTo: { Count: 1 } targets } reference)
        {
            var parent = await describe(targets[0]);
            var parentKey = parent.Find(name[(dot + 1)..]) ?? throw parent.NoField(name[(dot + 1)..], $"by the mapping, as {name}");
            if (!parentKey.ExternalId)
                throw new ConnectorException(FailureKind.Configuration, $"{name} cannot be written: {parent.Name}.{parentKey.Name} is no external id.", $"Map to {reference.Name} (Salesforce's own id), or to an external id of {parent.Name}.");
            return new(parentKey, reference.RelationshipName!, reference);
        }

        var field = target.Find(name) ?? throw target.NoField(name, "by the mapping");
        if (!field.Createable && !field.Updateable)
            throw new ConnectorException(FailureKind.Configuration, $"{target.Name}.{field.Name} cannot be written: Salesforce computes it, or the user of the connection has no right to edit it.", "Take it out of the mapping, or give the user's profile or permission set \"Edit Access\" to it.") { Code = "INVALID_FIELD_FOR_INSERT_UPDATE" };
        return new(field, null, null);
    }

    private static void WriteCell(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue((string)cell);
                break;
        }
    }

    /// <summary>A field of the object, or the external id of its parent.</summary>
    private sealed record Column(SalesforceField Field, string? Parent, SalesforceField? Reference)
    {
        public string Path { get; } = Parent is null ? Field.Name : $"{Parent}.{Field.Name}";
    }
}
