using System.Text.Json;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Triggers;

/// <summary>A request as the store keeps it.</summary>
internal sealed record RunRequestRow
{
    /// <summary>All columns but the report.</summary>
    public const string Columns = "r.id, r.pipelines, r.cause, r.asked_by, r.due_at, r.created_at, r.state, r.ignore_limits, r.rehearsal, r.attempts, r.fence, r.node, r.lease_until, r.started_at, r.run_id, r.ended_at, r.cancelled_by, r.note";

    public long Id { get; init; }

    public string Pipelines { get; init; } = "";

    public string Cause { get; init; } = "";

    public string AskedBy { get; init; } = "";

    public long DueAt { get; init; }

    public long CreatedAt { get; init; }

    public string State { get; init; } = "";

    public long IgnoreLimits { get; init; }

    public long Rehearsal { get; init; }

    public long Attempts { get; init; }

    public long Fence { get; init; }

    public string? Node { get; init; }

    public long? LeaseUntil { get; init; }

    public long? StartedAt { get; init; }

    public long? RunId { get; init; }

    public long? EndedAt { get; init; }

    public string? CancelledBy { get; init; }

    public string? Note { get; init; }

    public string? Report { get; init; }

    /// <summary>Names of pipelines as one text: names of files have no line ends.</summary>
    public static string Join(IEnumerable<string> pipelines) => string.Join('\n', pipelines.Distinct(StringComparer.Ordinal));

    /// <summary>The names in a text.</summary>
    public static IReadOnlyList<string> Split(string pipelines) => pipelines.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A word as the store keeps it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>The request.</summary>
    public RunRequest ToRequest() => new()
    {
        Id = Id,
        Pipelines = Split(Pipelines),
        Cause = Enum.Parse<RunCause>(Cause, ignoreCase: true),
        By = AskedBy,
        DueAt = At(DueAt),
        CreatedAt = At(CreatedAt),
        State = Enum.Parse<RequestState>(State, ignoreCase: true),
        IgnoreLimits = IgnoreLimits != 0,
        Rehearsal = Rehearsal != 0,
        Attempts = Attempts,
        Fence = Fence,
        Node = Node,
        StartedAt = At(StartedAt),
        RunId = RunId,
        EndedAt = At(EndedAt),
        CancelledBy = CancelledBy,
        Note = Note,
        Report = Report is null ? null : JsonSerializer.Deserialize<RunReport>(Report, RunReport.Json),
    };

    private static DateTimeOffset At(long instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant);

    private static DateTimeOffset? At(long? instant) => instant is { } at ? At(at) : null;
}
