using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Hub.Configuration.Settings;

namespace Crm.Integration.Hub.Alerts;

/// <summary>Sends messages to where somebody reads them.</summary>
/// <param name="clock">The time.</param>
internal sealed class AlertChannel(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    // A redirection would carry the message, and its signature, to somewhere nobody named.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends a message.</summary>
    /// <param name="channel">Where to.</param>
    /// <param name="message">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AlertException">It has not arrived, as far as one can know; says why, and holds no secret.</exception>
    public async Task SendAsync(AlertChannelSettings channel, AlertMessage message, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(s_patience, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await (channel.Kind == AlertChannelKind.Email ? MailAsync(channel, message, over.Token) : PostAsync(channel, message, over.Token));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AlertException($"no answer within {s_patience.TotalSeconds:N0} seconds", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or SmtpException or FormatException or UriFormatException or IOException)
        {
            // Of an address only the host is told: the rest is what lets people post there.
            throw new AlertException($"{Place(channel)}: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Place(AlertChannelSettings channel) =>
        channel.Kind == AlertChannelKind.Email ? FormattableString.Invariant($"{channel.Host}:{channel.Port}") : Uri.TryCreate(channel.Url, UriKind.Absolute, out var address) ? address.Host : "the address";

    private static async Task MailAsync(AlertChannelSettings channel, AlertMessage message, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient(channel.Host, channel.Port) { EnableSsl = channel.StartTls };
        if (channel.User is not null)
            client.Credentials = new NetworkCredential(channel.User, channel.Password);
        using var mail = new MailMessage { From = new MailAddress(channel.From!), Subject = message.Subject, SubjectEncoding = Encoding.UTF8, Body = message.Plain, BodyEncoding = Encoding.UTF8 };
        foreach (var recipient in channel.To)
            mail.To.Add(recipient);

        // So that no holiday notice answers, and the mails of one trouble stand together.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        if (message.Alert is not null)
            mail.Headers.Add("References", $"<{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.Hub + message.Alert + message.Since?.ToUnixTimeSeconds())))[..32]}@hub.invalid>");
        if (message.Html is not null)
            mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(message.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        await client.SendMailAsync(mail, cancellationToken);
    }

    private async Task PostAsync(AlertChannelSettings channel, AlertMessage message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(BodyOf(channel.Kind, message), AlertMessage.Json);
        using var request = new HttpRequestMessage(HttpMethod.Post, channel.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        if (channel.Secret is not null)
            request.Headers.Add("X-Hub-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(channel.Secret), body)));
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new AlertException($"{Place(channel)} answered {(int)answer.StatusCode}");

        // A robot refuses with status 200.
        if (channel.Kind == AlertChannelKind.Wecom
            && await JsonSerializer.DeserializeAsync<JsonObject>(await answer.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken) is { } said
            && said["errcode"]?.GetValue<int>() is { } code and not 0)
            throw new AlertException(FormattableString.Invariant($"{Place(channel)} refused it with code {code}"));
    }

    private static object BodyOf(AlertChannelKind kind, AlertMessage message) => kind switch
    {
        AlertChannelKind.Slack => new JsonObject { ["text"] = $"*{message.Subject}*\n{message.Plain}" },
        AlertChannelKind.Wecom => new JsonObject { ["msgtype"] = "markdown", ["markdown"] = new JsonObject { ["content"] = Cut($"**{message.Subject}**\n{message.Plain}", 4000) } },
        AlertChannelKind.Teams => new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["content"] = new JsonObject
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                    ["type"] = "AdaptiveCard",
                    ["version"] = "1.4",
                    ["body"] = new JsonArray(TextBlock(message.Subject, bold: true), TextBlock(message.Plain, bold: false)),
                },
            }),
        },
        _ => message with { Html = null },
    };

    private static JsonObject TextBlock(string text, bool bold) => new() { ["type"] = "TextBlock", ["text"] = text, ["wrap"] = true, ["weight"] = bold ? "Bolder" : "Default" };

    // The robot counts bytes.
    private static string Cut(string text, int bytes)
    {
        while (Encoding.UTF8.GetByteCount(text) > bytes)
            text = text[..^(text.Length / 10 + 1)];
        return text;
    }
}

/// <summary>A message has not arrived.</summary>
internal sealed class AlertException(string message, Exception? inner = null) : Exception(message, inner);
