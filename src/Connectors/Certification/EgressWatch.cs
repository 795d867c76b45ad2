using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Crm.Integration.Connectors.Certification;

/// <summary>
/// Sees which hosts are contacted by HTTP or looked up by name in the flow of a certification, whatever client does it: by the
/// events that the base library itself raises, which are raised on the caller's flow.
/// </summary>
internal sealed class EgressWatch : IDisposable
{
    private static readonly AsyncLocal<EgressWatch?> s_current = new();
    private static readonly Lazy<Listener> s_listener = new(() => new Listener());

    private readonly ConcurrentDictionary<string, bool> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Watches the flow that creates it, and all that it starts.</summary>
    public EgressWatch()
    {
        _ = s_listener.Value;
        s_current.Value = this;
    }

    /// <summary>The hosts seen that are allowed by none of the patterns (<c>name</c>, <c>name:port</c>, <c>*.example.com</c>).</summary>
    public IReadOnlyList<string> Beyond(IEnumerable<string> allowed)
    {
        var patterns = allowed.ToList();
        return [.. _hosts.Keys.Where(host => !patterns.Exists(pattern => Allows(pattern, host))).Order(StringComparer.Ordinal)];
    }

    public void Dispose() => s_current.Value = null;

    private static bool Allows(string pattern, string host)
    {
        var name = host.Split(':')[0];
        if (pattern.StartsWith("*.", StringComparison.Ordinal))
            return name.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase);
        // What is only looked up has no port yet.
        return string.Equals(pattern, host, StringComparison.OrdinalIgnoreCase)
            || string.Equals(pattern.Split(':')[0], name, StringComparison.OrdinalIgnoreCase) && (!pattern.Contains(':', StringComparison.Ordinal) || !host.Contains(':', StringComparison.Ordinal));
    }

    private sealed class Listener : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.Net.Http" or "System.Net.NameResolution")
                EnableEvents(eventSource, EventLevel.Informational);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (s_current.Value is not { } watch || eventData.Payload is not { Count: > 0 } payload)
                return;
            // Names under .invalid lead nowhere (RFC 2606): they stand for an address that only the system's answer tells.
            if (eventData is { EventSource.Name: "System.Net.Http", EventName: "RequestStart" } && payload[1] is string host && !host.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase))
                watch._hosts.TryAdd($"{payload[1]}:{payload[2]}", true);
            else if (eventData is { EventSource.Name: "System.Net.NameResolution", EventName: "ResolutionStart" } && payload[0] is string { Length: > 0 } name)
                watch._hosts.TryAdd(name, true);
        }
    }
}
