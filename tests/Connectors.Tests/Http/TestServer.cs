using System.Collections.Concurrent;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Connectors.Tests.Http;

/// <summary>A system of the test's own making: every request goes to one function.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>What came in: method, path with query, time.</summary>
    public ConcurrentQueue<(string Method, string Path, DateTimeOffset At)> Requests { get; } = new();

    public ConcurrentBag<string> Traces { get; } = [];

    public ConcurrentBag<string> Concealed { get; } = [];

    public IConnectionMemory Memory { get; set; } = new TransientMemory();

    public ConnectionContext Context => new("crm", "/hub/" + Address.Port, TimeProvider.System) { Memory = Memory, Trace = Traces.Add, Conceal = Concealed.Add };

    public ApiProfile Profile => new()
    {
        BaseAddress = Address,
        Hosts = [ApiClient.HostOf(Address)],
        Answers = new PlainAnswers("crm"),
        Backoff = TimeSpan.FromMilliseconds(5),
        MaxBackoff = TimeSpan.FromMilliseconds(20),
        AttemptTimeout = TimeSpan.FromSeconds(10),
    };

    /// <param name="answer">Answers a request; is told which one it is, from 1.</param>
    public static async Task<TestServer> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new TestServer(app);
        var count = 0;
        app.Run(async context =>
        {
            server.Requests.Enqueue((context.Request.Method, context.Request.Path + context.Request.QueryString, TimeProvider.System.GetUtcNow()));
            await answer(context, Interlocked.Increment(ref count));
        });
        await app.StartAsync();
        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    public HttpClient Client(Func<ApiProfile, ApiProfile>? change = null) => ApiClient.Create(change?.Invoke(Profile) ?? Profile, Context);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}

internal static class Answering
{
    public static Task Json(this HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}
