using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>Stands in for the hub's webhook address: keeps what comes and answers as the connection says.</summary>
internal sealed class WebhookCatcher : IAsyncDisposable
{
    private readonly ConcurrentQueue<WebhookRequest> _caught = new();
    private readonly Func<WebhookRequest, WebhookVerdict> _verify;
    private readonly TimeProvider _clock;
    private readonly HttpListener _listener;
    private readonly Task _listening;

    public WebhookCatcher(Func<WebhookRequest, WebhookVerdict> verify, TimeProvider clock)
    {
        (_verify, _clock) = (verify, clock);
        (_listener, Address) = Listen();
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>The address of the connection, without the stream.</summary>
    public Uri Address { get; }

    public IReadOnlyList<WebhookRequest> Take()
    {
        var taken = new List<WebhookRequest>();
        while (_caught.TryDequeue(out var request))
            taken.Add(request);
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _listening;
    }

    // A free port can only be found by taking it; another program may be quicker the next moment.
    private static (HttpListener Listener, Uri Address) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            int port;
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                port = ((IPEndPoint)probe.LocalEndpoint).Port;
            }

            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return (listener, new Uri($"http://127.0.0.1:{port}/hooks/rehearsal"));
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                listener.Close();
            }
        }
    }

    private async Task ListenAsync()
    {
        while (true)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Either the listener was closed, which ends this, or one sender went away, which ends only its request.
                if (!_listener.IsListening)
                    return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var request = new WebhookRequest(
            context.Request.Url!.Segments[^1].Trim('/'),
            context.Request.HttpMethod,
            context.Request.Headers.AllKeys.OfType<string>().ToDictionary(name => name, name => context.Request.Headers[name] ?? "", StringComparer.OrdinalIgnoreCase),
            context.Request.QueryString.AllKeys.OfType<string>().ToDictionary(name => name, name => context.Request.QueryString[name] ?? "", StringComparer.Ordinal),
            body.ToArray(),
            _clock.GetUtcNow());
        var verdict = _verify(request);
        _caught.Enqueue(request);
        context.Response.StatusCode = verdict.Accepted ? 200 : 401;
        if (verdict is { Accepted: true, Answer: { } answer })
        {
            context.Response.ContentType = verdict.AnswerType;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        }

        context.Response.Close();
    }
}
