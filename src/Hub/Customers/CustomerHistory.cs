namespace Crm.Integration.Hub.Customers;

/// <summary>How a golden record came about.</summary>
/// <param name="View">The store.</param>
/// <param name="Master">The master.</param>
/// <param name="Steps">Its versions, each with what it changed.</param>
/// <param name="Corrections">What stewards said of its values.</param>
/// <param name="Decisions">What people said of who its records are.</param>
/// <param name="Moves">The records that joined or left.</param>
internal sealed record CustomerHistory(
    HubView View,
    MasterRow Master,
    IReadOnlyList<(VersionRow Version, IReadOnlyList<(string Field, string? Before, string? After)> Changes)> Steps,
    IReadOnlyList<CorrectionRow> Corrections,
    IReadOnlyList<DecisionRow> Decisions,
    IReadOnlyList<MoveRow> Moves)
{
    /// <summary>Its id, as people write it.</summary>
    public string Id => View.Id(Master.Entity, Master.Id);

    /// <summary>Looks it up.</summary>
    public static CustomerHistory Of(HubView view, MasterRow master)
    {
        var versions = MasterHistory.Versions(view.Store, master.Id);
        return new CustomerHistory(
            view,
            master,
            [.. versions.Select((version, i) => (version, MasterHistory.Differences(i == 0 ? null : versions[i - 1], version)))],
            CorrectionQuery.All(view.Store, master.Id),
            MasterHistory.Decisions(view.Store, master.Id),
            MasterHistory.Moves(view.Store, master.Id));
    }

    /// <summary>The id of another master of its entity.</summary>
    public string? Name(long? number) => number is { } one ? View.Id(Master.Entity, one) : null;

    /// <summary>As programs read it.</summary>
    public HistoryDocument ToDocument() => new(
        Id,
        [.. Steps.Select(step => new HistoryVersion(step.Version.Version, Instant.Of(step.Version.ChangedAt), step.Version.ChangedRun, [.. step.Changes.Select(change => new HistoryChange(change.Field, change.Before, change.After))]))],
        [.. Corrections.Select(correction => new HistoryCorrection(correction.Id, correction.Field, correction.Kind, correction.Who, correction.Why, Instant.Of(correction.At), correction.State, Instant.Of(correction.EndedAt)))],
        [.. Decisions.Select(decision => new HistoryDecision(decision.Same, decision.Who, decision.Why, Instant.Of(decision.At), decision.Pairs))],
        [.. Moves.Select(move => new HistoryMove(move.Record, Name(move.FromMaster), Name(move.ToMaster), move.RunId, Instant.Of(move.At)))]);
}

/// <summary>How a golden record came about.</summary>
internal sealed record HistoryDocument(string Id, IReadOnlyList<HistoryVersion> Versions, IReadOnlyList<HistoryCorrection> Corrections, IReadOnlyList<HistoryDecision> Decisions, IReadOnlyList<HistoryMove> Moves);

/// <summary>A version of a golden record.</summary>
internal sealed record HistoryVersion(long Version, DateTimeOffset ChangedAt, long Run, IReadOnlyList<HistoryChange> Changes);

/// <summary>A field that a version changed.</summary>
internal sealed record HistoryChange(string Field, string? Before, string? After);

/// <summary>What a steward said of a value, and whether it still counts.</summary>
internal sealed record HistoryCorrection(long Id, string Field, string Kind, string Who, string? Why, DateTimeOffset At, string State, DateTimeOffset? EndedAt);

/// <summary>What a person said of who is who.</summary>
internal sealed record HistoryDecision(bool Same, string Who, string? Why, DateTimeOffset At, long Pairs);

/// <summary>A record that joined or left.</summary>
internal sealed record HistoryMove(string? Record, string? From, string? To, long Run, DateTimeOffset At);
