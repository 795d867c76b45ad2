using System.Text.Json;
using System.Text.RegularExpressions;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Access;

/// <summary>The one place where failures of requests become answers.</summary>
/// <param name="next">What comes behind.</param>
/// <param name="engine">The store's engine.</param>
/// <param name="secrets">Masks secrets.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed partial class ProblemAnswers(RequestDelegate next, StoreEngine engine, SecretRedactor secrets, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("hub.api");

    /// <summary>Lets a request pass, and answers where what comes behind cannot.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
            context.Abort();
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var problem = Of(exception);
            if (problem.Status >= StatusCodes.Status500InternalServerError)
                _log.LogError(exception, "{Method} {Path} failed: {Problem}", context.Request.Method, (context.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText, problem.Detail);
            context.Response.Clear();
            await (problem with { Detail = secrets.Redact(problem.Detail), Fix = problem.Fix is null ? null : secrets.Redact(problem.Fix) }).WriteAsync(context);
            return;
        }

        // What routing refuses has no words of its own.
        if (!context.Response.HasStarted && context.Response is { ContentType: null, ContentLength: null, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed or StatusCodes.Status415UnsupportedMediaType }
            && context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            await Problem.Of(context.Response.StatusCode, context.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => "there is nothing at this address",
                StatusCodes.Status405MethodNotAllowed => $"this address does not take {context.Request.Method}",
                _ => "the body has a content type that is not taken here",
            }, context.Response.StatusCode == StatusCodes.Status415UnsupportedMediaType ? "send JSON as application/json" : "/api/openapi.json describes what there is").WriteAsync(context);
        }
    }

    private Problem Of(Exception exception) => exception switch
    {
        RefusedException refused => Problem.Of(
            refused.Kind switch
            {
                RefusalKind.Unknown => StatusCodes.Status404NotFound,
                RefusalKind.Invalid => StatusCodes.Status422UnprocessableEntity,
                _ => StatusCodes.Status409Conflict,
            },
            refused.Message,
            refused.Fix,
            refused.Field),
        BadHttpRequestException { InnerException: JsonException json } => Problem.Of(
            StatusCodes.Status422UnprocessableEntity, "the body is not what is taken here", "/api/openapi.json describes it; unknown members are refused", json.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : null),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad when Parameter().Match(bad.Message) is { Success: true } parameter => Problem.Of(
            StatusCodes.Status422UnprocessableEntity, $"'{parameter.Groups[1].Value}' is missing or cannot be read", "/api/openapi.json describes it", parameter.Groups[1].Value),
        BadHttpRequestException bad => Problem.Of(bad.StatusCode, bad.Message, bad.StatusCode switch
        {
            StatusCodes.Status415UnsupportedMediaType => "send JSON as application/json",
            StatusCodes.Status413PayloadTooLarge => "send less at once",
            _ => "/api/openapi.json describes what is taken",
        }),
        StoreException store when engine.Holder() is not null => Problem.Of(StatusCodes.Status409Conflict, store.Message, store.Fix),
        StoreException store => Problem.Of(StatusCodes.Status503ServiceUnavailable, store.Message, store.Fix),
        _ when engine.Translate(exception) is { } known => Problem.Of(StatusCodes.Status503ServiceUnavailable, known.Message, known.Fix),
        _ => Problem.Of(StatusCodes.Status500InternalServerError, $"something unexpected happened ({exception.GetType().Name})", "this is a fault of hub: its log says more, please report it"),
    };

    // "Failed to bind parameter "Nullable<int> limit" from "abc"." and "Required parameter "string name" was not provided from query string."
    [GeneratedRegex("""parameter "\S+ (\w+)" """)]
    private static partial Regex Parameter();
}
