using System.Diagnostics.Metrics;
using Crm.Integration.Hub.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Service;

/// <summary>
/// Keeps the number of open network connections below a limit. Beyond it the one that has been idle longest is closed, so that a
/// thousand that never send, or send a byte a minute, do not keep out a good one.
/// </summary>
/// <param name="most">The limit.</param>
/// <param name="log">Where it is told, once a minute at most.</param>
/// <param name="clock">The time.</param>
internal sealed class OpenConnections(int most, ILogger log, TimeProvider clock)
{
    private static readonly Counter<long> s_dropped = HubTelemetry.Meter.CreateCounter<long>("hub.connections.dropped", "{connection}", "Idle network connections that were closed to make room");

    private readonly LinkedList<OpenConnection> _idle = new();
    private int _count;
    private long? _toldAt;

    /// <summary>Accompanies a connection from its beginning to its end.</summary>
    public async Task AccompanyAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var open = new OpenConnection(this, connection);
        connection.Features.Set(open);
        if (Enter(open) is { } dropped)
        {
            Tell();
            s_dropped.Add(1);
            dropped.Abort();
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(open);
        }
    }

    /// <summary>Whoever has sent a whole request is at work until it has been answered, and not closed.</summary>
    public static void BeginWork(HttpContext context) => context.Features.Get<OpenConnection>()?.Begin();

    /// <summary>The request has been answered.</summary>
    public static void EndWork(HttpContext context) => context.Features.Get<OpenConnection>()?.End();

    private OpenConnection? Enter(OpenConnection open)
    {
        lock (_idle)
        {
            _count++;
            _idle.AddLast(open.Place);
            if (_count <= most)
                return null;

            // The new one itself when all others are at work.
            var longest = _idle.First!.Value;
            Forget(longest);
            return longest;
        }
    }

    private void Leave(OpenConnection open)
    {
        lock (_idle)
            Forget(open);
    }

    private void Forget(OpenConnection open)
    {
        if (open.IsForgotten)
            return;
        open.IsForgotten = true;
        _count--;
        if (open.Place.List is not null)
            _idle.Remove(open.Place);
    }

    private void Begin(OpenConnection open)
    {
        lock (_idle)
        {
            if (open.Place.List is not null)
                _idle.Remove(open.Place);
        }
    }

    private void End(OpenConnection open)
    {
        lock (_idle)
        {
            if (!open.IsForgotten && open.Place.List is null)
                _idle.AddLast(open.Place);
        }
    }

    private void Tell()
    {
        lock (_idle)
        {
            if (_toldAt is { } before && clock.GetElapsedTime(before) < TimeSpan.FromMinutes(1))
                return;
            _toldAt = clock.GetTimestamp();
        }

        log.LogWarning("More than {Most} network connections are open: those idle longest are closed to make room. Where they are all needed, raise service.connections in hub.json", most);
    }

    /// <summary>One network connection.</summary>
    internal sealed class OpenConnection
    {
        private readonly OpenConnections _all;
        private readonly ConnectionContext _connection;

        public OpenConnection(OpenConnections all, ConnectionContext connection)
        {
            (_all, _connection) = (all, connection);
            Place = new LinkedListNode<OpenConnection>(this);
        }

        /// <summary>Its place among the idle ones.</summary>
        public LinkedListNode<OpenConnection> Place { get; }

        /// <summary>Whether it counts no longer.</summary>
        public bool IsForgotten { get; set; }

        /// <summary>A request begins.</summary>
        public void Begin() => _all.Begin(this);

        /// <summary>A request has ended.</summary>
        public void End() => _all.End(this);

        /// <summary>Closes it.</summary>
        public void Abort() => _connection.Abort(new ConnectionAbortedException("idle longest"));
    }
}
