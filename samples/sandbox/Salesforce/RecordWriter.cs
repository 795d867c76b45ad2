using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Saves records: one writer a call. Every member is called under the gate, and throws what is wrong with the record.</summary>
internal sealed class RecordWriter(Vendor vendor, Org org, HttpContext context, RowFaults? faults = null)
{
    private readonly RowFaults _faults = faults ?? new RowFaults(vendor, context);
    private readonly HashSet<(SField Key, string Value)> _claimed = [];
    private bool _rehearsal;

    public Visibility Visibility { get; } = new(vendor.Faults);

    /// <summary>Starts anew over the same records: a rehearsal finds all that is wrong and writes nothing.</summary>
    public void Begin(bool rehearsal)
    {
        _rehearsal = rehearsal;
        _claimed.Clear();
        _faults.Restart();
    }

    /// <summary>Notes that this call names a record by this key; false when it did before.</summary>
    public bool Claim(SField key, string value) => _claimed.Add((key, value.Trim().ToUpperInvariant()));

    public SObject Create(SObjectType type, Draft draft)
    {
        Allow(type);
        Strike(draft, null);
        Require(type, draft, null);
        Check(type, null, draft);

        if (_rehearsal)
            return new SObject(org, type, serial: 0, seed: -1);

        var row = org.Add(type);
        Write(row, draft);
        vendor.Counters.Created();
        org.Touch(row, "created");
        return row;
    }

    public SObject Update(SObjectType type, string? id, Draft draft)
    {
        Allow(type);
        var row = Existing(type, id);
        Strike(draft, row.Id);
        if (row.Type.Find("IsConverted") is { } converted && row[converted] is true)
            throw new SalesforceError(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead");
        Require(type, draft, row);
        Check(type, row, draft);

        if (_rehearsal)
            return row;

        Write(row, draft);
        vendor.Counters.Updated();
        org.Touch(row, "updated");
        return row;
    }

    /// <summary>Creates or updates by the value of an external id; 300 when several records carry it.</summary>
    public (SObject Row, bool Created) Upsert(SObjectType type, SField key, string value, Draft draft)
    {
        var serials = type.Keys(key)!.Serials(value.Trim());
        if (serials.Count > 1)
            throw new AmbiguousKeyException([.. serials.Select(serial => type.Rows[serial]!)], new SaveError("DUPLICATE_EXTERNAL_ID", $"{key.Name}: more than one record found for external id field: [{string.Join(", ", serials.Select(type.IdOf))}]", key.Name));

        if (serials is [var one])
            return (Update(type, type.IdOf(one), draft), false);
        draft.Put(key, FieldInput.FromText(key, value), org);
        return (Create(type, draft), true);
    }

    public void Delete(SObjectType type, string? id)
    {
        Allow(type);
        var row = Existing(type, id);
        Strike(new Draft(type), row.Id);
        org.Delete(row);
        vendor.Counters.Deleted();
    }

    public Draft Read(SObjectType type, JsonObject record) => Draft.Read(type, record, org, Visibility);

    /// <summary>A unique value may be on one record only, whoever writes it.</summary>
    public static void CheckKeys(SObjectType type, SObject? row, Draft draft)
    {
        foreach (var (field, value) in draft.Values)
        {
            if (field.Unique && value is string key && type.Keys(field)!.Serials(key) is [var other, ..] && other != row?.Serial)
                throw new SalesforceError(400, "DUPLICATE_VALUE", $"duplicate value found: {field.Name} duplicates value on record with id: {type.IdOf(other)}", field.Name);
        }
    }

    private static void Allow(SObjectType type)
    {
        if (!type.Writable)
            throw new SalesforceError(403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id");
    }

    private static SObject Existing(SObjectType type, string? id)
    {
        if (string.IsNullOrEmpty(id))
            throw new SalesforceError(400, "MISSING_ARGUMENT", "Id not specified in an update call");
        if (!SalesforceId.LooksRight(id))
            throw new SalesforceError(400, "MALFORMED_ID", $"malformed id {id}", "Id");
        return type.Record(id) switch
        {
            { Deleted: null } row => row,
            null => throw new SalesforceError(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: " + id),
            _ => throw new SalesforceError(404, "ENTITY_IS_DELETED", "entity is deleted"),
        };
    }

    private void Strike(Draft draft, string? id)
    {
        if (_faults.Next(draft, id) is { } error)
            throw new SalesforceError(400, error);
    }

    private static void Require(SObjectType type, Draft draft, SObject? row)
    {
        var missing = type.Fields.Where(field => field.Required && draft[field] is null && (row is null || draft.Has(field.Name)) && field.Default is null).Select(field => field.Name).ToArray();
        if (missing.Length > 0)
            throw new SalesforceError(400, "REQUIRED_FIELD_MISSING", $"Required fields are missing: [{string.Join(", ", missing)}]", missing);
    }

    private void Check(SObjectType type, SObject? row, Draft draft)
    {
        CheckKeys(type, row, draft);
        if (DuplicateRule.Check(vendor, context, type, row, draft) is { } duplicate)
            throw new SalesforceError(400, duplicate);
    }

    private static void Write(SObject row, Draft draft)
    {
        foreach (var (field, value) in draft.Values)
            row.Set(field, value ?? (field.Type == "boolean" || field.Name == "OwnerId" ? field.Default : null));
    }
}

/// <summary>An external id that should name one record names several.</summary>
internal sealed class AmbiguousKeyException(IReadOnlyList<SObject> rows, SaveError error) : Exception(error.Message)
{
    public IReadOnlyList<SObject> Rows => rows;

    public SaveError Error => error;
}
