using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Contract;

/// <summary>Where to push.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="KeyField">The destination's field that identifies a record and carries <see cref="Write.Key"/>.</param>
/// <param name="Fields">Every field that the pipeline maps, in its order, the key field among them; no other is ever written.</param>
public sealed record PushRequest(string Stream, string KeyField, IReadOnlyList<string> Fields);

/// <summary>One write.</summary>
/// <param name="Id">Numbers the write within the push; its outcome carries it back.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Key">The value of the key field.</param>
/// <param name="Values">The whole record as it shall be, by the order of <see cref="PushRequest.Fields"/>; empty for a delete.</param>
/// <param name="Changed">Which of the fields differ from what was last sent; all of them for a create. Only these are written to a record that exists.</param>
public sealed record Write(long Id, WriteKind Kind, string Key, IReadOnlyList<Value> Values, IReadOnlyList<bool> Changed)
{
    /// <summary>The destination's own id of the record, where it is known.</summary>
    public string? ExternalId { get; init; }

    /// <summary>
    /// The version at which the hub last saw the record, where it did. A destination that can check it refuses to write over a later
    /// change and answers <see cref="WriteFault.ChangedMeanwhile"/>; what it means for a record that is gone, <see cref="WriteKind.Update"/> says.
    /// </summary>
    public string? ExpectedVersion { get; init; }
}

/// <summary>What to do with a record at the destination.</summary>
public enum WriteKind
{
    /// <summary>Make it; if a record with the key exists after all, update that one.</summary>
    Create,

    /// <summary>
    /// Change it; if it is gone, make it anew with all fields. But not where the write carries a <see cref="Write.ExpectedVersion"/>: the hub has seen that record, and
    /// its users may have removed it, or merged it into another one. The answer then is <see cref="WriteFault.NotFound"/>, and the hub reads what became of it first.
    /// </summary>
    Update,

    /// <summary>Remove it; one that is already gone is a success.</summary>
    Delete,
}

/// <summary>What became of a write.</summary>
/// <param name="Id">The write's number.</param>
/// <param name="Failure">Null when it is durable; else who must act.</param>
/// <param name="Message">For a failure: what the destination said, without personal data.</param>
public sealed record WriteOutcome(long Id, FailureKind? Failure = null, string? Message = null)
{
    /// <summary>The destination's own id of the record, where it has one.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The version or modified time that the destination answered, where it has one.</summary>
    public string? Version { get; init; }

    /// <summary>For a refused record: the field at fault, where the destination says so.</summary>
    public string? Field { get; init; }

    /// <summary>For a refused record: why, in terms that are the same for all systems.</summary>
    public WriteFault Fault { get; init; }

    /// <summary>The destination's own code of the failure, as its documentation names it.</summary>
    public string? Code { get; init; }

    /// <summary>Whether the write made a new record; null where the destination does not say.</summary>
    public bool? Created { get; init; }
}

/// <summary>Why a destination refused a record.</summary>
public enum WriteFault
{
    /// <summary>It did not, or for a reason of its own.</summary>
    None,

    /// <summary>Another record has the same unique value, or a duplicate rule stopped it.</summary>
    Duplicate,

    /// <summary>More than one record has the key.</summary>
    Ambiguous,

    /// <summary>Somebody else holds the record; tried again later.</summary>
    Locked,

    /// <summary>A validation rule of the system's owner stopped it.</summary>
    Validation,

    /// <summary>A required field is empty.</summary>
    RequiredMissing,

    /// <summary>A value is longer than the field.</summary>
    TooLong,

    /// <summary>A value is of the wrong type or form, or not one of the list.</summary>
    BadValue,

    /// <summary>A value refers to a record that does not exist.</summary>
    BadReference,

    /// <summary>The field does not exist, or may not be written.</summary>
    BadField,

    /// <summary>The record is gone.</summary>
    NotFound,

    /// <summary>The user of the connection lacks the right.</summary>
    Denied,

    /// <summary>The account's storage or record limit is reached.</summary>
    LimitReached,

    /// <summary>Somebody changed the record since the hub last saw it; nothing was written.</summary>
    ChangedMeanwhile,
}
