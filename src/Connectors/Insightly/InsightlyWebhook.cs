using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>
/// What a workflow of Insightly sends: the record as it was then, with Basic authentication and no signature. Only its id is taken; the
/// record itself is read anew.
/// </summary>
internal sealed class InsightlyWebhook(InsightlySettings settings)
{
    public WebhookVerdict Verify(WebhookRequest request)
    {
        if (settings.WebhookUser is null || settings.WebhookPassword is null)
            return new(false, "no-credentials-set");
        if (request.Headers.FirstOrDefault(header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Value is not { } given || !given.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return new(false, "no-signature");
        var expected = Encoding.UTF8.GetBytes($"{settings.WebhookUser}:{settings.WebhookPassword}");
        var sent = new byte[given.Length];
        var known = Convert.TryFromBase64String(given[6..].Trim(), sent, out var length);
        return known & CryptographicOperations.FixedTimeEquals(SHA256.HashData(expected), SHA256.HashData(sent.AsSpan(0, length)))
            ? new(true)
            : new(false, "bad-signature");
    }

    /// <summary>The id of the record that a request is about; null when it is about none of the object.</summary>
    /// <exception cref="ConnectorException">The body is not what Insightly sends.</exception>
    public static string? RecordId(WebhookRequest request, InsightlyObject known)
    {
        try
        {
            using var json = JsonDocument.Parse(request.Body);
            var entity = json.RootElement;
            if (entity.ValueKind == JsonValueKind.Object && entity.TryGetProperty("entity", out var inner))
                entity = inner;
            return entity.ValueKind == JsonValueKind.Object && entity.TryGetProperty(known.IdField, out var id) && id.ValueKind is JsonValueKind.Number or JsonValueKind.String ? id.ToString() : null;
        }
        catch (JsonException exception)
        {
            throw new ConnectorException(FailureKind.Rejected, $"The webhook for {known.Name} holds no JSON.", "Let the workflow in Insightly send the record as JSON. The next pull brings what this one was about.", exception);
        }
    }
}
