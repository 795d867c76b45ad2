using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>Some records of an object.</summary>
/// <param name="Records">The records.</param>
/// <param name="Total">How many there are in all, where Insightly says so.</param>
/// <param name="At">Insightly's time; null when it does not tell.</param>
/// <param name="Quota">How many of the day's calls are used and allowed, where Insightly says so.</param>
internal sealed record InsightlyPage(IReadOnlyList<JsonElement> Records, long? Total, DateTimeOffset? At, (long Used, long Limit)? Quota);

/// <summary>The requests that the connector makes.</summary>
internal sealed class InsightlyApi(HttpClient client)
{
    public const int MostRecords = 500;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper, RespectNullableAnnotations = true };

    /// <summary>The calls that are about the account, not about records.</summary>
    public IInsightlyAccount Account { get; } = RestApi.For<IInsightlyAccount>(client, s_json, (request, exception) => Strange(request, "not what Insightly's API promises", exception));

    /// <summary>Records of an object, of all or of those that changed since an instant. Insightly's "after" leaves out the second itself, so it is told the one before.</summary>
    public Task<InsightlyPage> ListAsync(string name, DateTimeOffset? changedSince, int skip, int top, bool brief, CancellationToken cancellationToken)
    {
        var what = changedSince is { } since ? $"{name}/Search?updated_after_utc={InsightlyValues.InQuery(since.AddSeconds(-1))}&" : $"{name}?";
        return PageAsync($"{what}brief={(brief ? "true" : "false")}&skip={skip}&top={top}&count_total=true", cancellationToken);
    }

    /// <summary>Records in which a field has a value, as Insightly compares.</summary>
    public async Task<IReadOnlyList<JsonElement>> FindAsync(string name, string field, string value, int top, CancellationToken cancellationToken) =>
        (await PageAsync($"{name}/Search?field_name={Uri.EscapeDataString(field)}&field_value={Uri.EscapeDataString(value)}&top={top}", cancellationToken)).Records;

    /// <summary>A record, or null when it is gone.</summary>
    public async Task<JsonElement?> GetAsync(string name, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonAsync(new HttpRequestMessage(HttpMethod.Get, $"{name}/{Uri.EscapeDataString(id)}"), cancellationToken);
        }
        catch (ConnectorException exception) when (exception.Code == "404")
        {
            return null;
        }
    }

    /// <summary>Makes a record. When its answer is lost, nobody knows whether it was made: the caller has to look.</summary>
    public Task<JsonElement> CreateAsync(string name, JsonObject record, CancellationToken cancellationToken) =>
        JsonAsync(new HttpRequestMessage(HttpMethod.Post, name) { Content = Content(record) }, cancellationToken);

    /// <summary>Changes a record; members that are not sent stay. Not repeated by itself: somebody may have changed the record between two attempts.</summary>
    public Task<JsonElement> UpdateAsync(string name, string id, JsonObject record, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"{name}/{Uri.EscapeDataString(id)}") { Content = Content(record) };
        request.Options.Set(ApiClient.Repeatable, false);
        return JsonAsync(request, cancellationToken);
    }

    /// <summary>Removes a record.</summary>
    /// <returns>False when it was gone already.</returns>
    public async Task<bool> DeleteAsync(string name, string id, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, $"{name}/{Uri.EscapeDataString(id)}");
            using var response = await client.SendAsync(request, cancellationToken);
            return true;
        }
        catch (ConnectorException exception) when (exception.Code == "404")
        {
            return false;
        }
    }

    private async Task<InsightlyPage> PageAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await client.SendAsync(request, cancellationToken);
        var json = Parse(request, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        if (json.ValueKind != JsonValueKind.Array)
            throw Strange(request, "not a list");
        return new([.. json.EnumerateArray()], InsightlyAnswers.Header(response, "X-Total-Count"), response.Headers.Date, InsightlyAnswers.Quota(response));
    }

    private async Task<JsonElement> JsonAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using var request = message;
        using var response = await client.SendAsync(request, cancellationToken);
        return Parse(request, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static JsonElement Parse(HttpRequestMessage request, byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException exception)
        {
            throw Strange(request, "not JSON", exception);
        }
    }

    private static ConnectorException Strange(HttpRequestMessage request, string what, Exception? inner = null) => new(
        FailureKind.Transient,
        $"The answer to {request.Method} {request.RequestUri!.OriginalString.Split('?')[0]} is {what}.",
        "See whether `pod` and `baseUrl` lead to Insightly itself and not to a proxy, then run again.",
        inner) { MayHaveActed = request.Method != HttpMethod.Get };

    private static ByteArrayContent Content(JsonObject record)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(record.ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
