using System.Net;

namespace Crm.Integration.EndToEnd.Tests.Service;

/// <summary>A web server of a test's own on this machine.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerRequest, byte[], (int Status, string Type, string Body)> _answer;

    public LocalServer(Func<HttpListenerRequest, byte[], (int Status, string Type, string Body)> answer)
    {
        _answer = answer;
        for (var attempt = 0; !_listener.IsListening; attempt++)
        {
            // Asked for by number: this server knows no "any that is free".
            Address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}";
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Address + "/");
            try
            {
                _listener.Start();
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // Somebody else has it.
            }
        }

        _ = Task.Run(ServeAsync);
    }

    public string Address { get; private set; } = "";

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var (status, type, text) = _answer(context.Request, body.ToArray());
                context.Response.StatusCode = status;
                context.Response.ContentType = type;
                await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The test is over, or the caller has gone.
            }
        }
    }
}
