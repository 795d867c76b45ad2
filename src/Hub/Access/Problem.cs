using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Crm.Integration.Hub.Access;

/// <summary>Why a request is not served (RFC 9457): what, where, what to do. Never holds the content of a record.</summary>
/// <param name="Status">The status.</param>
/// <param name="Title">What the status means.</param>
/// <param name="Detail">What happened.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Field">What of the request is at fault, where one thing is.</param>
internal sealed record Problem(
    int Status,
    string Title,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Fix,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Field)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is written under the media type.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>A problem.</summary>
    public static Problem Of(int status, string detail, string? fix, string? field = null) => new(status, ReasonPhrases.GetReasonPhrase(status), detail, fix, field);

    /// <summary>Answers with it.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = MediaType;
        await context.Response.WriteAsync(JsonSerializer.Serialize(this, s_json), context.RequestAborted);
    }
}
