using System.Globalization;
using System.Net;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Tells what an answer of the CRM means as a whole. What it says of single records is for <see cref="ZohoRefusal"/>.</summary>
internal sealed class ZohoAnswers(ZohoSettings settings, TimeProvider clock) : IAnswerReader
{
    // Credits come back little by little as the calls of the last 24 hours grow old.
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private object? _refusing;

    public bool ReadsSuccess => false;

    public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var verdict = Judge(request, response, body);
        return Left(response) is { } left ? verdict with { Quota = (Math.Max(0, ZohoCredits.ADay(settings) - left), ZohoCredits.ADay(settings)) } : verdict;
    }

    private Verdict Judge(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var status = (int)response.StatusCode;
        if (status != 429)
            _refusing = null;
        if (status < 300 || response.StatusCode == HttpStatusCode.NotModified)
            return Verdict.Fine;
        var answer = ZohoAnswer.Of(body);
        var code = answer.Text("code");
        return status switch
        {
            _ when code == "OAUTH_SCOPE_MISMATCH" => new(VerdictKind.Failed) { Failure = ZohoErrors.MissingScope(request) },
            401 => new(VerdictKind.Unauthorized) { Failure = ZohoErrors.Of(request, status, answer) },
            < 400 => new(VerdictKind.Failed) { Failure = NotZoho(request, status) },
            429 when Left(response) is <= 0 || HasRefusedLong() || SpeaksOfCredits(answer) || code is "API_LIMIT_EXCEEDED" or "DAILY_LIMIT_EXCEEDED" => new(VerdictKind.Exhausted) { Failure = CreditsUsed(clock.GetUtcNow() + s_pause) },
            // It does not say which of its limits it was, nor how long to wait. Few requests run at once, so that when it goes on refusing
            // the credits of the day are gone.
            429 => new(VerdictKind.Throttled) { Failure = CreditsUsed(clock.GetUtcNow() + s_pause) },
            408 or >= 500 => new(VerdictKind.Retry) { Failure = Unwell(request, status, code) },
            // Each record has its own answer inside, also when all were refused.
            _ when answer.HasRecords => Verdict.Fine,
            _ when !answer.IsJson => new(VerdictKind.Retry) { Failure = NotZoho(request, status) },
            _ => new(VerdictKind.Failed) { Failure = ZohoErrors.Of(request, status, answer) },
        };
    }

    private static bool SpeaksOfCredits(ZohoAnswer answer) => answer.Text("message")?.Contains("credit", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether nothing but refusals came for a good while.</summary>
    private bool HasRefusedLong()
    {
        var now = clock.GetTimestamp();
        return Interlocked.CompareExchange(ref _refusing, now, null) is long first && clock.GetElapsedTime(first, now) > s_patience;
    }

    private static long? Left(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-API-CREDITS-REMAINING", out var values) && long.TryParse(values.FirstOrDefault(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var left) ? left : null;

    private static ConnectorException CreditsUsed(DateTimeOffset until) => new(
        FailureKind.Transient,
        "Zoho takes no more requests (TOO_MANY_REQUESTS): the credits of the last 24 hours are used up, or other programs use all the requests that may run at once.",
        "What was done is saved, and the next run goes on from there. See in Zoho under Setup, Developer Hub, APIs and SDKs who uses the credits; `reservePercent` keeps some back.")
    {
        Code = "TOO_MANY_REQUESTS",
        PausedUntil = until,
    };

    private static ConnectorException Unwell(HttpRequestMessage request, int status, string? code) => new(
        FailureKind.Transient,
        $"Zoho has a fault of its own: status {status}{(code is null ? "" : $" {code}")} at {ZohoErrors.Place(request)}.",
        "The next run tries again. If it goes on, look at status.zoho.com.") { Code = code };

    private static ConnectorException NotZoho(HttpRequestMessage request, int status) => new(
        FailureKind.Transient,
        $"What answered at {request.RequestUri?.Host} is not Zoho's API: status {status} and a web page or something cut off, at {ZohoErrors.Place(request)}.",
        "It is tried again. If it goes on, see whether a proxy or a firewall stands between.");
}

/// <summary>What the accounts server's answers mean: it gives no token, and a status that says little.</summary>
internal sealed class ZohoTokenAnswers(ZohoGrant grant) : IAnswerReader
{
    public bool ReadsSuccess => true;

    public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var answer = ZohoAnswer.Of(body);
        if (answer.Text("access_token") is { Length: > 0 })
            return Verdict.Fine;
        var failure = grant.Refusal(answer);
        if (failure.Kind == FailureKind.Configuration)
            return new(VerdictKind.Failed) { Failure = failure };
        // Asking again at once makes a throttled token endpoint wait longer still.
        return failure.RetryAfter is { } wait
            ? new(VerdictKind.Failed) { Failure = failure, Wait = wait }
            : new(response.StatusCode == HttpStatusCode.NotFound ? VerdictKind.Failed : VerdictKind.Retry) { Failure = failure };
    }
}
