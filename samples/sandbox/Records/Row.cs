namespace Crm.Integration.Sandbox.Records;

/// <summary>A record. Its values are read and written through its <see cref="Table"/>.</summary>
internal sealed class Row(string id, DateTimeOffset created, string createdBy)
{
    public string Id { get; } = id;
    public DateTimeOffset Created { get; } = created;
    public string CreatedBy { get; } = createdBy;
    public DateTimeOffset Modified { get; set; } = created;
    public string ModifiedBy { get; set; } = createdBy;

    /// <summary>Counts the changes; the times of two changes may be the same.</summary>
    public int Version { get; set; } = 1;

    /// <summary>The number of the seeded record that this still is, as long as nobody has changed it.</summary>
    public int Seed { get; init; } = -1;

    /// <summary>The values by the ordinal of their field: string, decimal, bool, DateOnly, DateTimeOffset or string[]; null while it is as seeded.</summary>
    public object?[]? Values { get; set; }
}
