using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Tests.Alerts;

/// <summary>An address that messages are posted to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Body, string? Signature)> _received = new();

    private Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapPost("/", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _received.Enqueue((await reader.ReadToEndAsync(), context.Request.Headers["X-Hub-Signature"]));
            context.Response.StatusCode = Status;
            await context.Response.WriteAsync(Answer);
        });
    }

    public int Status { get; set; } = 200;

    public string Answer { get; set; } = "";

    public string Address => _server.Urls.First() + "/";

    public IReadOnlyList<string> Bodies => [.. _received.Select(one => one.Body)];

    public IReadOnlyList<string?> Signatures => [.. _received.Select(one => one.Signature)];

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver._server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
