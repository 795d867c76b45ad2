using System.Globalization;

namespace Crm.Integration.Hub.Service.Health;

/// <summary>Whether there is room on the disk of the hub folder.</summary>
/// <param name="live">The configuration.</param>
internal sealed class DiskHealth(LiveConfiguration live) : IHealthPart
{
    /// <inheritdoc/>
    public string Name => "disk";

    /// <inheritdoc/>
    public Task<HealthFinding> LookAsync(CancellationToken cancellationToken) => Task.Run(Look, cancellationToken);

    private HealthFinding Look()
    {
        var least = live.Current.Settings.Service.Health.LeastFreeMegabytes * 1_000_000L;

        // What lies below the hub folder may be on a disk of its own.
        var folder = Path.Combine(live.Current.Folder, "data");
        var free = new DriveInfo(Directory.Exists(folder) ? folder : live.Current.Folder).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / 1e6:N0} MB are free");
        return free >= least
            ? HealthFinding.Ok(text)
            : HealthFinding.Bad($"{text}, and {least / 1_000_000:N0} MB are to be left (service.health.leastFreeMegabytes)", "free some space: runs and webhooks stop, and lose nothing, when the disk is full");
    }
}
