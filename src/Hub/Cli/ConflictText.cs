using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Cli;

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

    /// <summary>For <c>--json</c>.</summary>
    public static object ToJson(HubView view, ConflictView row) => new
    {
        row.Id,
        row.State,
        row.Pipeline,
        master = view.Id(row.Entity, row.MasterId),
        row.Record,
        row.Field,
        agreed = row.BaseValue.ToText(),
        hub = row.OursValue.ToText(),
        source = row.TheirsValue.ToText(),
        hubChangedAt = Time(row.OursAt),
        sourceChangedAt = Time(row.TheirsAt),
        row.Policy,
        row.Winner,
        run = row.RunId,
        at = Time(row.At),
        decidedAt = Time(row.DecidedAt),
        row.DecidedBy,
        row.Note,
    };

    /// <summary>An instant of the store.</summary>
    public static DateTimeOffset? Time(long? at) => at is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
