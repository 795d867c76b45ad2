namespace Crm.Integration.Hub.Quarantine;

/// <summary>A rejected row as programs read it.</summary>
internal sealed record QuarantineDocument(
    long Id,
    string Pipeline,
    string? SourceId,
    string Position,
    string Rule,
    string? Path,
    string Place,
    string Message,
    string Fix,
    string Payload,
    bool Readable,
    string State,
    long FirstRun,
    long LastRun,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    string? ClosedBy)
{
    /// <summary>An entry.</summary>
    public static QuarantineDocument Of(QuarantineEntry entry) => new(
        entry.Id, entry.Pipeline, entry.SourceId, entry.Position, entry.Rule, entry.Path, entry.Place, entry.Message, entry.Fix, entry.Payload, entry.Readable,
        entry.State, entry.FirstRun, entry.LastRun, Instant.Of(entry.OpenedAt), Instant.Of(entry.ClosedAt), entry.ClosedBy);
}
