using System.Text.Json;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Alerts;

/// <summary>Sends what is due, and tries again with growing pauses what did not arrive.</summary>
/// <param name="store">Where the service keeps its own.</param>
/// <param name="channel">Sends.</param>
/// <param name="log">The log.</param>
internal sealed class Messenger(ServiceStore store, AlertChannel channel, ILogger log)
{
    // The last pause repeats: a mail server that is back after a weekend gets what waited.
    private static readonly int[] s_pauseSeconds = [30, 60, 300, 900, 3600];

    private static readonly TimeSpan s_giveUp = TimeSpan.FromDays(7);

    /// <summary>Why the newest message of a channel that did not arrive has not; by channel.</summary>
    public IReadOnlyDictionary<string, string> Troubles { get; private set; } = new Dictionary<string, string>();

    /// <summary>Sends what is due.</summary>
    public async Task SendAsync(HubConfiguration configuration, CancellationToken cancellationToken)
    {
        var troubles = new Dictionary<string, string>(StringComparer.Ordinal);
        var due = store.Read(service => service.Query<Waiting>(
            "select id, channel, content, created_at, attempts from alert_message where sent_at is null and due_at <= @Now order by id limit @most", new { service.Now, most = 100 }));
        foreach (var message in due)
        {
            // One that does not answer keeps only its own messages waiting.
            if (troubles.ContainsKey(message.Channel))
                continue;
            if (await TrySendAsync(configuration, message, cancellationToken) is { } problem)
                troubles[message.Channel] = problem;
        }

        if (due.Count > 0 || Troubles.Count > 0)
            Troubles = troubles.Count > 0 || due.Count > 0 ? troubles : Troubles;
    }

    private async Task<string?> TrySendAsync(HubConfiguration configuration, Waiting message, CancellationToken cancellationToken)
    {
        string problem;
        if (!configuration.Settings.Service.Alerts.Channels.TryGetValue(message.Channel, out var settings))
        {
            Write(message, sent: true, "the channel is not configured any more");
            return null;
        }

        try
        {
            await channel.SendAsync(settings, JsonSerializer.Deserialize<AlertMessage>(message.Content, AlertMessage.Json)!, cancellationToken);
            Write(message, sent: true, null);
            return null;
        }
        catch (AlertException exception)
        {
            problem = exception.Message;
        }

        var given = store.Read(service => service.Now) - message.CreatedAt > (long)s_giveUp.TotalMilliseconds;
        log.LogWarning("a message to channel {Channel} did not arrive: {Problem}; {Next}", message.Channel, problem, given ? "it is given up" : "it is tried again");
        Write(message, sent: given, problem);
        return problem;
    }

    private void Write(Waiting message, bool sent, string? problem) => store.Write(transaction => transaction.Execute(
        "update alert_message set attempts = attempts + 1, sent_at = @sent, due_at = @due, problem = @problem where id = @Id",
        new
        {
            message.Id,
            sent = sent ? transaction.Store.Now : (long?)null,
            due = transaction.Store.Now + (s_pauseSeconds[Math.Min(message.Attempts, s_pauseSeconds.Length - 1)] * 1000L),
            problem,
        }));

    private sealed class Waiting
    {
        public long Id { get; init; }

        public string Channel { get; init; } = "";

        public string Content { get; init; } = "";

        public long CreatedAt { get; init; }

        public long Attempts { get; init; }
    }
}
