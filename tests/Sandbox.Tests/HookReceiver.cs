using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Sandbox.Tests;

/// <summary>Takes webhooks and keeps them.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HookReceiver(WebApplication application) => _application = application;

    public List<(string Body, string? Authorization)> Got { get; } = [];
    public string Answer { get; set; } = "";
    public string Address => _application.Urls.First() + "/hook";

    public static async Task<HookReceiver> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new HookReceiver(builder.Build());
        receiver._application.MapPost("/hook", receiver.TakeAsync);
        await receiver._application.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Got.Add((await reader.ReadToEndAsync(context.RequestAborted), context.Request.Headers.Authorization));
        await context.Response.WriteAsync(Answer, context.RequestAborted);
    }
}
