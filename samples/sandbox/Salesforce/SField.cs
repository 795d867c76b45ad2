using System.Runtime.CompilerServices;
using Crm.Integration.Sandbox.Seeding;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>A field of an object, as its metadata describes it.</summary>
internal sealed record SField(string Name, string Type)
{
    public string Label { get; init; } = Name;

    public int Length { get; init; }

    /// <summary>Must have a value on every record.</summary>
    public bool Required { get; init; }

    /// <summary>Nobody can write it; the system does.</summary>
    public bool ReadOnly { get; init; }

    public bool ExternalId { get; init; }

    public bool Unique { get; init; }

    public string[] Picks { get; init; } = [];

    /// <summary>Only the listed values may be written.</summary>
    public bool Restricted { get; init; }

    public SObjectType[] RefersTo { get; init; } = [];

    /// <summary>The name under which a query reaches the record referred to.</summary>
    public string? Relationship { get; init; }

    /// <summary>The compound field that it is a part of.</summary>
    public string? Compound { get; init; }

    /// <summary>What the field holds when nobody wrote it.</summary>
    public object? Default { get; init; }

    /// <summary>The value of a seeded record that nobody has changed yet, by its position.</summary>
    public Func<SeedPlan, int, object?>? Seeded { get; init; }

    /// <summary>The value of a field that is not stored but follows from the record.</summary>
    public Func<SObject, object?>? Computed { get; init; }

    /// <summary>Where a record keeps the value.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>A field is itself, however alike another object's may be.</summary>
    public bool Equals(SField? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    public bool Custom => Name.EndsWith("__c", StringComparison.Ordinal);

    public bool IsNumber => Type is "int" or "double" or "currency" or "percent";

    public bool IsLong => Type == "textarea" && Length > 255;

    /// <summary>Neither a long text nor a compound can stand in a condition or an order.</summary>
    public bool Filterable => !IsLong && Type != "address";
}
