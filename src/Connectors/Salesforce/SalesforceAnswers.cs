using System.Net;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Reads the answers of Salesforce's data API: codes first, for one status means many things.</summary>
internal sealed class SalesforceAnswers(TimeProvider clock) : IAnswerReader
{
    // The quota is a rolling one: an hour later some of it is free again.
    private static readonly TimeSpan s_quotaPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_concurrencyPause = TimeSpan.FromSeconds(5);

    private const string MatchesKey = "matches";

    public bool ReadsSuccess => false;

    /// <summary>The records that the duplicate rule found which stopped a request.</summary>
    public static IReadOnlyList<string> MatchesOf(ConnectorException exception) => exception.Data[MatchesKey] as IReadOnlyList<string> ?? [];

    public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var verdict = response.IsSuccessStatusCode ? Verdict.Fine : Refusal(request, response, SalesforceError.Parse(body));
        return QuotaOf(response) is { } quota ? verdict with { Quota = quota } : verdict;
    }

    private Verdict Refusal(HttpRequestMessage request, HttpResponseMessage response, SalesforceError? error)
    {
        var status = (int)response.StatusCode;
        var where = $"Salesforce ({request.RequestUri?.Host})";
        var wait = response.Headers.RetryAfter?.Delta;
        switch (error?.Code)
        {
            case "INVALID_SESSION_ID" when Never(error):
                return Failed(new(FailureKind.Configuration, $"{where} does not let this app use the REST API.", "In Setup, open the connected app and give it the OAuth scope \"Manage user data via APIs (api)\"; then sign in anew.") { Code = error.Code });
            case "INVALID_SESSION_ID" or "INVALID_AUTH_HEADER":
                return new(VerdictKind.Unauthorized) { Failure = new(FailureKind.Configuration, $"{where} refuses every new session of this app.", "See under Setup > Login History why: IP ranges, login hours, a deactivated user.") { Code = error.Code } };
            case "REQUEST_LIMIT_EXCEEDED" when !error.Message.Contains("ConcurrentRequests", StringComparison.OrdinalIgnoreCase):
                return new(VerdictKind.Exhausted)
                {
                    Failure = new(FailureKind.Transient, $"{where}: the organisation has used up its API calls of 24 hours.", "What was done is saved, and the next run goes on. Setup > Company Information shows the quota; `reservePercent` keeps a part of it free.")
                    {
                        Code = error.Code,
                        PausedUntil = clock.GetUtcNow() + (wait ?? s_quotaPause),
                    },
                };
            case "REQUEST_LIMIT_EXCEEDED" or "TXN_SECURITY_METERING_ERROR":
                return new(VerdictKind.Throttled) { Wait = wait ?? s_concurrencyPause, Failure = Busy(where, error.Code, "too many calls are under way at the same time") };
            case "UNABLE_TO_LOCK_ROW":
                return new(VerdictKind.Retry) { Wait = wait, Failure = Busy(where, error.Code, "somebody else holds the record") };
            case "QUERY_TIMEOUT" or "REQUEST_RUNNING_TOO_LONG":
                return Failed(Busy(where, error.Code, "the request took longer than Salesforce allows"));
            case "SERVER_UNAVAILABLE" or "UNKNOWN_EXCEPTION" or "APEX_ERROR":
                return new(VerdictKind.Retry) { Wait = wait, Failure = Busy(where, error.Code, $"it answered {status} {error.Code}") };
            case "API_DISABLED_FOR_ORG" or "API_CURRENTLY_DISABLED":
                return Failed(new(FailureKind.Configuration, $"{where}: the API is not enabled for this organisation or user.", "Give the user the permission \"API Enabled\" (profile or permission set); Professional Edition needs the API as an add-on.") { Code = error.Code });
            case "INSUFFICIENT_ACCESS" or "INSUFFICIENT_ACCESS_OR_READONLY" or "FORBIDDEN" or "API_NOT_ENABLED" or "OPERATION_NOT_ALLOWED":
                return Failed(new(FailureKind.Configuration, $"{where}: the user of the connection has no right to {What(request)}.", "Give the user a permission set with \"API Enabled\" and the rights on the object; the app needs the OAuth scope \"api\".") { Code = error.Code });
            case "INVALID_TYPE":
                return Failed(new(FailureKind.Configuration, $"{where} has no such object, or the user may not see it: {error.Message}", "Use the object's API name as `hub discover` shows it: custom ones end in `__c`.") { Code = error.Code });
            case "MALFORMED_QUERY" or "INVALID_FIELD":
                return Failed(new(FailureKind.Configuration, $"{where} refuses the query: {error.Message}", "See with `hub discover` which fields the object has; one that is missing there is not visible to the user (field-level security).") { Code = error.Code });
            case "DUPLICATES_DETECTED":
                var found = new ConnectorException(FailureKind.Rejected, $"{where}: a duplicate rule stopped {What(request)}.", "See `onDuplicateRule` of the connection.") { Code = error.Code };
                found.Data[MatchesKey] = error.Matches;
                return Failed(found);
            case { } code when status is not (429 or >= 500):
                return Failed(new(status == 404 && code == "NOT_FOUND" && request.Method == HttpMethod.Get ? FailureKind.Configuration : FailureKind.Rejected, $"{where} refused {What(request)}: {code}.", "Look the code up in Salesforce's REST API guide; `hub discover` shows what the object takes.") { Code = code });
            default:
                return ByStatus(request, response, status, where, wait);
        }
    }

    private static Verdict ByStatus(HttpRequestMessage request, HttpResponseMessage response, int status, string where, TimeSpan? wait)
    {
        switch (status)
        {
            case 300:
                return Failed(new(FailureKind.Rejected, $"{where}: more than one record has this external id.", "Make the field unique, or merge the records in Salesforce.") { Code = "MULTIPLE_CHOICES" });
            case 401:
                return new(VerdictKind.Unauthorized) { Failure = new(FailureKind.Configuration, $"{where} refuses the session.", "Check the app and its user in Setup > Login History.") };
            case 412:
                return Failed(new(FailureKind.Rejected, $"{where}: somebody changed the record meanwhile.", "The next run reads the change first.") { Code = "PRECONDITION_FAILED" });
            case 414 or 431:
                return Failed(new(FailureKind.Rejected, $"{where}: the address of the request is too long.", "Map fewer fields of the object.") { Code = "URI_TOO_LONG" });
            case 429:
                return new(VerdictKind.Throttled) { Wait = wait ?? s_concurrencyPause, Failure = Busy(where, null, "too many calls") };
            case 406 or 408 or 420 or >= 500:
                return new(VerdictKind.Retry) { Wait = wait, Failure = Busy(where, null, $"it answered {status}") };
            case 404:
                return Failed(new(FailureKind.Configuration, $"{where} does not know {What(request)}.", "Check `loginUrl` and `apiVersion` of the connection.") { Code = "NOT_FOUND" });
            case >= 300 and < 400:
                return Failed(new(FailureKind.Configuration, $"{where} points to another address ({response.Headers.Location?.Host}).", "Use the organisation's My Domain as `loginUrl`."));
            case 403:
                return Failed(new(FailureKind.Configuration, $"{where}: the user of the connection has no right to {What(request)}.", "Give the user \"API Enabled\", and the app the OAuth scope \"api\". An IP restriction shows in Setup > Login History."));
            default:
                return Failed(new(FailureKind.Rejected, $"{where} refused {What(request)} with status {status}.", "See Setup > API usage and Salesforce's status page.") { Code = ((HttpStatusCode)status).ToString() });
        }
    }

    private static Verdict Failed(ConnectorException failure) => new(VerdictKind.Failed) { Failure = failure };

    private static ConnectorException Busy(string where, string? code, string why) =>
        new(FailureKind.Transient, $"{where} cannot answer now: {why}.", "The next run goes on from here. If it lasts, see https://status.salesforce.com.") { Code = code };

    // Sessions that no renewal makes good.
    private static bool Never(SalesforceError error) =>
        error.Message.Contains("not valid for use with the", StringComparison.OrdinalIgnoreCase) || error.Message.Contains("not attached to Agent", StringComparison.OrdinalIgnoreCase);

    private static string What(HttpRequestMessage request)
    {
        var path = request.RequestUri?.AbsolutePath ?? "";
        var data = path.IndexOf("/services/data/", StringComparison.Ordinal);
        return $"{request.Method} {(data < 0 ? path : path[(data + "/services/data/".Length)..])}";
    }

    // "api-usage=45/15000, per-app-api-usage=17/250(appName=x)"
    private static (long Used, long Limit)? QuotaOf(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Sforce-Limit-Info", out var values))
            return null;
        foreach (var part in string.Join(",", values).Split([',', ';'], StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("api-usage=", StringComparison.OrdinalIgnoreCase)
                && part["api-usage=".Length..].Split('/') is [var used, var limit]
                && long.TryParse(used, out var usedCalls) && long.TryParse(limit, out var allowed) && allowed > 0)
            {
                return (usedCalls, allowed);
            }
        }

        return null;
    }
}
