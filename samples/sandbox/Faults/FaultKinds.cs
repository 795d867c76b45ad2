namespace Crm.Integration.Sandbox.Faults;

/// <summary>The names of the faults.</summary>
internal static class FaultKinds
{
    /// <summary>What befalls a call on its way, whoever answers it.</summary>
    public static IReadOnlyList<string> Transport { get; } =
        ["status", "limit", "daily-limit", "reset", "slow", "drip", "truncate", "html", "bad-gzip", "lose-answer"];

    /// <summary>What the frame does for every vendor.</summary>
    public static IReadOnlyList<string> General { get; } =
        [.. Transport, "expire-token", "clock-skew", "late-commit", "drop-webhook"];

    /// <summary>What a vendor may be able to show.</summary>
    public static IReadOnlyList<string> Special { get; } =
        ["rotate-refresh", "partial", "lock", "duplicate-rule", "validation", "mutate-while-paging", "drop-field", "hide-field", "broken-object", "missing-scope", "bulk-fail"];
}
