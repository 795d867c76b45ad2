namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>A record. Its values are those of the seed until somebody changes it: a million unchanged ones cost little more than their times.</summary>
internal sealed class SObject(Org org, SObjectType type, int serial, int seed)
{
    /// <summary>The values by the fields' slots; null while they are those of the seed.</summary>
    private object?[]? _values;

    public SObjectType Type => type;

    public int Serial => serial;

    public string Id => type.IdOf(serial);

    public DateTime Created { get; init; }

    /// <summary>SystemModstamp and LastModifiedDate; UTC, whole seconds.</summary>
    public DateTime Modified { get; set; }

    /// <summary>When it went to the recycle bin.</summary>
    public DateTime? Deleted { get; set; }

    /// <summary>The record into which it was merged.</summary>
    public int Master { get; set; }

    public string Url => $"/services/data/v{SalesforceVendor.Version}/sobjects/{type.Name}/{Id}";

    public object? this[SField field] => field.Computed is { } computed ? computed(this)
        : _values is not null ? _values[field.Slot]
        : seed < 0 ? field.Default
        : field.Seeded is { } seeded ? seeded(org.Plan, seed) : field.Default;

    public object? this[string field] => this[type[field]];

    /// <summary>Writes a value and keeps the index of external ids in step; nothing else.</summary>
    public void Set(SField field, object? value)
    {
        if (type.Keys(field) is { } keys)
        {
            if (this[field] is string before)
                keys.Remove(before, serial);
            if (value is string after)
                keys.Add(after, serial);
        }

        if (_values is null)
        {
            var values = new object?[type.Slots];
            foreach (var other in type.Fields)
            {
                if (other.Slot >= 0)
                    values[other.Slot] = this[other];
            }

            _values = values;
        }

        _values[field.Slot] = value;
    }

    /// <summary>A deleted record's keys are free for others; an undeleted one takes them back.</summary>
    public void Index(bool present)
    {
        foreach (var (field, keys) in type.AllKeys)
        {
            if (this[field] is not string value)
                continue;
            if (present)
                keys.Add(value, serial);
            else
                keys.Remove(value, serial);
        }
    }
}
