using System.Net.Sockets;
using System.Security.Authentication;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>What the handlers of one client tell each other about an attempt. It travels in the options of the request that was sent.</summary>
internal static class Attempt
{
    private static readonly HttpRequestOptionsKey<Verdict> s_verdict = new("hub.verdict");
    private static readonly HttpRequestOptionsKey<int> s_number = new("hub.attempt");

    /// <summary>What the answer means; read once, nearest to the wire.</summary>
    public static Verdict Verdict(this HttpResponseMessage response) =>
        response.RequestMessage is { } request && request.Options.TryGetValue(s_verdict, out var verdict) ? verdict : Http.Verdict.Fine;

    public static void Set(HttpRequestMessage request, Verdict verdict) => request.Options.Set(s_verdict, verdict);

    /// <summary>Which attempt it is, from 1.</summary>
    public static int Number(HttpRequestMessage request) => request.Options.TryGetValue(s_number, out var number) ? number : 1;

    public static void SetNumber(HttpRequestMessage request, int number) => request.Options.Set(s_number, number);

    /// <summary>Whether a request may be sent again although the system may have acted on it.</summary>
    public static bool IsRepeatable(HttpRequestMessage request) => request.Options.TryGetValue(ApiClient.Repeatable, out var repeatable)
        ? repeatable
        : request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options || request.Method == HttpMethod.Put || request.Method == HttpMethod.Delete;

    public static bool IsStreamed(HttpRequestMessage request) => request.Options.TryGetValue(ApiClient.Streamed, out var streamed) && streamed;

    /// <summary>"POST login.example.com/services/data": what a line of the log may say of a request. A query may hold data, so it stays out.</summary>
    public static string Describe(HttpRequestMessage request) => $"{request.Method} {(ApiClient.LacksBase(request.RequestUri!) ? "" : request.RequestUri!.Authority)}{request.RequestUri!.AbsolutePath}";

    /// <summary>The same request for one attempt: what a handler puts on it does not stay for the next one. The content is shared.</summary>
    public static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy, Content = request.Content };
        foreach (var (name, values) in request.Headers.NonValidated)
            copy.Headers.TryAddWithoutValidation(name, values);
        foreach (var (key, value) in request.Options)
            ((IDictionary<string, object?>)copy.Options)[key] = value;
        return copy;
    }
}

/// <summary>An attempt that brought no usable answer.</summary>
/// <param name="what">What happened, to follow "salesforce.com": "refused the connection".</param>
/// <param name="mayHaveActed">Whether the system may have acted on the request all the same.</param>
/// <param name="inner">The cause.</param>
internal sealed class AttemptException(string what, bool mayHaveActed, Exception? inner = null) : Exception(what, inner)
{
    public bool MayHaveActed { get; } = mayHaveActed;

    /// <summary>What a failure on the wire means.</summary>
    public static Exception Of(HttpRequestException exception, string host) => exception switch
    {
        { HttpRequestError: HttpRequestError.NameResolutionError } => new AttemptException("could not be found: its name does not resolve", mayHaveActed: false, exception),
        { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } => new ConnectorException(
            FailureKind.Configuration,
            $"{host} has a TLS certificate that this machine does not trust, or speaks no TLS.",
            "Check the address in the connection, the clock of this machine, and whether a proxy opens TLS here: then its certificate has to be among those that the machine trusts.",
            exception),
        { HttpRequestError: HttpRequestError.ConnectionError, InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => new AttemptException("refused the connection", mayHaveActed: false, exception),
        { HttpRequestError: HttpRequestError.ConnectionError } => new AttemptException("could not be reached", mayHaveActed: false, exception),
        _ => new AttemptException("broke the connection off before it had answered", mayHaveActed: true, exception),
    };
}
