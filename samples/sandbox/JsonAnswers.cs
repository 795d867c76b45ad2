using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox;

/// <summary>JSON as real systems send it: text of all languages as it is, not as escapes.</summary>
internal static class JsonAnswers
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Bytes(JsonNode? node) => JsonSerializer.SerializeToUtf8Bytes(node, Options);

    /// <summary>Answers a status with a JSON body; null: with none.</summary>
    public static Task WriteJsonAsync(this HttpContext context, int status, JsonNode? body)
    {
        context.Response.StatusCode = status;
        return body is null ? Task.CompletedTask : context.WriteBytesAsync("application/json;charset=UTF-8", Bytes(body));
    }

    public static async Task WriteBytesAsync(this HttpContext context, string type, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The body as a JSON value; null when there is none or it is not JSON.</summary>
    public static async Task<JsonNode?> ReadJsonAsync(this HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            // What a vendor says about a broken body is the vendor's business.
            return null;
        }
    }
}
