using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>A request to the CRM.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path from the API's own address, with the query.</param>
internal sealed record ZohoCall(HttpMethod Method, string Path)
{
    public JsonNode? Body { get; init; }

    public int Cost { get; init; } = 1;

    /// <summary>Whether it may be sent again when its answer was lost.</summary>
    public bool Repeatable { get; init; } = true;

    public DateTimeOffset? ModifiedSince { get; init; }

    public DateTimeOffset? UnmodifiedSince { get; init; }

    public static ZohoCall Get(string path) => new(HttpMethod.Get, path);

    public static ZohoCall Post(string path, JsonNode body) => new(HttpMethod.Post, path) { Body = body };
}

/// <summary>An answer of the CRM.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; an empty object when there is none, as when nothing was found.</param>
/// <param name="ServerTime">The server's clock.</param>
internal sealed record ZohoReply(int Status, JsonDocument Body, DateTimeOffset? ServerTime) : IDisposable
{
    public JsonElement Root => Body.RootElement;

    /// <summary>The rows.</summary>
    public IEnumerable<JsonElement> Data => Root.ListOf("data");

    /// <summary>Whether there are more pages.</summary>
    public bool More => Root.TryGetProperty("info", out var info) && info.IsTrue("more_records");

    /// <summary>What to ask the next page with, or null.</summary>
    public string? NextPage => Root.TryGetProperty("info", out var info) ? info.TextOf("next_page_token") : null;

    public void Dispose() => Body.Dispose();
}

/// <summary>Zoho's API: addresses, headers, bodies. The address is the one that came with the token.</summary>
internal sealed class ZohoApi(HttpClient client, OAuth oauth)
{
    public const int PageRows = 200;
    public const int QueryRows = 2_000;
    public const int WriteRows = 100;
    public const int FieldsAtOnce = 50;
    public const int BulkReadRows = 200_000;
    public const int BulkWriteRows = 25_000;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true };

    /// <summary>The calls that are about the organisation, not about records.</summary>
    public IZohoOrganisation Organisation { get; } = RestApi.For<IZohoOrganisation>(client, s_json, ZohoErrors.Odd);

    public async Task<string> AddressAsync(CancellationToken cancellationToken) =>
        (await oauth.TokenAsync(cancellationToken)).Extra.GetValueOrDefault(ZohoGrant.ApiDomain) ?? "";

    /// <summary>The scopes that the token was made with; empty when Zoho does not say.</summary>
    public async Task<string> ScopesAsync(CancellationToken cancellationToken) =>
        (await oauth.TokenAsync(cancellationToken)).Extra.GetValueOrDefault(ZohoGrant.Scope) ?? "";

    /// <summary>Sends a request and reads the answer whole: a page at most.</summary>
    public async Task<ZohoReply> SendAsync(ZohoCall call, CancellationToken cancellationToken)
    {
        using var request = Request(call);
        using var response = await client.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            // No rows are no body.
            var json = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new((int)response.StatusCode, json, response.Headers.Date)
                : throw new JsonException("not an object");
        }
        catch (JsonException exception)
        {
            throw ZohoErrors.Odd(request, exception);
        }
    }

    /// <summary>Asks a query.</summary>
    public Task<ZohoReply> QueryAsync(string statement, int most, CancellationToken cancellationToken) =>
        SendAsync(ZohoCall.Post("/crm/v8/coql", new JsonObject { ["select_query"] = statement }) with { Cost = ZohoCredits.Queried(most) }, cancellationToken);

    /// <summary>Fetches a file; its body is handed through as it comes.</summary>
    public async Task<HttpResponseMessage> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        using var request = Request(ZohoCall.Get(path));
        request.Options.Set(ApiClient.Streamed, true);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Hands a file over for a bulk write.</summary>
    /// <param name="host">The host that takes it, with a slash at its end; empty for the API's own.</param>
    /// <param name="organisation">The organisation's number.</param>
    /// <param name="zip">The file.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The file's id.</returns>
    public async Task<string> UploadAsync(string host, string organisation, byte[] zip, string name, CancellationToken cancellationToken)
    {
        using var content = new MultipartFormDataContent();
        using var file = new ByteArrayContent(zip);
        file.Headers.ContentType = new("application/zip");
        content.Add(file, "file", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{host}crm/v8/upload") { Content = content };
        request.Headers.TryAddWithoutValidation("feature", "bulk-write");
        request.Headers.TryAddWithoutValidation("X-CRM-ORG", organisation);
        // A file that nobody refers to is nothing: it may be sent again.
        request.Options.Set(ApiClient.Repeatable, true);
        using var response = await client.SendAsync(request, cancellationToken);
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return (json.RootElement.TryGetProperty("details", out var details) ? details.TextOf("file_id") : null)
            ?? throw new ConnectorException(FailureKind.Transient, "Zoho took the file of a bulk write but gave no id for it.", "The next run tries again.");
    }

    private static HttpRequestMessage Request(ZohoCall call)
    {
        var request = new HttpRequestMessage(call.Method, call.Path.TrimStart('/'));
        if (call.Body is not null)
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(call.Body)) { Headers = { ContentType = new("application/json") } };
        if (call.ModifiedSince is { } since)
            request.Headers.TryAddWithoutValidation("If-Modified-Since", ZohoTime.Write(since));
        if (call.UnmodifiedSince is { } until)
            request.Headers.TryAddWithoutValidation("If-Unmodified-Since", ZohoTime.Write(until));
        request.Options.Set(ApiClient.Repeatable, call.Repeatable);
        request.Options.Set(ApiClient.Cost, call.Cost);
        return request;
    }
}
