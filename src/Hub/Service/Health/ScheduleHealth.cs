using Quartz;

namespace Crm.Integration.Hub.Service.Health;

/// <summary>Whether schedules are seen to.</summary>
/// <param name="quartz">Makes the scheduler.</param>
internal sealed class ScheduleHealth(ISchedulerFactory quartz) : IHealthPart
{
    /// <inheritdoc/>
    public string Name => "schedules";

    /// <inheritdoc/>
    public async Task<HealthFinding> LookAsync(CancellationToken cancellationToken)
    {
        var scheduler = await quartz.GetScheduler(cancellationToken);
        return await scheduler.GetStatus(cancellationToken) == SchedulerStatus.Running
            ? HealthFinding.Ok("schedules are seen to")
            : HealthFinding.Bad("schedules are not seen to", "wait a few seconds after the start; if it stays so, the log says why");
    }
}
