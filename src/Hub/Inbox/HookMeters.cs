using System.Diagnostics.Metrics;
using Crm.Integration.Hub.Telemetry;

namespace Crm.Integration.Hub.Inbox;

/// <summary>What is measured of webhooks.</summary>
internal static class HookMeters
{
    private static readonly Counter<long> s_accepted = HubTelemetry.Meter.CreateCounter<long>("hub.hooks.accepted", "{request}", "Webhooks that were stored and acknowledged, by connection");
    private static readonly Counter<long> s_refused = HubTelemetry.Meter.CreateCounter<long>("hub.hooks.refused", "{request}", "Webhooks that were refused, by connection and reason");
    private static readonly Counter<long> s_replayed = HubTelemetry.Meter.CreateCounter<long>("hub.hooks.replayed", "{request}", "Webhooks that came again and were stored before");
    private static readonly Counter<long> s_bytes = HubTelemetry.Meter.CreateCounter<long>("hub.hooks.bytes", "By", "Bytes of the bodies of accepted webhooks");
    private static readonly Histogram<double> s_commit = HubTelemetry.Meter.CreateHistogram<double>("hub.hooks.commit.duration", "s", "How long a group of webhooks took to become durable");
    private static readonly Histogram<long> s_group = HubTelemetry.Meter.CreateHistogram<long>("hub.hooks.group.size", "{request}", "How many webhooks were made durable together");
    private static readonly UpDownCounter<long> s_waiting = HubTelemetry.Meter.CreateUpDownCounter<long>("hub.hooks.waiting", "{request}", "Webhooks that wait to become durable");

    public static void Waiting(int more) => s_waiting.Add(more);

    public static void Accepted(string connection, int bytes)
    {
        s_accepted.Add(1, new KeyValuePair<string, object?>("connection", connection));
        s_bytes.Add(bytes, new KeyValuePair<string, object?>("connection", connection));
    }

    public static void Refused(string connection, string reason) =>
        s_refused.Add(1, new KeyValuePair<string, object?>("connection", connection), new KeyValuePair<string, object?>("reason", reason));

    public static void Committed(int messages, long added, TimeSpan took)
    {
        s_group.Record(messages);
        s_commit.Record(took.TotalSeconds);
        if (messages > added)
            s_replayed.Add(messages - added);
    }
}
