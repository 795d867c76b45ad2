using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Survivorship;

/// <summary>A source record as survivorship sees it.</summary>
/// <param name="RecordId">The store's number of the record; the last tie-break.</param>
/// <param name="Connection">Its connection; <c>steward</c> for corrections by hand, which win over all.</param>
/// <param name="SourceId">Its id at the source.</param>
/// <param name="ModifiedAt">When the source says it was last changed, or null where the source does not say.</param>
/// <param name="Record">The mapped record.</param>
public sealed record Member(long RecordId, string Connection, string SourceId, DateTimeOffset? ModifiedAt, EntityRecord Record)
{
    /// <summary>When its fields were last changed at the source, where that is known field by field.</summary>
    public FieldTimes? Times { get; init; }

    /// <summary>For a steward's record: it says that values are right when sources have them, and offers none itself.</summary>
    public bool Vouches { get; init; }

    /// <summary>
    /// The fields in which a conflict was decided for this record, and when: until another one has news, it is to be believed. Null for none.
    /// </summary>
    public IReadOnlyDictionary<string, DateTimeOffset>? Decided { get; init; }

    /// <summary>When the source last changed a field; of the whole record where no more is known.</summary>
    /// <param name="path">The field.</param>
    public DateTimeOffset? ChangedAt(string path) => Times is null ? ModifiedAt : Times.At(path);

    /// <summary>Whether it offers values by a steward's word.</summary>
    internal bool IsSteward => string.Equals(Connection, Survivor.Steward, StringComparison.Ordinal);
}
