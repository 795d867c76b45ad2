using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using RestEase;
using RestEase.Implementation;

namespace Crm.Integration.Connectors.Http;

/// <summary>
/// Implements an interface that describes calls of an API (RestEase's attributes) over a connection's client, with System.Text.Json. For small
/// calls with typed answers; records in quantity are read by <see cref="JsonRecords"/> and <see cref="CsvBody"/>, which hold a page at a time.
/// </summary>
public static class RestApi
{
    /// <summary>The API. Its calls are repeated, authorized and counted like any other of the client, and fail with the same words.</summary>
    /// <typeparam name="T">The interface that describes it.</typeparam>
    /// <param name="client">The connection's client, of <see cref="ApiClient"/>.</param>
    /// <param name="json">How bodies are written and read.</param>
    /// <param name="odd">What to say of an answer that is not what the interface promises.</param>
    public static T For<T>(HttpClient client, JsonSerializerOptions json, Func<HttpRequestMessage, JsonException, ConnectorException> odd)
        where T : class =>
        RestClient.For<T>(new Calls(client, json, odd));

    private sealed class Calls : Requester
    {
        private readonly HttpClient _client;
        private readonly JsonSerializerOptions _json;
        private readonly Func<HttpRequestMessage, JsonException, ConnectorException> _odd;

        public Calls(HttpClient client, JsonSerializerOptions json, Func<HttpRequestMessage, JsonException, ConnectorException> odd)
            : base(client)
        {
            (_client, _json, _odd) = (client, json, odd);
            RequestBodySerializer = new BodyWriter(json);
        }

        protected override async Task<HttpResponseMessage> SendRequestAsync(IRequestInfo requestInfo, bool readBody)
        {
            using var request = new HttpRequestMessage(requestInfo.Method, ConstructUri(SubstitutePathParameters(requestInfo), requestInfo)) { Content = ConstructContent(requestInfo) };
            ApplyHeaders(requestInfo, request);
            if (requestInfo.MethodInfo.IsDefined(typeof(RepeatableAttribute), inherit: false))
                request.Options.Set(ApiClient.Repeatable, true);
            var response = await _client.SendAsync(request, requestInfo.CancellationToken);
            // JSON is UTF-8, whatever stands there: a name that .NET does not know would end the call.
            response.Content.Headers.ContentType?.CharSet = "utf-8";
            return response;
        }

        protected override T Deserialize<T>(string? content, HttpResponseMessage response, IRequestInfo requestInfo)
        {
            try
            {
                // Several systems answer with no body where there is nothing to tell.
                return JsonSerializer.Deserialize<T>(string.IsNullOrEmpty(content) ? "{}" : content, _json) ?? throw new JsonException("null");
            }
            catch (JsonException exception)
            {
                throw _odd(response.RequestMessage!, exception);
            }
        }
    }

    private sealed class BodyWriter(JsonSerializerOptions json) : RequestBodySerializer
    {
        public override HttpContent SerializeBody<T>(T body, RequestBodySerializerInfo info) =>
            new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, json)) { Headers = { ContentType = new("application/json") } };
    }
}

/// <summary>Marks a POST or PATCH of an interface for <see cref="RestApi"/> that may be sent again although its answer was lost (see <see cref="ApiClient.Repeatable"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RepeatableAttribute : Attribute;
