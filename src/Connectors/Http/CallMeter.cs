using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Crm.Integration.Connectors.Http;

/// <summary>Counts and traces what connections ask of their systems. Says who was asked and how it went; never what.</summary>
internal static class CallMeter
{
    private const string Name = "Crm.Integration.Connectors";

    private static readonly Meter s_meter = new(Name);
    private static readonly ActivitySource s_traces = new(Name);
    private static readonly Counter<long> s_calls = s_meter.CreateCounter<long>("hub.connector.calls", "{call}", "Calls that connections made, by the class of the answer's status; none where there was no answer.");
    private static readonly Counter<long> s_retries = s_meter.CreateCounter<long>("hub.connector.retries", "{call}", "Calls that were made once more, since the one before failed.");
    private static readonly Histogram<double> s_durations = s_meter.CreateHistogram<double>("hub.connector.call.duration", "s", "How long systems took to answer a call.");

    // Asked when somebody reads the metrics.
    private static readonly ObservableGauge<long> s_quota = s_meter.CreateObservableGauge("hub.connector.quota.left", Quotas, "{call}", "What is left of an account's daily quota, as far as is known without asking its system.");

    /// <summary>Begins a call; null when nobody traces.</summary>
    public static Activity? Begin(string connection, HttpRequestMessage request)
    {
        if (!s_traces.HasListeners())
            return null;
        var call = s_traces.StartActivity("HTTP " + request.Method.Method, ActivityKind.Client);
        call?.SetTag("hub.connection", connection);
        call?.SetTag("http.request.method", request.Method.Method);
        if (request.RequestUri is { } address && !ApiClient.LacksBase(address))
            call?.SetTag("server.address", address.Host);
        call?.SetTag("http.request.resend_count", Attempt.Number(request) - 1);
        return call;
    }

    /// <summary>A call has ended.</summary>
    /// <param name="call">What <see cref="Begin"/> gave.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="status">The answer's status; null for none.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="attempt">Which attempt it was, from 1.</param>
    public static void End(Activity? call, string connection, int? status, TimeSpan took, int attempt)
    {
        var who = new KeyValuePair<string, object?>("connection", connection);
        s_calls.Add(1, who, new("status", status switch { null => "none", < 200 => "1xx", < 300 => "2xx", < 400 => "3xx", < 500 => "4xx", _ => "5xx" }));
        s_durations.Record(took.TotalSeconds, who);
        if (attempt > 1)
            s_retries.Add(1, who);
        if (call is null)
            return;
        if (status is { } number)
            call.SetTag("http.response.status_code", number);
        if (status is null or >= 400)
            call.SetStatus(ActivityStatusCode.Error);
    }

    private static IEnumerable<Measurement<long>> Quotas() =>
        AccountBudget.Left().Select(account => new Measurement<long>(account.Left, new KeyValuePair<string, object?>("connection", account.Connection)));
}
