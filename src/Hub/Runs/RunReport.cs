using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Integration.Hub.Runs;

/// <summary>What a run did, or, for a rehearsal, would do. Everything a person is shown at the end comes from here.</summary>
internal sealed record RunReport
{
    /// <summary>How a report is written as JSON, in the store and by <c>--json</c>.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The run's number; 0 for a rehearsal.</summary>
    public required long RunId { get; init; }

    /// <summary>Whether nothing was kept: <c>hub plan</c>.</summary>
    public required bool Rehearsal { get; init; }

    /// <summary>The run whose writes it took back; null for any other run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Undoes { get; init; }

    /// <summary>The connection that it compared with the store; null for any other run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Verified { get; init; }

    /// <summary>How it ended.</summary>
    public required RunState State { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>A report a pipeline, in the order in which they ran.</summary>
    public required IReadOnlyList<PipelineReport> Pipelines { get; init; }

    /// <summary>How many masters each entity has now, by name, and of how many source records.</summary>
    public required IReadOnlyList<EntityTotals> Totals { get; init; }
}

/// <summary>How many masters an entity has.</summary>
internal sealed record EntityTotals(string Entity, long SourceRecords, long Masters, long OpenReviews, long OpenQuarantine);

/// <summary>How a run or a pipeline of it ended.</summary>
internal enum RunState
{
    /// <summary>Not yet.</summary>
    Running,

    /// <summary>To its end; rejects are part of that.</summary>
    Done,

    /// <summary>It failed; what was committed stays, the next run goes on from there.</summary>
    Failed,

    /// <summary>A limit stopped it and a person is asked.</summary>
    Stopped,

    /// <summary>The quota of a system is used up, or what is left is kept for people; what was done is saved, a later run goes on.</summary>
    Paused,

    /// <summary>A person cancelled it.</summary>
    Cancelled,

    /// <summary>Not begun, because an earlier pipeline failed or the run was cancelled.</summary>
    Skipped,
}

/// <summary>What one pipeline did.</summary>
internal sealed record PipelineReport
{
    /// <summary>The pipeline.</summary>
    public required string Name { get; init; }

    /// <summary>Its entity.</summary>
    public required string Entity { get; init; }

    /// <summary>"shop/customers.csv".</summary>
    public required string Endpoint { get; init; }

    /// <summary>Inbound or outbound.</summary>
    public required bool Inbound { get; init; }

    /// <summary>How it ended.</summary>
    public RunState State { get; set; } = RunState.Running;

    /// <summary>Why it did not end as it should, or null.</summary>
    public string? Problem { get; set; }

    /// <summary>What to do about the problem.</summary>
    public string? Fix { get; set; }

    /// <summary>For a pause: when it makes sense to go on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? PausedUntil { get; set; }

    /// <summary>What its work costs at a system that counts calls; null where nobody counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallForecast? Calls { get; set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; set; }

    /// <summary>The accounting. Inbound: of source rows. Outbound: of masters against the destination.</summary>
    public Counts Counts { get; set; }

    /// <summary>Of a two-way stream: how many rows were nothing but the hub's own writes coming back.</summary>
    public long Echoes { get; set; }

    /// <summary>Of a two-way stream: what became of fields that were edited at the destination while the hub says otherwise; null for none.</summary>
    public ConflictCounts? Conflicts { get; set; }

    /// <summary>Of a comparison: what the store and the system do not agree on; null for any other run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Drift? Drift { get; set; }

    /// <summary>Of a run that took webhooks: what became of them; null for any other run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookCounts? Webhooks { get; set; }

    /// <summary>Of a pull: how many records it brought that a webhook should have brought before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Recovered { get; set; }

    /// <summary>What matching made of it; null for outbound and keyed entities.</summary>
    public MatchCounts? Matching { get; set; }

    /// <summary>Why rows were rejected, values blanked or writes refused, most frequent first; at most 20.</summary>
    public IReadOnlyList<ReasonCount> Reasons { get; set; } = [];

    /// <summary>In a rehearsal of an outbound pipeline: the first writes.</summary>
    public IReadOnlyList<PlannedWrite> Writes { get; set; } = [];

    /// <summary>In a rehearsal of an inbound pipeline: the first masters that would merge or split.</summary>
    public IReadOnlyList<PlannedMove> Moves { get; set; } = [];

    /// <summary>In a rehearsal of an inbound pipeline: the first rows that would be rejected.</summary>
    public IReadOnlyList<PlannedReject> Rejects { get; set; } = [];

    /// <summary>What the user should hear about: an encoding guessed, keys that grew too common.</summary>
    public IReadOnlyList<string> Notes { get; set; } = [];
}

/// <summary>read = created + changed + unchanged + deleted + rejected + filtered, always.</summary>
/// <param name="Created">New at the hub, or made at the destination.</param>
/// <param name="Changed">Changed.</param>
/// <param name="Unchanged">Looked at and found the same.</param>
/// <param name="Deleted">Gone from the source, or removed at the destination.</param>
/// <param name="Rejected">In quarantine, or refused by the destination.</param>
/// <param name="Filtered">Not taken by <c>where</c>.</param>
internal readonly record struct Counts(long Created, long Changed, long Unchanged, long Deleted, long Rejected, long Filtered)
{
    /// <summary>Their sum: what was read, rows found to be gone included.</summary>
    public long Read => Created + Changed + Unchanged + Deleted + Rejected + Filtered;

    /// <summary>The sum of two.</summary>
    public static Counts operator +(Counts a, Counts b) => new(
        a.Created + b.Created, a.Changed + b.Changed, a.Unchanged + b.Unchanged, a.Deleted + b.Deleted, a.Rejected + b.Rejected, a.Filtered + b.Filtered);
}

/// <summary>Fields that were edited at a destination while the hub says otherwise.</summary>
/// <param name="Overruled">Written over with the hub's value, by policy or by a person's word.</param>
/// <param name="Yielded">Taken into the golden record.</param>
/// <param name="Open">Waiting for a person.</param>
/// <param name="Duplicates">Records that are at the destination more than once.</param>
internal sealed record ConflictCounts(long Overruled, long Yielded, long Open, long Duplicates);

/// <summary>What became of webhooks.</summary>
/// <param name="Messages">Taken: what they brought is landed.</param>
/// <param name="Poison">Put aside: they cannot be read.</param>
/// <param name="Stale">Rows that were older than what is stored; among the unchanged ones.</param>
internal sealed record WebhookCounts(long Messages, long Poison, long Stale);

/// <summary>What matching did.</summary>
/// <param name="NewMasters">Masters made for records that matched nobody.</param>
/// <param name="Linked">Records that joined a master that others had made.</param>
/// <param name="Merged">Masters that were found to be another one.</param>
/// <param name="Split">Masters made by taking records out of another one.</param>
/// <param name="Ended">Masters whose last record is gone.</param>
/// <param name="Reviews">Pairs that now wait for a person, because of this run.</param>
/// <param name="GoldenChanged">Golden records whose content changed (new ones not counted).</param>
internal readonly record struct MatchCounts(long NewMasters, long Linked, long Merged, long Split, long Ended, long Reviews, long GoldenChanged)
{
    /// <summary>The sum of two.</summary>
    public static MatchCounts operator +(MatchCounts a, MatchCounts b) => new(
        a.NewMasters + b.NewMasters, a.Linked + b.Linked, a.Merged + b.Merged, a.Split + b.Split, a.Ended + b.Ended, a.Reviews + b.Reviews, a.GoldenChanged + b.GoldenChanged);
}

/// <summary>How often something was found fault with.</summary>
/// <param name="What">"rejected", "blanked", "warned" or "refused".</param>
/// <param name="Rule">The rule or fault code.</param>
/// <param name="Path">The field, or null.</param>
/// <param name="Count">How often.</param>
/// <param name="Example">Where it was first seen, and the message.</param>
/// <param name="Fix">What to do.</param>
internal sealed record ReasonCount(string What, string Rule, string? Path, long Count, string Example, string? Fix);

/// <summary>A write that a run would make.</summary>
/// <param name="Kind">"create", "change" or "delete".</param>
/// <param name="MasterId">The master, as shown to people: C1042.</param>
/// <param name="Key">The destination's key.</param>
/// <param name="Fields">The fields it would write, with what was last sent.</param>
internal sealed record PlannedWrite(string Kind, string MasterId, string Key, IReadOnlyList<PlannedField> Fields);

/// <summary>A field that a run would write.</summary>
/// <param name="Field">The destination's field.</param>
/// <param name="Before">What was last sent, or null.</param>
/// <param name="After">What would be sent, or null.</param>
internal sealed record PlannedField(string Field, string? Before, string? After);

/// <summary>A source record that a run would move from one master to another.</summary>
/// <param name="Record">"crm/customers.csv/4711".</param>
/// <param name="From">The master it is with.</param>
/// <param name="To">The master it would be with, or null when it is gone.</param>
internal sealed record PlannedMove(string Record, string From, string? To);

/// <summary>A row that a run would reject.</summary>
/// <param name="Position">"customers.csv line 17".</param>
/// <param name="SourceId">Its source id, or null.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Path">The field, or null.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record PlannedReject(string Position, string? SourceId, string Rule, string? Path, string Message);

/// <summary>How far a run has come; reported a few times a second at most.</summary>
/// <param name="Pipeline">The pipeline at work.</param>
/// <param name="Phase">"pull", "match", "push" or "compare".</param>
/// <param name="Done">Records so far.</param>
/// <param name="Share">0 to 1, where known.</param>
internal sealed record RunProgress(string Pipeline, string Phase, long Done, double? Share);
