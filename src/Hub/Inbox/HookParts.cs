using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Crm.Integration.Hub.Inbox;

/// <summary>The headers of a request as connectors look at them, without a copy; good until the request has been answered.</summary>
internal sealed class HookHeaders(IHeaderDictionary headers) : IReadOnlyDictionary<string, string>
{
    public int Count => headers.Count;

    public IEnumerable<string> Keys => headers.Keys;

    public IEnumerable<string> Values => headers.Select(header => header.Value.ToString());

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();

    public bool ContainsKey(string key) => headers.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        var found = headers.TryGetValue(key, out var values);
        value = found ? values.ToString() : null;
        return found;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>The members of a query as connectors look at them; read when they do.</summary>
internal sealed class HookQuery(HttpRequest request) : IReadOnlyDictionary<string, string>
{
    public int Count => request.Query.Count;

    public IEnumerable<string> Keys => request.Query.Keys;

    public IEnumerable<string> Values => request.Query.Select(member => member.Value.ToString());

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();

    public bool ContainsKey(string key) => request.Query.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        var found = request.Query.TryGetValue(key, out var values);
        value = found ? values.ToString() : null;
        return found;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => request.Query.Select(member => KeyValuePair.Create(member.Key, member.Value.ToString())).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What is stored of headers and query: the content type, and what the connection says that it will look at. All else may hold secrets.</summary>
internal static class StoredParts
{
    private const string PlainJson = """{"Content-Type":"application/json"}""";

    // What is longer is nothing that any reader looks for.
    private const int Longest = 1000;

    /// <summary>The headers as a JSON object.</summary>
    public static string Headers(HttpRequest request, IReadOnlyList<string> needed)
    {
        var type = request.ContentType;
        return needed.Count == 0 && type is null ? "{}"
            : needed.Count == 0 && type == "application/json" ? PlainJson
            : Json(needed.Prepend("Content-Type"), name => request.Headers[name]);
    }

    /// <summary>The members of the query as a JSON object.</summary>
    public static string Query(HttpRequest request, IReadOnlyList<string> needed) =>
        needed.Count == 0 || !request.QueryString.HasValue ? "{}" : Json(needed, name => request.Query[name]);

    private static string Json(IEnumerable<string> names, Func<string, StringValues> valueOf)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (valueOf(name) is { Count: > 0 } found && found.ToString() is { Length: <= Longest } value)
                values[name] = value;
        }

        return JsonSerializer.Serialize(values);
    }
}
