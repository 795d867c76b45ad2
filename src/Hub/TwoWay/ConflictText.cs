using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>Conflicts as people and programs read them.</summary>
internal static class ConflictText
{
    /// <summary>A value as text; nothing reads as (empty).</summary>
    public static string Of(Value value) => value.ToText() is { Length: > 0 } text ? text : "(empty)";

    /// <summary>The number by which it is named.</summary>
    public static string Number(ConflictView row) => FormattableString.Invariant($"{row.Id}");

    /// <summary>What stands, and by whose word.</summary>
    public static string Stands(ConflictView row) => row.Winner switch
    {
        "hub" => $"the hub's, by {row.DecidedBy}",
        "source" => $"{row.Connection}'s, by {row.DecidedBy}",
        _ => $"both agree, {row.DecidedBy}",
    };

    /// <summary>As programs read it.</summary>
    public static ConflictDocument ToJson(HubView view, ConflictView row) => new(
        row.Id,
        row.State,
        row.Pipeline,
        view.Id(row.Entity, row.MasterId),
        row.Record,
        row.Field,
        row.BaseValue.ToText(),
        row.OursValue.ToText(),
        row.TheirsValue.ToText(),
        Time(row.OursAt),
        Time(row.TheirsAt),
        row.Policy,
        row.Winner,
        row.RunId,
        Time(row.At),
        Time(row.DecidedAt),
        row.DecidedBy,
        row.Note);

    /// <summary>An instant of the store.</summary>
    public static DateTimeOffset? Time(long? at) => at is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}

/// <summary>A field that was edited at a destination while the hub says otherwise.</summary>
internal sealed record ConflictDocument(
    long Id,
    string State,
    string Pipeline,
    string Master,
    string Record,
    string Field,
    string? Agreed,
    string? Hub,
    string? Source,
    DateTimeOffset? HubChangedAt,
    DateTimeOffset? SourceChangedAt,
    string Policy,
    string? Winner,
    long Run,
    DateTimeOffset? At,
    DateTimeOffset? DecidedAt,
    string? DecidedBy,
    string? Note);
