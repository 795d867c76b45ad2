using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Alerts;

/// <summary>What the store and the disk say: what waits too long, and what grows.</summary>
/// <param name="clock">The time.</param>
internal sealed class StoreConditions(TimeProvider clock)
{
    /// <summary>What is not as it should be.</summary>
    /// <param name="store">The master store.</param>
    /// <param name="service">Where the service keeps its own.</param>
    /// <param name="configuration">The configuration.</param>
    public IEnumerable<Condition> Look(MasterStore store, ServiceStore service, HubConfiguration configuration) =>
        [.. Quarantine(store, configuration), .. Waiting(service, configuration), .. Poison(service), .. Disk(configuration)];

    private static IEnumerable<Condition> Quarantine(MasterStore store, HubConfiguration configuration)
    {
        var limit = configuration.Settings.Service.Alerts.QuarantineRows;
        foreach (var (pipeline, rows) in limit == 0 ? [] : store.Query<(string, long)>(
            "select i.pipeline, count(*) from quarantine q join inbound i on i.id = q.inbound_id where q.state = 'open' group by i.pipeline order by i.pipeline"))
        {
            if (rows >= limit)
            {
                yield return new Condition(
                    $"quarantine:{pipeline}", AlertSeverity.Warning, $"many rows of {pipeline} wait in quarantine", FormattableString.Invariant($"{rows:N0} rows wait there, {limit:N0} or more are told of."),
                    $"`hub quarantine list --pipeline {pipeline}` shows why; after the source or the map was put right, `hub quarantine retry --pipeline {pipeline}`");
            }
        }
    }

    private IEnumerable<Condition> Waiting(ServiceStore service, HubConfiguration configuration)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var limit = (long)TimeSpan.FromMinutes(configuration.Settings.Service.Alerts.WaitMinutes).TotalMilliseconds;
        foreach (var (connection, stream, oldest) in service.Read(store => store.Query<(string, string, long)>(
            "select connection, stream, min(received_at) from inbox where state = 0 group by connection, stream order by connection, stream")))
        {
            if (now - oldest > limit)
            {
                yield return new Condition(
                    $"inbox:{connection}/{stream}", AlertSeverity.Error, $"webhooks of {connection}/{stream} are not taken", FormattableString.Invariant($"The oldest waits for {(now - oldest) / 60_000:N0} minutes."),
                    $"`hub inbox list --connection {connection}` shows them; the log says why they are not taken");
            }
        }

        if (service.Read(store => store.Scalar<long?>("select min(due_at) from run_request where state = 'waiting'")) is { } due && now - due > limit)
        {
            yield return new Condition(
                "requests", AlertSeverity.Warning, "runs wait for too long", FormattableString.Invariant($"The oldest was due {(now - due) / 60_000:N0} minutes ago."),
                "`hub runs` shows what is at work; if that is as it should be, raise service.parallelRuns or spread the schedules");
        }
    }

    private static IEnumerable<Condition> Poison(ServiceStore service)
    {
        foreach (var (connection, messages) in service.Read(store => store.Query<(string, long)>("select connection, count(*) from inbox where state = 2 group by connection order by connection")))
        {
            yield return new Condition(
                $"poison:{connection}", AlertSeverity.Warning, $"webhooks of {connection} could not be read", FormattableString.Invariant($"{messages:N0} were set aside."),
                $"`hub inbox list --state poison --connection {connection}` shows why; `hub inbox replay` takes them again");
        }
    }

    private static IEnumerable<Condition> Disk(HubConfiguration configuration)
    {
        var free = new DriveInfo(configuration.Folder).AvailableFreeSpace;
        if (free < configuration.Settings.Service.Alerts.DiskGigabytes * 1e9)
        {
            yield return new Condition(
                "disk", AlertSeverity.Error, "the disk is nearly full", FormattableString.Invariant($"{free / 1e9:N2} GB are left where the hub folder lies."),
                "free some space; `hub retention show` tells what the hub could forget");
        }
    }
}
