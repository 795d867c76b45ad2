using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Alerts;

/// <summary>What the service itself says: runs that come no further, what expires soon, subscriptions that could not be renewed.</summary>
/// <param name="subscriptions">How the subscriptions that this node looks after stand.</param>
/// <param name="certificate">The certificate it listens with; null without one.</param>
/// <param name="clock">The time.</param>
internal sealed class ServiceConditions(SubscriptionState subscriptions, CertificateFile? certificate, TimeProvider clock)
{
    // Time enough to ask somebody for another one.
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(14);

    /// <summary>What is not as it should be.</summary>
    /// <param name="store">The master store.</param>
    /// <param name="service">Where the service keeps its own.</param>
    public IEnumerable<Condition> Look(MasterStore store, ServiceStore service) => [.. Stalled(store), .. Tokens(service), .. Certificate(), .. Subscriptions()];

    private IEnumerable<Condition> Stalled(MasterStore store) => RunWatch.Running(store).Where(run => run.Stalled).Select(run => new Condition(
        FormattableString.Invariant($"stalled:{run.Id}"),
        AlertSeverity.Error,
        FormattableString.Invariant($"run {run.Id} comes no further"),
        FormattableString.Invariant($"It is at {run.Pipeline} ({run.Phase}) on {run.Node}, and has not moved for {(clock.GetUtcNow().ToUnixTimeMilliseconds() - run.ProgressAt ?? 0) / 60_000:N0} minutes."),
        FormattableString.Invariant($"look whether its system answers (`hub check`); `hub runs cancel {run.Id}` ends it at its next checkpoint, and nothing is lost")));

    private IEnumerable<Condition> Tokens(ServiceStore service)
    {
        var (now, soon) = (clock.GetUtcNow(), clock.GetUtcNow() + s_soon);
        foreach (var (name, ends) in service.Read(tables => tables.Query<(string, long)>(
            "select name, expires_at from api_token where revoked_at is null and expires_at >= @now and expires_at < @soon order by name",
            new { now = now.ToUnixTimeMilliseconds(), soon = soon.ToUnixTimeMilliseconds() })))
        {
            yield return new Condition(
                $"token:{name}", AlertSeverity.Warning, $"the token {name} expires soon", FormattableString.Invariant($"It ends at {DateTimeOffset.FromUnixTimeMilliseconds(ends):yyyy-MM-dd HH:mm} UTC."),
                "make another one with `hub token create`, give it to whoever uses this one, and `hub token revoke` it");
        }
    }

    private IEnumerable<Condition> Certificate()
    {
        if (certificate is null || certificate.EndsAt - clock.GetUtcNow() > s_soon)
            yield break;
        var over = certificate.EndsAt <= clock.GetUtcNow();
        yield return new Condition(
            "certificate", over ? AlertSeverity.Error : AlertSeverity.Warning, over ? "the certificate of the service has expired" : "the certificate of the service expires soon",
            FormattableString.Invariant($"It ends at {certificate.EndsAt:yyyy-MM-dd HH:mm} UTC; after that senders of webhooks refuse to send."),
            "put a new one in the place of the files that service.tls names; it is taken without a restart");
    }

    private IEnumerable<Condition> Subscriptions() => subscriptions.All.Where(one => one.Problem is not null).Select(one => new Condition(
        $"subscription:{one.Connection}", AlertSeverity.Error, $"{one.Connection} may not send webhooks", one.Problem!, one.Fix ?? $"`hub check {one.Connection}`; the sweep of its pipelines brings what is missed"));
}
