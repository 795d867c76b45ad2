using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Undo;

/// <summary>A record at a destination that a run wrote, as far as the hub knows it now.</summary>
/// <param name="row">Its delivery.</param>
/// <param name="sent">What was last sent.</param>
/// <param name="known">Of a stream that is pulled as well: what is there.</param>
internal sealed class UndoneRecord(DeliveryRow row, Value[] sent, KnownRecords? known)
{
    /// <summary>Its delivery.</summary>
    public DeliveryRow Row => row;

    /// <summary>What was last sent.</summary>
    public Value[] Sent => sent;

    /// <summary>Whether the stream is pulled as well.</summary>
    public bool IsTwoWay => known is not null;

    /// <summary>The record there; null when it is gone, or when the stream is not pulled.</summary>
    public DestinationRecord? Target { get; } = row.ExternalId is { } id ? known?.RecordOf(id) : null;

    /// <summary>Whether it is there.</summary>
    public bool IsThere => row.State switch
    {
        "done" => !IsTwoWay || Target is not null,
        "failed" or "refused" => IsTwoWay ? Target is not null : sent.Any(value => !value.IsNull),
        _ => false,
    };

    /// <summary>Whether a field is as the hub wrote it.</summary>
    public bool Is(string field, List<string> fields, Value written) => IsTwoWay
        ? Target?.Counterpart is { } counterpart && counterpart.HasBase(field) && FieldValues.Same(counterpart.Sent![field], written) && !counterpart.WasEdited(field)
        : sent.Length > 0 && FieldValues.Same(sent[fields.IndexOf(field)], written);

    /// <summary>What a field is now.</summary>
    public Value Now(string field, int ordinal) => Target?.Counterpart is { } counterpart
        ? counterpart.HasBase(field) ? counterpart.Sent![field] : counterpart.Theirs(field)
        : ordinal < sent.Length ? sent[ordinal] : Value.Null;

    /// <summary>What becomes of its fields, where the stream is pulled as well.</summary>
    public TwoWayDelivery? TwoWay(FieldFate?[] fates) => IsTwoWay ? new TwoWayDelivery { Row = row, Target = Target, Fates = fates } : null;
}
