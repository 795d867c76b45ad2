namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>An object of the organisation, with its fields and its records.</summary>
internal sealed class SObjectType(string name, string label, string prefix)
{
    private readonly Dictionary<string, SField> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SField> _fields = [];
    private readonly Dictionary<SField, KeyIndex> _keys = [];

    public string Name => name;

    public string Label => label;

    public string Prefix => prefix;

    public bool Custom => name.EndsWith("__c", StringComparison.Ordinal);

    /// <summary>Users are made in the set-up, not by the data API.</summary>
    public bool Writable { get; init; } = true;

    public IReadOnlyList<SField> Fields => _fields;

    /// <summary>How many values a record of this type keeps.</summary>
    public int Slots { get; private set; }

    /// <summary>All records that ever were, by serial number; serial 0 is nobody.</summary>
    public List<SObject?> Rows { get; } = [null];

    public SField this[string field] => _byName[field];

    public SField? Find(string field) => _byName.GetValueOrDefault(field);

    public KeyIndex? Keys(SField field) => _keys.GetValueOrDefault(field);

    public IEnumerable<KeyValuePair<SField, KeyIndex>> AllKeys => _keys;

    public void Add(params ReadOnlySpan<SField> fields)
    {
        foreach (var field in fields)
        {
            if (field.Computed is null)
                field.Slot = Slots++;
            if (field.ExternalId)
                _keys[field] = new KeyIndex();
            _fields.Add(field);
            _byName.Add(field.Name, field);
        }
    }

    public string IdOf(int serial) => SalesforceId.Of(prefix, serial);

    /// <summary>The record with this id, deleted ones too; null when there never was one.</summary>
    public SObject? Record(string? id) =>
        SalesforceId.TryParse(id, prefix, out var serial) && serial < Rows.Count ? Rows[serial] : null;

    public void Empty()
    {
        Rows.RemoveRange(1, Rows.Count - 1);
        Rows.TrimExcess();
        foreach (var keys in _keys.Values)
            keys.Clear();
    }
}
