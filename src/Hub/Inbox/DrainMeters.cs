using System.Diagnostics.Metrics;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Telemetry;

namespace Crm.Integration.Hub.Inbox;

/// <summary>What is measured of webhooks on their way into the store.</summary>
internal static class DrainMeters
{
    private static readonly Counter<long> s_taken = HubTelemetry.Meter.CreateCounter<long>("hub.inbox.taken", "{message}", "Webhooks whose records are landed.");
    private static readonly Counter<long> s_poison = HubTelemetry.Meter.CreateCounter<long>("hub.inbox.poison", "{message}", "Webhooks that cannot be read and were put aside.");
    private static readonly Counter<long> s_stale = HubTelemetry.Meter.CreateCounter<long>("hub.inbox.stale", "{record}", "Records that came by a webhook and were older than what is stored.");
    private static readonly Counter<long> s_pauses = HubTelemetry.Meter.CreateCounter<long>("hub.inbox.pauses", "{pause}", "How often webhooks had to wait for their system or the store.");
    private static readonly Counter<long> s_recovered = HubTelemetry.Meter.CreateCounter<long>("hub.inbox.recovered", "{record}", "Records that a sweep brought though a webhook should have.");

    /// <summary>A run has taken webhooks.</summary>
    public static void Taken(string connection, string stream, RunReport report)
    {
        var counts = report.Pipelines.Select(pipeline => pipeline.Webhooks).OfType<WebhookCounts>().ToList();
        if (counts.Count == 0)
            return;
        KeyValuePair<string, object?>[] labels = [new("connection", connection), new("stream", stream)];
        s_taken.Add(counts.Max(count => count.Messages), labels);
        s_poison.Add(counts.Sum(count => count.Poison), labels);
        s_stale.Add(counts.Sum(count => count.Stale), labels);
    }

    /// <summary>A stream pauses.</summary>
    public static void Paused(string connection, string stream) => s_pauses.Add(1, new KeyValuePair<string, object?>("connection", connection), new("stream", stream));

    /// <summary>A pull brought what webhooks did not.</summary>
    public static void Recovered(string connection, string stream, long records) =>
        s_recovered.Add(records, new KeyValuePair<string, object?>("connection", connection), new("stream", stream));
}
