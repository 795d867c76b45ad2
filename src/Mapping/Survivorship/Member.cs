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
    internal bool IsSteward => string.Equals(Connection, Survivor.Steward, StringComparison.Ordinal);
}
