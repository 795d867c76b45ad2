using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>The calls of Salesforce's data API. Every one may be repeated: writes are upserts, updates by id and deletes by id.</summary>
internal sealed class SalesforceApi(HttpClient client, string version)
{
    /// <summary>The calls that are about the organisation, not about records.</summary>
    public ISalesforceOrganization Organization { get; } = OrganizationOf(client, version);

    /// <summary>A call that is answered with JSON.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Behind the version (<c>query?q=…</c>), or whole as Salesforce gives it (<c>/services/data/…</c>).</param>
    /// <param name="json">The body, or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="header">A header of Salesforce's own, or null.</param>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? json, CancellationToken cancellationToken, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, Address(path));
        request.Options.Set(ApiClient.Repeatable, true);
        if (header is { } own)
            request.Headers.Add(own.Name, own.Value);
        if (json is { } body)
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        using var response = await client.SendAsync(request, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var root = bytes.Length == 0 ? default : Parse(bytes, path);
        return new(root, response.Headers.Date);
    }

    public Task<ApiAnswer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>A GET, read as one of our own types.</summary>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => Read<T>((await GetAsync(path, cancellationToken)).Json, path);

    /// <summary>Reads an answer as one of our own types.</summary>
    public static T Read<T>(JsonElement json, string path)
    {
        try
        {
            return json.Deserialize<T>(SalesforceJson.Options) ?? throw Odd(path, null);
        }
        catch (JsonException exception)
        {
            throw Odd(path, exception);
        }
    }

    /// <summary>A CSV that is sent as a file.</summary>
    public async Task UploadAsync(string path, ReadOnlyMemory<byte> csv, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Address(path)) { Content = new ReadOnlyMemoryContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv", "UTF-8") } } };
        request.Options.Set(ApiClient.Repeatable, true);
        request.Options.Set(ApiClient.Replayable, true);
        using var response = await client.SendAsync(request, cancellationToken);
    }

    /// <summary>A CSV that is read as it comes. Dispose the answer.</summary>
    public async Task<HttpResponseMessage> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        request.Options.Set(ApiClient.Streamed, true);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The pages of a query.</summary>
    /// <param name="soql">The query.</param>
    /// <param name="deletedToo">Whether deleted records are among them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<QueryPage> QueryAsync(string soql, bool deletedToo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"{(deletedToo ? "queryAll" : "query")}?q={Soql.Escape(soql)}";
        while (true)
        {
            var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken, ("Sforce-Query-Options", "batchSize=2000"));
            var page = new QueryPage(answer.Json, answer.At);
            yield return page;
            if (page.Next is not { } next)
                yield break;
            path = next;
        }
    }

    /// <summary>How many records a condition meets, and the server's time when it was asked.</summary>
    public async Task<(long Count, DateTimeOffset? At)> CountAsync(string from, string? where, CancellationToken cancellationToken)
    {
        var answer = await GetAsync($"query?q={Soql.Escape(Soql.Select(["COUNT()"], from, where))}", cancellationToken);
        return (answer.Json.ValueKind == JsonValueKind.Object && answer.Json.TryGetProperty("totalSize", out var total) ? total.GetInt64() : 0, answer.At);
    }

    private static ISalesforceOrganization OrganizationOf(HttpClient client, string version)
    {
        var organization = RestApi.For<ISalesforceOrganization>(client, SalesforceJson.Options, (request, exception) => Odd(request.RequestUri!.AbsolutePath, exception));
        organization.Version = version;
        return organization;
    }

    private Uri Address(string path) => new(path.StartsWith('/') || path.StartsWith("services/", StringComparison.Ordinal) ? path : $"services/data/v{version}/{path}", UriKind.Relative);

    private static JsonElement Parse(byte[] bytes, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(bytes);
        }
        catch (JsonException exception)
        {
            throw Odd(path, exception);
        }
    }

    private static ConnectorException Odd(string path, Exception? inner) => new(FailureKind.Transient, $"Salesforce answered {path.Split('?')[0]} with something that is not what its API promises.", "Run again; if it stays, compare `apiVersion` with what the organisation offers.", inner) { Code = "BAD_ANSWER" };
}

/// <summary>An answer.</summary>
/// <param name="Json">Its body.</param>
/// <param name="At">The server's time.</param>
internal sealed record ApiAnswer(JsonElement Json, DateTimeOffset? At);

/// <summary>A page of a query.</summary>
/// <param name="Json">Its body.</param>
/// <param name="At">The server's time.</param>
internal sealed record QueryPage(JsonElement Json, DateTimeOffset? At)
{
    /// <summary>Its records.</summary>
    public IEnumerable<JsonElement> Records => Json.TryGetProperty("records", out var records) && records.ValueKind == JsonValueKind.Array ? records.EnumerateArray() : [];

    /// <summary>Where the next page is; null at the end. <c>done</c> wins over an address that comes with it.</summary>
    public string? Next => Json.TryGetProperty("done", out var done) && done.ValueKind == JsonValueKind.False && Json.TryGetProperty("nextRecordsUrl", out var next) ? next.GetString() : null;
}
