using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>Reads Insightly's answers: statuses, the daily quota in their headers, and the words of a refusal.</summary>
internal sealed class InsightlyAnswers(string connection, TimeProvider clock) : IAnswerReader
{
    // A throttled call may go on after seconds; what asks for more has run out of the day's calls.
    private static readonly TimeSpan s_longestThrottle = TimeSpan.FromMinutes(5);

    public bool ReadsSuccess => false;

    public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body) =>
        Judge(request, response, body) with { Quota = Quota(response) };

    /// <summary>How many of the day's calls are used and allowed, where the answer says so.</summary>
    public static (long Used, long Limit)? Quota(HttpResponseMessage response) =>
        Header(response, "X-RateLimit-Limit") is { } limit && Header(response, "X-RateLimit-Remaining") is { } remaining && limit > 0 ? (Math.Max(0, limit - remaining), limit) : null;

    /// <summary>The number of a header.</summary>
    public static long? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private Verdict Judge(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var words = response.IsSuccessStatusCode ? "" : Words(body);
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => Failed(FailureKind.Configuration, "does not accept the API key", $"Copy the key anew from User Settings > API into connections/{connection}.json, and take `pod` from the address that stands beside it: a key works on its own pod only."),
            HttpStatusCode.PaymentRequired => Failed(FailureKind.Rejected, $"says that the plan's limit is reached: {words}", "Remove records or move to a larger plan."),
            HttpStatusCode.Forbidden => Failed(FailureKind.Configuration, $"denies access: {words}", "Give the key's user the right to this object, or leave it out where the plan does not have it."),
            HttpStatusCode.NotFound => Failed(FailureKind.Rejected, "has no such record, or no such object in this plan", "Check the stream's name with `hub discover`."),
            HttpStatusCode.TooManyRequests => TooMany(response, words),
            HttpStatusCode.BadRequest or HttpStatusCode.ExpectationFailed or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity =>
                Failed(FailureKind.Rejected, $"refused the request: {words}", "Correct the value or the mapping; the record is tried again when it changes."),
            _ => PlainAnswers.Of(connection, request, response),
        };

        Verdict Failed(FailureKind kind, string what, string fix) => new(VerdictKind.Failed)
        {
            Failure = new(kind, $"{connection}: Insightly {what} ({request.Method} {Path(request)}).", fix) { Code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture) },
        };
    }

    private Verdict TooMany(HttpResponseMessage response, string words)
    {
        var now = clock.GetUtcNow();
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - (response.Headers.Date ?? now) : null;

        // Only a throttled call is told how long to wait; what is refused for the day says so in words at most.
        var ofTheDay = Header(response, "X-RateLimit-Remaining") is 0 || wait > s_longestThrottle || (wait is null && words.Contains("daily", StringComparison.OrdinalIgnoreCase));
        if (!ofTheDay)
            return new(VerdictKind.Throttled);

        // The day is Insightly's, and begins at midnight UTC.
        var until = wait > s_longestThrottle ? now + wait.Value : new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        return new(VerdictKind.Exhausted)
        {
            Failure = new(FailureKind.Transient, $"{connection}: the account has used up its calls of the day at Insightly.", "What was done is saved. Run again when the day is over, give the hub fewer runs, or move to a plan with more calls.")
            {
                PausedUntil = until,
                Code = "429",
            },
        };
    }

    // Either plain text or {"Name":…,"Message":…}; a web page says nothing that helps.
    private static string Words(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4096)]).Trim();
        if (text.Length == 0 || text[0] == '<')
            return "no reason given";
        if (text[0] is not '{' and not '"')
            return text;
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            return json.RootElement.ValueKind switch
            {
                JsonValueKind.Object when json.RootElement.TryGetProperty("Message", out var message) && message.ValueKind == JsonValueKind.String => message.GetString()!,
                JsonValueKind.String => json.RootElement.GetString()!,
                _ => text,
            };
        }
        catch (JsonException)
        {
            // A body that is cut off is still the best explanation there is.
            return text;
        }
    }

    // A search carries what it searches for in its query.
    private static string Path(HttpRequestMessage request) => request.RequestUri!.AbsolutePath;
}

/// <summary>Basic authentication: the API key is the user, the password is empty. There is nothing to renew.</summary>
internal sealed class InsightlyKey(string apiKey) : IAuthorization
{
    private readonly AuthenticationHeaderValue _header = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(apiKey + ":")));

    public ValueTask<string> ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _header;
        return ValueTask.FromResult("key");
    }

    public ValueTask<bool> RenewAsync(string refused, CancellationToken cancellationToken) => ValueTask.FromResult(false);
}
