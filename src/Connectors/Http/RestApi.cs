using System.Text.Json;
using System.Text.Json.Serialization;
using RestEase;

namespace Crm.Integration.Connectors.Http;

/// <summary>Implements an interface that describes an API (RestEase's attributes) over a connection's client, with System.Text.Json.</summary>
public static class RestApi
{
    /// <summary>How bodies are written and read unless said otherwise: camelCase members, what is null left out.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The API.</summary>
    /// <typeparam name="T">The interface that describes it.</typeparam>
    /// <param name="client">The connection's client: failures come out of it as they do without RestEase.</param>
    /// <param name="json">How bodies are written and read; null for <see cref="Json"/>.</param>
    public static T For<T>(HttpClient client, JsonSerializerOptions? json = null)
        where T : class =>
        new RestClient(client) { RequestBodySerializer = new Writer(json ?? Json), ResponseDeserializer = new Reader(json ?? Json) }.For<T>();

    private sealed class Writer(JsonSerializerOptions json) : RequestBodySerializer
    {
        public override HttpContent? SerializeBody<T>(T body, RequestBodySerializerInfo info) =>
            body is null ? null : new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, json)) { Headers = { ContentType = new("application/json") { CharSet = "utf-8" } } };
    }

    private sealed class Reader(JsonSerializerOptions json) : ResponseDeserializer
    {
        public override T Deserialize<T>(string? content, HttpResponseMessage response, ResponseDeserializerInfo info) =>
            string.IsNullOrEmpty(content) ? default! : JsonSerializer.Deserialize<T>(content, json)!;
    }
}
