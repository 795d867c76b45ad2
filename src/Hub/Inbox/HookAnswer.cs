using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Crm.Integration.Hub.Inbox;

/// <summary>An answer to a webhook that is not taken: always the same text for the same reason, so that nothing of the request or the hub shows in it.</summary>
internal sealed class HookAnswer
{
    /// <summary>There is no such address. Says nothing of which part is wrong.</summary>
    public static readonly HookAnswer Unknown = new(404, "There is no such webhook address", "Compare the address with the one of the hub: /hooks/CONNECTION/STREAM, of a connection that takes webhooks and a stream that one of its pipelines reads.");

    /// <summary>Another method than an address takes.</summary>
    public static readonly HookAnswer WrongMethod = new(405, "Webhooks are sent with POST", "Set the sender to POST; GET and HEAD only try the address out.");

    /// <summary>Not from the system.</summary>
    public static readonly HookAnswer NotGenuine = new(401, "The request is not proven to come from the system of this address", "Compare secret, signature header and clock of the sender with the connection in the hub; the hub's log names the reason.");

    /// <summary>Not of the system's form.</summary>
    public static readonly HookAnswer NotOfForm = new(400, "The request is not of the form that this address takes", "Compare what the sender sends with the page of the connector; the hub's log names the reason.");

    /// <summary>A content type that is not read.</summary>
    public static readonly HookAnswer WrongType = new(415, "This address does not take bodies of that type", "Set the Content-Type of the sender, or `format` of the connection in the hub.");

    /// <summary>More than the limit.</summary>
    public static readonly HookAnswer TooLarge = new(413, "The body is too large", "Send fewer records in one request, or raise service.hooks.bodyLimitKilobytes in the hub; the limit holds for the unpacked body, too.");

    /// <summary>A Content-Encoding that is not known.</summary>
    public static readonly HookAnswer UnknownEncoding = new(415, "The Content-Encoding of the body is not known", "Send it as gzip, br or deflate, or not packed at all.");

    /// <summary>Broken.</summary>
    public static readonly HookAnswer NotUnpackable = new(400, "The body cannot be unpacked", "Its Content-Encoding does not fit its bytes, or they are damaged.");

    /// <summary>Too slow.</summary>
    public static readonly HookAnswer TooSlow = new(408, "The body came too slowly", "Send it again.");

    /// <summary>More than its share.</summary>
    public static readonly HookAnswer TooMany = new(429, "This connection sends more than its share", "Send it again later; service.hooks.perSecond in the hub is the limit.", retryAfter: 1);

    /// <summary>The hub is behind.</summary>
    public static readonly HookAnswer Busy = new(503, "Too many webhooks wait to be stored", "Send it again later.", retryAfter: 5);

    /// <summary>The store cannot be written.</summary>
    public static readonly HookAnswer Failed = new(503, "Webhooks cannot be stored just now", "Send it again later; the hub's log says what its administrator has to do.", retryAfter: 30);

    private readonly byte[] _body;
    private readonly string? _retryAfter;

    private HookAnswer(int status, string title, string detail, int? retryAfter = null)
    {
        Status = status;
        _retryAfter = retryAfter?.ToString(CultureInfo.InvariantCulture);
        _body = JsonSerializer.SerializeToUtf8Bytes(new { type = "about:blank", title, status, detail });
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The answer to a request that its connection did not accept.</summary>
    public static HookAnswer OfStatus(int status) => status switch
    {
        401 => NotGenuine,
        415 => WrongType,
        413 => TooLarge,
        _ => NotOfForm,
    };

    /// <summary>Sends it.</summary>
    public async Task SendAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        response.ContentLength = _body.Length;
        if (_retryAfter is not null)
            response.Headers.RetryAfter = _retryAfter;
        if (Status == 405)
            response.Headers.Allow = "POST, GET, HEAD";
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
            await response.Body.WriteAsync(_body, cancellationToken);
    }
}
