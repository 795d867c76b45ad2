using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Crm.Integration.Hub.Configuration.Settings;

/// <summary>How long the hub keeps what it remembers of its work. Golden records, source records and what people decided stay.</summary>
public sealed record RetentionSettings
{
    /// <summary>When it is done.</summary>
    [Description("When, each day, a running service clears away what is older: HH:mm in `defaults.timeZone`. `hub retention run` does it at once.")]
    public string At { get; init; } = "04:10";

    /// <summary>Details of runs.</summary>
    [Description("Days for which the hub knows what each run did, record by record: outcomes, findings, and the writes that `hub undo` takes back."), Range(1, 36500)]
    public int RunDetailDays { get; init; } = 90;

    /// <summary>Runs.</summary>
    [Description("Days for which runs and their reports are kept; never shorter than their details."), Range(1, 36500)]
    public int RunDays { get; init; } = 400;

    /// <summary>Change feed.</summary>
    [Description("Days for which the change feed is kept. What an outbound pipeline has not read yet stays, however old."), Range(0, 36500)]
    public int FeedDays { get; init; } = 30;

    /// <summary>Quarantine.</summary>
    [Description("Days for which rows that got out of the quarantine are remembered. Open and discarded ones stay."), Range(1, 36500)]
    public int QuarantineDays { get; init; } = 90;

    /// <summary>Inbox.</summary>
    [Description("Days for which webhook requests are kept after they were taken. For so long a request that is sent again is recognised, and can be replayed."), Range(1, 36500)]
    public int InboxDays { get; init; } = 14;

    /// <summary>Poison.</summary>
    [Description("Days for which webhook requests that could not be read are kept."), Range(1, 36500)]
    public int PoisonDays { get; init; } = 90;

    /// <summary>History.</summary>
    [Description("Days for which earlier versions of golden records are kept; null for ever. Golden records themselves stay."), Range(1, 36500)]
    public int? HistoryDays { get; init; }
}
