using System.Net;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>Tells of refused webhooks without their content, and at most once a minute for each connection and reason: a flood must not fill the disk.</summary>
internal sealed class HookRefusals(ILoggerFactory loggers, TimeProvider clock)
{
    // Reasons come from connectors; a careless one must not make the table grow without end.
    private const int MostReasons = 1000;

    private static readonly TimeSpan s_between = TimeSpan.FromMinutes(1);

    private readonly ILogger _log = loggers.CreateLogger("hub.inbox");
    private readonly Dictionary<(string Connection, string Stream, string Reason), Seen> _seen = [];

    /// <summary>Tells of a refused request.</summary>
    /// <param name="connection">The connection; of an unknown address nothing is told, since anybody can write anything there.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="reason">Why, in a word or two.</param>
    /// <param name="bytes">How large it was, as far as known.</param>
    /// <param name="address">Who sent it.</param>
    public void Tell(string connection, string stream, string reason, long bytes, IPAddress? address)
    {
        HookMeters.Refused(connection, reason);
        long before;
        lock (_seen)
        {
            var key = (connection, stream, reason);
            if (!_seen.TryGetValue(key, out var seen))
            {
                if (_seen.Count >= MostReasons)
                    return;
                _seen.Add(key, seen = new Seen());
            }
            else if (clock.GetElapsedTime(seen.ToldAt) < s_between)
            {
                seen.Untold++;
                return;
            }

            (before, seen.Untold, seen.ToldAt) = (seen.Untold, 0, clock.GetTimestamp());
        }

        _log.LogWarning("A webhook to {Connection}/{Stream} was refused: {Reason}, {Bytes} bytes, from {RemoteAddress}; {Untold} more of the kind since the last such line", connection, stream, reason, bytes, address, before);
    }

    private sealed class Seen
    {
        public long ToldAt { get; set; }

        public long Untold { get; set; }
    }
}
