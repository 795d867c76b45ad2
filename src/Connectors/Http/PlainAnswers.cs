using System.Net;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>What answers mean by their status alone: for systems that keep to it, and for all that a connector's own reader has no opinion of.</summary>
/// <param name="connection">The connection's name.</param>
public sealed class PlainAnswers(string connection) : IAnswerReader
{
    /// <inheritdoc/>
    public bool ReadsSuccess => false;

    /// <inheritdoc/>
    public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        return Of(connection, request, response);
    }

    /// <summary>What an answer means by its status.</summary>
    /// <param name="connection">The connection's name, for messages.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="response">The answer.</param>
    public static Verdict Of(string connection, HttpRequestMessage request, HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        // 300 is an answer of some APIs: several records fit.
        if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotModified or HttpStatusCode.Ambiguous)
            return Verdict.Fine;
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new(VerdictKind.Unauthorized),
            HttpStatusCode.TooManyRequests => new(VerdictKind.Throttled),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => new(VerdictKind.Retry) { Failure = Failure(FailureKind.Transient, "See whether the system is up, and run again; what was done is kept.") },
            HttpStatusCode.Forbidden => new(VerdictKind.Failed) { Failure = Failure(FailureKind.Configuration, "Check the rights of the connection's user and, where the system has them, the scopes that were granted.") },
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone => new(VerdictKind.Failed) { Failure = Failure(FailureKind.Configuration, "Check the address in the connection, and the names of stream and fields.") },
            _ => new(VerdictKind.Failed) { Failure = Failure(FailureKind.Rejected, "The system did not take the request as it is; see its log or ask its vendor.") },
        };

        ConnectorException Failure(FailureKind kind, string fix) =>
            new(kind, $"{connection}: {request.RequestUri!.Authority} answered {Attempt.Describe(request)} with status {(int)response.StatusCode}.", fix) { Code = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture) };
    }
}
