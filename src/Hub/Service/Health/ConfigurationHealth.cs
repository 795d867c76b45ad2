namespace Crm.Integration.Hub.Service.Health;

/// <summary>Whether the service goes by what stands in the hub folder. It works all the same when it does not, so that a slip of the pen stops nobody.</summary>
/// <param name="reload">What came of the last change.</param>
internal sealed class ConfigurationHealth(ReloadState reload) : IHealthPart
{
    /// <inheritdoc/>
    public string Name => "configuration";

    /// <inheritdoc/>
    public Task<HealthFinding> LookAsync(CancellationToken cancellationToken) => Task.FromResult(reload.Last switch
    {
        { Problems: [var first, ..] problems } => HealthFinding.Warn(
            $"the hub folder was changed and has {problems.Count} {(problems.Count == 1 ? "mistake" : "mistakes")}, the first: {first}; the service goes by what stood there before", "correct it; `hub validate` shows all of them"),
        { RestartNeeded: [_, ..] changed } => HealthFinding.Warn($"changed, and not in force yet: {string.Join(", ", changed)}", "start the service again when it suits"),
        _ => HealthFinding.Ok("what stands in the hub folder is in force"),
    });
}
