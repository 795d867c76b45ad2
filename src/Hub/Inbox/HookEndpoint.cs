using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Service;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Inbox;

/// <summary>
/// Takes webhooks: finds the address, reads the raw bytes, lets the connection verify them, stores them, and only then answers 2xx.
/// </summary>
internal sealed class HookEndpoint(HookRoutes routes, InboxWriter inbox, HookRefusals refusals, LiveConfiguration configuration, TimeProvider clock, ILoggerFactory loggers)
{
    /// <summary>Where all addresses begin.</summary>
    public const string Prefix = "/hooks/";

    // Longer ids are told apart by their hash.
    private const int LongestDeliveryId = 200;

    private readonly ILogger _log = loggers.CreateLogger("hub.inbox");

    /// <summary>Answers a request whose path begins with <see cref="Prefix"/>.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (await TakeAsync(context) is { } refused)
                await refused.SendAsync(context.Response, context.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ConnectionResetException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The sender has hung up: there is nobody to answer.
        }
        finally
        {
            OpenConnections.EndWork(context);
        }
    }

    private async Task<HookAnswer?> TakeAsync(HttpContext context)
    {
        var request = context.Request;
        if (routes.Find(request.Path.Value.AsSpan(Prefix.Length)) is not { } hook)
            return Refuse(null, HookAnswer.Unknown, "unknown-address", request.ContentLength ?? 0, context);
        if (!HttpMethods.IsPost(request.Method) && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return Refuse(hook, HookAnswer.WrongMethod, "wrong-method", request.ContentLength ?? 0, context);

        var limit = configuration.Current.Settings.Service.Hooks.BodyLimitKilobytes * 1024;
        PooledBytes? body;
        try
        {
            body = await HookBody.ReadAsync(request, limit, context.RequestAborted);
        }
        catch (BadHttpRequestException exception)
        {
            return Refuse(hook, exception.StatusCode switch { 408 => HookAnswer.TooSlow, 413 => HookAnswer.TooLarge, _ => HookAnswer.NotOfForm }, exception.StatusCode == 408 ? "too-slow" : "bad-request", request.ContentLength ?? 0, context);
        }

        return body is null
            ? Refuse(hook, HookAnswer.TooLarge, "too-large", request.ContentLength ?? limit, context)
            : await StoreAsync(hook, body, limit, context);
    }

    private async Task<HookAnswer?> StoreAsync(Hook hook, PooledBytes body, int limit, HttpContext context)
    {
        OpenConnections.BeginWork(context);
        var (request, now) = (context.Request, clock.GetUtcNow());
        var connection = hook.Opened.Value;
        var verdict = Verify(hook, connection, new WebhookRequest(hook.Stream, request.Method, new HookHeaders(request.Headers), new HookQuery(request), body.Memory, now));
        var isPost = HttpMethods.IsPost(request.Method);
        var length = body.Length;
        if (!verdict.Accepted || verdict.IsProbe || !isPost)
        {
            body.Dispose();
            if (!verdict.Accepted)
                return Refuse(hook, HookAnswer.OfStatus(verdict.Status), verdict.Reason ?? "refused", length, context);
            await AcknowledgeAsync(verdict, context);
            return null;
        }

        // Only what is genuine counts: strangers must not use up what belongs to the sender.
        if (!hook.Budget.TryTake())
        {
            body.Dispose();
            return Refuse(hook, HookAnswer.TooMany, "too-many", length, context);
        }

        if (HookBody.Unpack(body, request.Headers.ContentEncoding, limit, out var problem) is not { } unpacked)
            return Refuse(hook, problem!, problem == HookAnswer.TooLarge ? "too-large-unpacked" : "not-unpackable", length, context);

        var message = new InboxMessage(hook.Connection, hook.Stream, Short(verdict.DeliveryId), now.ToUnixTimeMilliseconds(), unpacked)
        {
            Headers = StoredParts.Headers(request, connection.NeededToRead),
            Query = StoredParts.Query(request, connection.NeededToRead),
        };
        HookMeters.Waiting(1);
        var outcome = await inbox.WriteAsync(message);
        HookMeters.Waiting(-1);
        if (outcome != InboxOutcome.Stored)
            return Refuse(hook, outcome == InboxOutcome.Busy ? HookAnswer.Busy : HookAnswer.Failed, outcome == InboxOutcome.Busy ? "busy" : "store-failed", length, context);
        HookMeters.Accepted(hook.Connection, length);
        await AcknowledgeAsync(verdict, context);
        return null;
    }

    private WebhookVerdict Verify(Hook hook, IWebhookConnection connection, WebhookRequest request)
    {
        try
        {
            return connection.Verify(request);
        }
        catch (Exception exception)
        {
            // A connector that fails on what somebody sent must not be a way to stop the others; its message may quote the body.
            _log.LogDebug("Verifying a webhook to {Connection}/{Stream} failed with {Exception}", hook.Connection, hook.Stream, exception.GetType().Name);
            return new WebhookVerdict(false, "not-verifiable") { Status = 400 };
        }
    }

    private HookAnswer Refuse(Hook? hook, HookAnswer answer, string reason, long bytes, HttpContext context)
    {
        refusals.Tell(hook?.Connection ?? "-", hook?.Stream ?? "-", reason, bytes, context.Connection.RemoteIpAddress);
        return answer;
    }

    private static async Task AcknowledgeAsync(WebhookVerdict verdict, HttpContext context)
    {
        var response = context.Response;
        if (string.IsNullOrEmpty(verdict.Answer))
        {
            response.ContentLength = 0;
            return;
        }

        response.ContentType = verdict.AnswerType;
        var body = Encoding.UTF8.GetBytes(verdict.Answer);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static string? Short(string? id) => id is { Length: > LongestDeliveryId } ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))) : id;
}
