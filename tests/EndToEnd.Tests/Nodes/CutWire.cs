using System.Net;
using System.Net.Sockets;

namespace Crm.Integration.EndToEnd.Tests.Nodes;

/// <summary>The wire between nodes and their database, which a test can cut: what is under way is lost, and nobody gets through until it is mended.</summary>
internal sealed class CutWire : IDisposable
{
    private readonly IPEndPoint _database;
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _ends = [];
    private Socket? _listener;

    public CutWire(string host, int port)
    {
        _database = new IPEndPoint(host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(host), port);
        Listen(0);
    }

    /// <summary>Where nodes reach the database.</summary>
    public int Port { get; private set; }

    /// <summary>Cuts every connection, and refuses new ones.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
            foreach (var end in _ends)
                Break(end);
            _ends.Clear();
        }
    }

    /// <summary>Lets connections through again.</summary>
    public void Mend() => Listen(Port);

    public void Dispose() => Cut();

    private void Listen(int port)
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(200);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        lock (_gate)
            _listener = listener;
        _ = AcceptAsync(listener);
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = JoinAsync(await listener.AcceptAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was cut.
        }
    }

    private async Task JoinAsync(Socket node)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        node.NoDelay = true;
        lock (_gate)
        {
            if (_listener is null)
            {
                Break(node);
                Break(server);
                return;
            }

            _ends.Add(node);
            _ends.Add(server);
        }

        try
        {
            await server.ConnectAsync(_database);
            await Task.WhenAny(PumpAsync(node, server), PumpAsync(server, node));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was cut, or there is no database.
        }

        lock (_gate)
        {
            _ends.Remove(node);
            _ends.Remove(server);
        }

        node.Dispose();
        server.Dispose();
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One end is gone, and the other is let go.
        }
    }

    // Without a farewell, as when a firewall forgets a connection.
    private static void Break(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }
}
