using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Hub.Inbox;

/// <summary>A message that waits to be taken.</summary>
internal sealed record WaitingMessage
{
    public long Id { get; init; }

    public long ReceivedAt { get; init; }

    public string Method { get; init; } = "";

    public string Headers { get; init; } = "{}";

    public string Query { get; init; } = "{}";

    public byte[] Body { get; init; } = [];

    /// <summary>How often it was begun and not ended: by a program that died over it, or a failure that nobody foresaw.</summary>
    public long Attempts { get; init; }

    /// <summary>As it came in.</summary>
    public WebhookRequest Request(string stream) =>
        new(stream, Method, Members(Headers), Members(Query), Body, DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt));

    private static Dictionary<string, string> Members(string json) =>
        new(JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [], StringComparer.OrdinalIgnoreCase);
}
