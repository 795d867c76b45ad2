using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Faults;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>A call to the API, read; what answers it needs nothing of HTTP.</summary>
internal sealed record ZohoCall(string Method, string[] Path, IReadOnlyDictionary<string, string> Query, JsonObject? Body, byte[]? File)
{
    public DateTimeOffset? ModifiedSince { get; init; }
    public DateTimeOffset? UnmodifiedSince { get; init; }
    public string? Feature { get; init; }
    public string? Organisation { get; init; }
    public string Address { get; init; } = "";
    public Func<string, Fault?> Strikes { get; init; } = _ => null;

    public static async Task<ZohoCall> ReadAsync(HttpContext context, string[] path)
    {
        var request = context.Request;
        byte[]? file = null;
        JsonObject? body = null;
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync(context.RequestAborted);
            if (form.Files.GetFile("file") is { } uploaded)
            {
                using var bytes = new MemoryStream();
                await uploaded.CopyToAsync(bytes, context.RequestAborted);
                file = bytes.ToArray();
            }
        }
        else if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsDelete(request.Method))
            body = await context.ReadJsonAsync() as JsonObject;

        return new ZohoCall(request.Method, path, request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal), body, file)
        {
            ModifiedSince = Time(request, "If-Modified-Since"),
            UnmodifiedSince = Time(request, "If-Unmodified-Since"),
            Feature = request.Headers["feature"],
            Organisation = request.Headers["X-CRM-ORG"],
        };
    }

    /// <summary>The body, which must be a JSON object.</summary>
    public JsonObject Json => Body ?? throw ZohoRefusal.Invalid("body", new() { ["expected_data_type"] = "jsonobject" });

    /// <summary>Whether a fault makes the metadata of this module malformed.</summary>
    public Func<string, bool> IsBroken { get; init; } = _ => false;

    private static DateTimeOffset? Time(HttpRequest request, string header) => request.Headers[header].ToString() is not { Length: > 0 } text
        ? null
        : ZohoValues.Instant(text) ?? throw ZohoRefusal.Invalid("invalid data", new() { ["param_name"] = header, ["expected_data_type"] = "datetime" });
}

/// <summary>An answer: JSON, nothing, or a file.</summary>
internal sealed record ZohoReply(int Status, JsonNode? Body, byte[]? File = null)
{
    public static ZohoReply Of((int Status, JsonObject Body) answer) => new(answer.Status, answer.Body);
}
