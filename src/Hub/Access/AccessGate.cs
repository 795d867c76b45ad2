using System.Globalization;
using System.Threading.RateLimiting;
using Crm.Integration.Hub.Service;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Access;

/// <summary>Stands in front of everything that the service answers: addresses, names, tokens, roles, rates, and the audit of what is done.</summary>
/// <param name="next">What comes behind.</param>
/// <param name="live">The configuration.</param>
/// <param name="tokens">The tokens.</param>
/// <param name="audit">Takes down what is done.</param>
/// <param name="clock">The time.</param>
/// <param name="loggers">Makes loggers.</param>
internal sealed class AccessGate(RequestDelegate next, LiveConfiguration live, ApiTokens tokens, AuditLog audit, TimeProvider clock, ILoggerFactory loggers)
{
    private const long LargestBody = 1024 * 1024;
    private const string Scheme = "Bearer ";

    private readonly ILogger _log = loggers.CreateLogger("hub.access");
    private readonly Doors _doors = new(live.Current.Settings.Service);
    private readonly WrongTokens _wrong = new(clock);
    private readonly PartitionedRateLimiter<string> _rates = Rates(live.Current.Settings.Service.Access.RequestsPerMinute);

    /// <summary>Lets a request in, or says why not.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var secure = _doors.IsSecure(context);
        var address = _doors.AddressOf(context);
        context.Connection.RemoteIpAddress = address;

        // Senders of webhooks and monitors call the service as their owners please, and no browser gains anything there.
        var forAnybody = Doors.IsForAnybody(context.Request.Path);
        if (!forAnybody)
            Harden(context.Response.Headers, secure);
        if (!forAnybody && !_doors.Answers(context.Request.Host))
        {
            await Problem.Of(StatusCodes.Status421MisdirectedRequest, "this service is not called by the name in the Host header", "use its address, or add the name to service.access.hosts in hub.json").WriteAsync(context);
            return;
        }

        if (!_doors.Admits(address, context.Request.Path))
        {
            _log.LogWarning("refused {RemoteAddress}: service.access does not list it", address);
            await Problem.Of(StatusCodes.Status403Forbidden, "this address is not let in", "ask the administrator to add it under service.access in hub.json").WriteAsync(context);
            return;
        }

        if (context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<NeededRole>() is not { } needed)
        {
            await next(context);
            return;
        }

        if (await AdmitAsync(context, endpoint, needed.Role) is { } caller)
            await ServeAsync(context, endpoint, caller);
    }

    private static PartitionedRateLimiter<string> Rates(int perMinute) => PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = Math.Max(1, perMinute / 6),
        TokensPerPeriod = Math.Max(1, perMinute / 60),
        ReplenishmentPeriod = TimeSpan.FromSeconds(perMinute >= 60 ? 1 : 60.0 / perMinute),
        QueueLimit = 0,
    }));

    private static void Harden(IHeaderDictionary headers, bool secure)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        if (secure)
            headers.StrictTransportSecurity = "max-age=31536000";
    }

    /// <summary>Who asks, if that is somebody who may; otherwise the answer has been given.</summary>
    private async Task<Caller?> AdmitAsync(HttpContext context, RouteEndpoint endpoint, Role needed)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problem.Of(StatusCodes.Status401Unauthorized, "this needs a token", "send `Authorization: Bearer TOKEN`; `hub token create NAME --role viewer` makes one").WriteAsync(context);
            return null;
        }

        var address = context.Connection.RemoteIpAddress;
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || tokens.Find(header[Scheme.Length..].Trim(), lookAgain: !_wrong.Waits(address)) is not { } token)
        {
            var wait = _wrong.Count(address);
            _log.LogWarning("a wrong token from {RemoteAddress}", address);
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            if (wait > TimeSpan.Zero)
                await SlowDownAsync(context, wait, "too many wrong tokens came from this address");
            else
                await Problem.Of(StatusCodes.Status401Unauthorized, "the token is wrong, has expired or was revoked", "`hub token list` shows which count; `hub token create` makes another one").WriteAsync(context);
            return null;
        }

        using var lease = _rates.AttemptAcquire(token.Name);
        if (!lease.IsAcquired)
        {
            await SlowDownAsync(context, TimeSpan.FromSeconds(1), "this token asks too often (service.access.requestsPerMinute in hub.json)");
            return null;
        }

        var subject = Scopes.Of(endpoint.RoutePattern.RawText ?? "");
        if (token.Role >= needed && token.IsFor(subject))
            return new Caller(token.Name, token.Role);
        audit.Add(token.Name, ActionOf(context, endpoint), SubjectOf(context), "forbidden");
        await Problem.Of(
            StatusCodes.Status403Forbidden,
            token.Role < needed ? $"this needs the role {ApiTokenRow.Word(needed)}; the token '{token.Name}' is a {ApiTokenRow.Word(token.Role)}" : $"the token '{token.Name}' is not for {subject}",
            "ask an administrator for a token that may").WriteAsync(context);
        return null;
    }

    /// <summary>What changes anything is taken down before it is begun, and again when it has ended: no crash hides that it was asked for.</summary>
    private async Task ServeAsync(HttpContext context, RouteEndpoint endpoint, Caller caller)
    {
        caller.Mark(context);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LargestBody;
        if (HttpMethods.IsGet(context.Request.Method) && endpoint.Metadata.GetMetadata<Audited>() is null)
        {
            await next(context);
            return;
        }

        var (action, subject) = (ActionOf(context, endpoint), SubjectOf(context));
        audit.Add(caller.Name, action, subject, "asked");
        var outcome = "failed";
        try
        {
            await next(context);
            outcome = context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
        }
        finally
        {
            audit.Add(caller.Name, action, string.Join(' ', new[] { subject, caller.About }.Where(text => text is { Length: > 0 })), outcome);
        }
    }

    private static async Task SlowDownAsync(HttpContext context, TimeSpan wait, string why)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await Problem.Of(StatusCodes.Status429TooManyRequests, why, "wait as long as Retry-After says").WriteAsync(context);
    }

    // The route and not the path: that may hold what belongs in no log.
    private static string ActionOf(HttpContext context, RouteEndpoint endpoint) => $"{context.Request.Method} {endpoint.RoutePattern.RawText}";

    private static string SubjectOf(HttpContext context) => string.Join(' ', context.Request.RouteValues.Select(value => $"{value.Key}={value.Value}"));
}

/// <summary>Marks an endpoint that only reads, and whose use is taken down all the same.</summary>
internal sealed record Audited;
