using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>
/// Notifications: a channel for each module, with a number that follows from the connection and the module, so that a hub that forgot
/// everything still knows its own. They carry no signature: the token is all that tells them from a forger's.
/// </summary>
internal sealed class ZohoChannels(ZohoSettings settings, ConnectionContext context)
{
    private const int ShortestToken = 16;
    private const int LongestToken = 50;
    private static readonly TimeSpan s_asked = TimeSpan.FromDays(7);

    /// <summary>Whether a request is a notification of one of our channels.</summary>
    public WebhookVerdict Verify(WebhookRequest request)
    {
        if (request.Method != "POST")
            return new(false, "bad-method");
        if (settings.NotificationToken is not { Length: >= ShortestToken } token)
            return new(false, "no-token-configured");
        var answer = ZohoAnswer.Of(request.Body.Span);
        if (!answer.IsJson || answer.Text("module") is not { } module)
            return new(false, "not-a-notification");
        if (answer.Text("token") is not { } given)
            return new(false, "no-signature");
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(token))))
            return new(false, "bad-signature");
        if (answer.Text("channel_id") != Channel(request.Stream) || module != request.Stream)
            return new(false, "unknown-channel");
        return new(true) { DeliveryId = string.Create(CultureInfo.InvariantCulture, $"{answer.Text("channel_id")} {answer.Text("server_time")} {ContentHash.Of(request.Body.Span):x16}") };
    }

    /// <summary>The records that a notification is about.</summary>
    public static async IAsyncEnumerable<Page> ReadAsync(ZohoApi api, ZohoRows rows, WebhookRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> ids;
        bool isDelete;
        try
        {
            using var json = JsonDocument.Parse(request.Body);
            ids = [.. json.RootElement.ListOf("ids").Select(id => id.ValueKind == JsonValueKind.Number ? id.GetRawText() : id.GetString() ?? "").Where(id => id.Length is > 0 and <= 30 && id.All(char.IsAsciiDigit)).Distinct(StringComparer.Ordinal)];
            isDelete = json.RootElement.TextOf("operation") == "delete";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ConnectorException(FailureKind.Rejected, $"{request.Stream}: a notification of Zoho cannot be read.", "The next pull brings what it was about.", exception);
        }

        if (isDelete)
        {
            yield return new([.. ids.Select(id => rows.Gone(id))]);
            yield break;
        }

        // The values inside are not used: they are only some, and notifications come late and out of order.
        var reading = new ZohoReading(api, rows);
        foreach (var some in ids.Chunk(ZohoApi.WriteRows))
            yield return new(await reading.OfAsync(some, cancellationToken));
    }

    /// <summary>Makes sure that there is a channel for each stream, and that it goes on.</summary>
    /// <returns>When to look again.</returns>
    public async Task<DateTimeOffset?> SubscribeAsync(ZohoApi api, IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken)
    {
        if (streams.Count == 0)
            return null;
        if (settings.NotificationToken is not { Length: >= ShortestToken and <= LongestToken })
        {
            throw new ConnectorException(
                FailureKind.Configuration,
                $"`notificationToken` is {(settings.NotificationToken is null ? "missing" : $"{settings.NotificationToken.Length} characters long")}; without it a notification could not be told from a forger's.",
                $"Set it to any text of {ShortestToken} to {LongestToken} characters.");
        }

        DateTimeOffset? again = null;
        foreach (var stream in streams)
        {
            var renewal = await RenewedAsync(api, stream, new Uri($"{address.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(stream)}"), cancellationToken);
            again = again < renewal ? again : renewal;
        }

        return again;
    }

    private async Task<DateTimeOffset> RenewedAsync(ZohoApi api, string stream, Uri address, CancellationToken cancellationToken)
    {
        var memory = $"zoho channel {stream}";
        var now = context.Clock.GetUtcNow();
        var wanted = ContentHash.Of($"{address} {settings.NotificationToken}").ToString("x16", CultureInfo.InvariantCulture);
        if (await context.Memory.ReadAsync(memory, cancellationToken) is { } known && known.Split(' ') is [var what, var when] && what == wanted && ZohoTime.Read(when) is { } due && due > now)
            return due;

        var watches = new ZohoWatches(new ZohoWatch
        {
            ChannelId = Channel(stream),
            Events = [$"{stream}.create", $"{stream}.edit", $"{stream}.delete"],
            Token = settings.NotificationToken!,
            NotifyUrl = address.AbsoluteUri,
            ChannelExpiry = ZohoTime.Write(now + s_asked),
        });
        // An update renews what is there; without one it is refused, and the channel is made.
        var (granted, code) = await GrantedAsync(api.Organisation.RenewAsync(watches, cancellationToken));
        if (granted is null)
            (granted, code) = await GrantedAsync(api.Organisation.OpenAsync(watches, cancellationToken));
        if (granted is not { } expiry)
            throw new ConnectorException(FailureKind.Configuration, $"Zoho opens no channel for notifications of {stream} ({code ?? "no reason given"}).", "See whether the hub's public address can be reached from outside over https, and whether the module takes notifications.") { Code = code };

        // Zoho grants less than was asked for, a day or even an hour: half of what it did leaves room for a night of failures.
        var renewal = expiry > now ? now + ((expiry - now) / 2) : now.AddMinutes(5);
        await context.Memory.WriteAsync(memory, $"{wanted} {ZohoTime.Write(renewal)}", secret: false, cancellationToken);
        return renewal;
    }

    private static async Task<(DateTimeOffset? Until, string? Code)> GrantedAsync(Task<ZohoWatchAnswers> call)
    {
        try
        {
            var answer = (await call).Watch is [var first, ..] ? first : null;
            return answer is { Status: "success" } ? (answer.Details?.Events?.Min(one => ZohoTime.Read(one?.ChannelExpiry)), null) : (null, answer?.Code);
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.Rejected)
        {
            return (null, exception.Code);
        }
    }

    /// <summary>Our number for a channel: a positive 64-bit integer.</summary>
    public string Channel(string stream) => ((ContentHash.Of($"{context.Name}/{stream}", seed: 8) >> 2) | 1).ToString(CultureInfo.InvariantCulture);
}
