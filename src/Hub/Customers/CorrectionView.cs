using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Hub.Customers;

/// <summary>What a steward said, in words.</summary>
internal static class CorrectionView
{
    /// <summary>"corrected by anna on 2026-05-01 10:12:00, until 2026-12-31 23:59:59: asked him".</summary>
    public static string Words(CorrectionRow correction, TimeProvider clock) => Words(correction, clock, $" on {Hub.Cli.Words.Time(correction.At, clock)}");

    /// <summary>The same where the time stands beside it.</summary>
    public static string WordsWithoutTime(CorrectionRow correction, TimeProvider clock) => Words(correction, clock, "");

    private static string Words(CorrectionRow correction, TimeProvider clock, string at)
    {
        var until = correction.ExpiresAt is { } end ? $", until {Hub.Cli.Words.Time(end, clock)}" : "";
        return $"{(correction.Kind == "set" ? "corrected" : "verified")} by {Tables.Visible(correction.Who)}{at}{until}{(correction.Why is null ? "" : ": " + Tables.Visible(correction.Why))}";
    }

    /// <summary>How it ended, or null while it counts: "its time was over".</summary>
    public static string? Ended(CorrectionRow correction) => correction.State switch
    {
        "expired" => "its time was over",
        "retired" => "the source that it corrected had changed its value",
        "replaced" => "another one took its place",
        "removed" => "taken back",
        _ => null,
    };
}
