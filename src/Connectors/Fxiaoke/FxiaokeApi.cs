using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>A condition of a query.</summary>
/// <param name="Field">The field.</param>
/// <param name="Operator">Fxiaoke's word: EQ, GT, GTE.</param>
/// <param name="Value">The value as text.</param>
internal sealed record FxiaokeFilter(string Field, string Operator, string Value);

/// <summary>What a query gave.</summary>
/// <param name="Records">The records.</param>
/// <param name="Total">How many there are, where it was asked for.</param>
/// <param name="At">Fxiaoke's time; null when it does not tell.</param>
internal sealed record FxiaokePage(IReadOnlyList<JsonElement> Records, long? Total, DateTimeOffset? At);

/// <summary>The requests that the connector makes: all are POST, reads too.</summary>
internal sealed class FxiaokeApi(HttpClient client)
{
    public const int MostRecords = 100;

    /// <summary>The objects of the company.</summary>
    public async Task<JsonElement> ObjectsAsync(CancellationToken cancellationToken) => (await SendAsync("cgi/crm/v2/object/list", new JsonObject(), reads: true, cancellationToken)).Json;

    /// <summary>The description of an object.</summary>
    public async Task<JsonElement> DescribeAsync(string name, CancellationToken cancellationToken) =>
        (await SendAsync("cgi/crm/v2/object/describe", new JsonObject { ["includeDetail"] = false, ["data"] = new JsonObject { ["apiName"] = name } }, reads: true, cancellationToken)).Json;

    /// <summary>Records of an object by their ids, the first ones that fit.</summary>
    public async Task<FxiaokePage> QueryAsync(string name, IEnumerable<FxiaokeFilter> filters, IEnumerable<string> fields, int limit, CancellationToken cancellationToken, bool countAll = false, bool withEmpty = false)
    {
        var info = new JsonObject
        {
            ["limit"] = limit,
            // Never more: past 10,000 Fxiaoke refuses, so a page begins behind the last id.
            ["offset"] = 0,
            ["filters"] = new JsonArray([.. filters.Select(filter => new JsonObject { ["field_name"] = filter.Field, ["operator"] = filter.Operator, ["field_values"] = new JsonArray(filter.Value) })]),
            ["orders"] = new JsonArray(new JsonObject { ["fieldName"] = FxiaokeObject.Id, ["isAsc"] = true }),
            ["fieldProjection"] = new JsonArray([.. fields.Select(field => JsonValue.Create(field))]),
        };
        var body = new JsonObject
        {
            ["returnTotalNum"] = countAll ? 1 : 3,
            ["data"] = new JsonObject { ["dataObjectApiName"] = name, ["find_explicit_total_num"] = countAll, ["search_query_info"] = info },
        };
        if (withEmpty)
            body["includeNull"] = true;
        var (json, at) = await SendAsync(Path(name, "query"), body, reads: true, cancellationToken);
        var totals = Places(json).Select(place => FxiaokeObject.Member(place, "total")).Where(total => countAll && total.ValueKind == JsonValueKind.Number);
        return new(Rows(json), totals.Select(total => (long?)total.GetInt64()).FirstOrDefault(), at);
    }

    /// <summary>A record as it is this moment; null when Fxiaoke gives none.</summary>
    public async Task<JsonElement?> GetAsync(string name, string id, CancellationToken cancellationToken)
    {
        var (json, _) = await SendAsync(Path(name, "get"), new JsonObject { ["data"] = new JsonObject { ["dataObjectApiName"] = name, ["objectDataId"] = id } }, reads: true, cancellationToken);
        return FxiaokeObject.Member(json, "data") is { ValueKind: JsonValueKind.Object } record && record.TryGetProperty(FxiaokeObject.Id, out _) ? record : null;
    }

    /// <summary>Makes a record, with workflows and approvals switched off: an import must not start thousands of them.</summary>
    /// <returns>Its id; null where Fxiaoke does not tell it.</returns>
    public async Task<string?> CreateAsync(string name, JsonObject record, CancellationToken cancellationToken)
    {
        record["dataObjectApiName"] = name;
        var body = new JsonObject
        {
            ["triggerApprovalFlow"] = false,
            ["triggerWorkFlow"] = false,
            ["data"] = new JsonObject
            {
                ["object_data"] = record,
                ["details"] = new JsonObject(),
                ["optionInfo"] = new JsonObject { ["isDuplicateSearch"] = true, ["useValidationRule"] = true, ["skipFuncValidate"] = false },
            },
        };
        return FxiaokeObject.Text((await SendAsync(Path(name, "create"), body, reads: false, cancellationToken)).Json, "dataId");
    }

    /// <summary>Changes the members of a record that are sent.</summary>
    public Task UpdateAsync(string name, string id, JsonObject record, CancellationToken cancellationToken)
    {
        record[FxiaokeObject.Id] = id;
        record["dataObjectApiName"] = name;
        var body = new JsonObject { ["triggerApprovalFlow"] = false, ["triggerWorkFlow"] = false, ["data"] = new JsonObject { ["object_data"] = record } };
        return SendAsync(Path(name, "update"), body, reads: false, cancellationToken);
    }

    /// <summary>Gives a record another owner; an update cannot.</summary>
    public Task ChangeOwnerAsync(string name, string id, JsonNode owner, CancellationToken cancellationToken) =>
        SendAsync(Path(name, "changeOwner"), new JsonObject { ["data"] = new JsonObject { ["dataObjectApiName"] = name, ["Data"] = new JsonArray(new JsonObject { ["objectDataId"] = id, ["ownerId"] = owner }) } }, reads: false, cancellationToken);

    /// <summary>Puts a record into the recycle bin.</summary>
    public Task InvalidateAsync(string name, string id, CancellationToken cancellationToken) =>
        SendAsync(Path(name, "invalid"), new JsonObject { ["data"] = new JsonObject { ["dataObjectApiName"] = name, ["object_data_id"] = id } }, reads: false, cancellationToken);

    /// <summary>Removes a record that lies in the recycle bin.</summary>
    public Task DeleteAsync(string name, string id, CancellationToken cancellationToken) =>
        SendAsync(Path(name, "delete"), new JsonObject { ["data"] = new JsonObject { ["dataObjectApiName"] = name, ["idList"] = new JsonArray(id) } }, reads: false, cancellationToken);

    private static string Path(string name, string what) => $"cgi/crm/{(FxiaokeObject.IsCustom(name) ? "custom/" : "")}v2/data/{what}";

    // Fxiaoke puts the rows in one of several places.
    private static List<JsonElement> Rows(JsonElement json)
    {
        foreach (var place in Places(json))
        {
            if (FxiaokeObject.Member(place, "dataList") is { ValueKind: JsonValueKind.Array } list)
                return [.. list.EnumerateArray()];
            if (place.ValueKind == JsonValueKind.Array)
                return [.. place.EnumerateArray()];
            if (FxiaokeObject.Member(place, FxiaokeObject.Id).ValueKind == JsonValueKind.String)
                return [place];
        }

        return [];
    }

    private static JsonElement[] Places(JsonElement json) => [FxiaokeObject.Member(json, "data"), FxiaokeObject.Member(json, "result")];

    private async Task<(JsonElement Json, DateTimeOffset? At)> SendAsync(string path, JsonObject body, bool reads, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Options.Set(ApiClient.Repeatable, reads);
        request.Options.Set(ApiClient.Kind, path);
        using var response = await client.SendAsync(request, cancellationToken);
        try
        {
            return (JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellationToken)), response.Headers.Date);
        }
        catch (JsonException exception)
        {
            throw new ConnectorException(FailureKind.Transient, $"Fxiaoke's answer to {path} is broken.", "Run again; if it stays, see whether a proxy changes answers.", exception) { MayHaveActed = !reads };
        }
    }
}
