using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Hub.Customers;

/// <summary>What a steward said, in words.</summary>
internal static class CorrectionView
{
    /// <summary>"corrects email, by anna on 2026-05-01 until 2026-12-31: asked him".</summary>
    public static string Words(CorrectionRow correction, TimeProvider clock)
    {
        var what = $"{(correction.Kind == "set" ? "corrects" : "verifies")} {correction.Field}, by {Tables.Visible(correction.Who)}, {Hub.Cli.Words.Time(correction.At, clock)}";
        var until = correction.ExpiresAt is { } end ? $", until {Hub.Cli.Words.Time(end, clock)}" : "";
        return what + until + (correction.Why is null ? "" : ": " + Tables.Visible(correction.Why));
    }
}
