using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Service;

/// <summary>Which configuration the service goes by, and what keeps it from the newest.</summary>
internal sealed class ReloadState
{
    private volatile ReloadOutcome? _last;

    /// <summary>What came of the last change of the hub folder; null as long as there was none.</summary>
    public ReloadOutcome? Last
    {
        get => _last;
        set => _last = value;
    }
}

/// <summary>What came of a change of the hub folder.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Problems">All mistakes; where there are any, the service goes on with the configuration that it had.</param>
/// <param name="RestartNeeded">What was changed and takes effect only when the service is started again.</param>
internal sealed record ReloadOutcome(DateTimeOffset At, IReadOnlyList<ConfigurationProblem> Problems, IReadOnlyList<string> RestartNeeded);
