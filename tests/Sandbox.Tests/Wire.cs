using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Crm.Integration.Sandbox.Tests;

/// <summary>An answer as a test looks at it.</summary>
internal sealed record Answer(int Status, JsonNode? Json, byte[] Bytes, HttpResponseHeaders Headers)
{
    public JsonArray Data => (JsonArray)Json!["data"]!;
    public string? Text(params object[] path) => path.Aggregate(Json, (node, step) => step is int at ? node?[at] : node?[(string)step])?.ToString();
}

/// <summary>Calls with headers and bodies of one's own.</summary>
internal static class Wire
{
    public static async Task<Answer> CallAsync(this Playground playground, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await playground.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && bytes.Length > 0;
        return new Answer((int)response.StatusCode, isJson ? JsonNode.Parse(bytes) : null, bytes, response.Headers);
    }
}
