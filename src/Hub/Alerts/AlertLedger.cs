using System.Text.Json;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Alerts;

/// <summary>
/// Which alerts are open. Conditions are compared with it: what is new is told, what lasts is told again now and then, what is over is told once
/// more. Messages are written in the same transaction, so that a crash neither loses nor doubles one.
/// </summary>
/// <param name="store">Where the service keeps its own.</param>
/// <param name="clock">The time.</param>
internal sealed class AlertLedger(ServiceStore store, TimeProvider clock)
{
    /// <summary>Brings the ledger in line with what is so now.</summary>
    /// <param name="conditions">All that is not as it should be.</param>
    /// <param name="configuration">Who is told.</param>
    public void Settle(IReadOnlyList<Condition> conditions, HubConfiguration configuration) => store.Write(transaction =>
    {
        var now = transaction.Store.Now;
        var repeat = configuration.Settings.Service.Alerts.RepeatHours;
        var open = transaction.Query<OpenAlert>("select id, code, severity, title, detail, fix, opened_at, told_at from alert where closed_at is null order by id").ToDictionary(alert => alert.Code, StringComparer.Ordinal);
        foreach (var condition in conditions)
        {
            var row = new { code = condition.Key, severity = Word(condition.Severity), condition.Title, condition.Text, condition.Fix, now };
            if (!open.Remove(condition.Key, out var alert))
            {
                transaction.Execute("insert into alert (code, severity, title, detail, fix, opened_at, told_at) values (@code, @severity, @Title, @Text, @Fix, @now, @now)", row);
                Tell(transaction, AlertEvent.Opened, condition, now, configuration);
                continue;
            }

            // It has become worse, or it has lasted.
            var told = (condition.Severity == AlertSeverity.Error && alert.Severity != "error")
                || (repeat > 0 && now - alert.ToldAt >= (long)TimeSpan.FromHours(repeat).TotalMilliseconds);
            if (told)
                Tell(transaction, AlertEvent.Repeated, condition, alert.OpenedAt, configuration);
            if (told || alert.Title != condition.Title || alert.Detail != condition.Text)
            {
                transaction.Execute(
                    "update alert set severity = @severity, title = @Title, detail = @Text, fix = @Fix, told_at = @told where id = @id",
                    new { row.severity, row.Title, row.Text, row.Fix, told = told ? now : alert.ToldAt, id = alert.Id });
            }
        }

        foreach (var alert in open.Values)
        {
            transaction.Execute("update alert set closed_at = @now where id = @Id", new { now, alert.Id });
            var severity = alert.Severity == "error" ? AlertSeverity.Error : AlertSeverity.Warning;
            Tell(transaction, AlertEvent.Recovered, new Condition(alert.Code, severity, alert.Title, "It is as it should be again.", ""), alert.OpenedAt, configuration);
        }
    });

    /// <summary>Writes a digest for the channels that want one, once for an instant.</summary>
    /// <param name="due">The instant.</param>
    /// <param name="configuration">Who is told.</param>
    /// <param name="write">Writes it; not asked when it was written before.</param>
    public void Digest(DateTimeOffset due, HubConfiguration configuration, Func<AlertMessage> write)
    {
        if (store.Read(service => service.Scalar<long?>("select last_at from digest where name = 'digest'")) >= due.ToUnixTimeMilliseconds())
            return;
        var message = write();
        store.Write(transaction =>
        {
            var at = due.ToUnixTimeMilliseconds();
            if (transaction.Scalar<long?>("select last_at from digest where name = 'digest'") is { } last)
            {
                if (last >= at)
                    return;
                transaction.Execute("update digest set last_at = @at where name = 'digest'", new { at });
            }
            else
            {
                transaction.Execute("insert into digest (name, last_at) values ('digest', @at)", new { at });
            }

            foreach (var channel in configuration.Settings.Service.Alerts.Channels.Where(channel => channel.Value.Digest))
                Post(transaction, channel.Key, message, transaction.Store.Now);
        });
    }

    /// <summary>The instant for which a digest was last written; null for never.</summary>
    public DateTimeOffset? LastDigest => store.Read(service => service.Scalar<long?>("select last_at from digest where name = 'digest'")) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    private void Tell(StoreTransaction transaction, AlertEvent what, Condition condition, long since, HubConfiguration configuration)
    {
        var message = new AlertMessage
        {
            Event = what,
            Alert = condition.Key,
            Severity = condition.Severity,
            Title = condition.Title,
            Text = condition.Text,
            Fix = condition.Fix.Length == 0 ? null : condition.Fix,
            Since = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(since), Zone(configuration)),
            Hub = HubName(configuration),
        };
        foreach (var (name, channel) in configuration.Settings.Service.Alerts.Channels.Where(channel => condition.Severity >= channel.Value.Least))
            Post(transaction, name, message, condition.Severity == AlertSeverity.Error ? transaction.Store.Now : AfterSilence(channel, configuration).ToUnixTimeMilliseconds());
    }

    /// <summary>Which hub a message speaks of.</summary>
    public static string HubName(HubConfiguration configuration) => $"{Environment.MachineName}:{configuration.Folder}";

    /// <summary>The zone in which times are told.</summary>
    public static TimeZoneInfo Zone(HubConfiguration configuration) => TimeZoneInfo.FindSystemTimeZoneById(configuration.Settings.Defaults.TimeZone);

    private DateTimeOffset AfterSilence(AlertChannelSettings channel, HubConfiguration configuration)
    {
        var now = clock.GetUtcNow();
        return channel.Quiet?.Split('-') is [var from, var to] && DayTime.IsBetween(now, from, to, Zone(configuration)) ? DayTime.Next(now, to, Zone(configuration)) : now;
    }

    private static void Post(StoreTransaction transaction, string channel, AlertMessage message, long due) => transaction.Execute(
        "insert into alert_message (channel, subject, content, created_at, due_at) values (@channel, @Subject, @content, @Now, @due)",
        new { channel, message.Subject, content = JsonSerializer.Serialize(message, AlertMessage.Json), transaction.Store.Now, due });

    private static string Word(AlertSeverity severity) => severity == AlertSeverity.Error ? "error" : "warning";

    private sealed class OpenAlert
    {
        public long Id { get; init; }

        public string Code { get; init; } = "";

        public string Severity { get; init; } = "";

        public string Title { get; init; } = "";

        public string Detail { get; init; } = "";

        public long OpenedAt { get; init; }

        public long ToldAt { get; init; }
    }
}
