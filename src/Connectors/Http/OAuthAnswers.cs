using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>Reads what a token endpoint answers: the errors of RFC 6749, whatever status they come with.</summary>
/// <param name="connection">The connection's name.</param>
public sealed class OAuthAnswers(string connection) : IAnswerReader
{
    /// <summary>What a vendor's own errors mean and what to do about them, by code; asked before the usual ones. The description is the vendor's, to be searched and not shown.</summary>
    public Func<string, string?, (string Message, string Fix)?> Explain { get; init; } = (_, _) => null;

    /// <summary>Codes that mean "too many requests for a token", in small letters.</summary>
    public IReadOnlyCollection<string> Throttles { get; init; } = ["slow_down", "temporarily_unavailable"];

    /// <inheritdoc/>
    public bool ReadsSuccess => true;

    /// <inheritdoc/>
    public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        if (Error(body) is not { Code: { } code } error)
            return PlainAnswers.Of(connection, request, response) is { Kind: not VerdictKind.Unauthorized } plain ? plain : new(VerdictKind.Failed);
        if (Throttles.Contains(code.ToLowerInvariant(), StringComparer.Ordinal))
            return new(VerdictKind.Throttled);
        if ((int)response.StatusCode >= 500)
            return new(VerdictKind.Retry);
        var (message, fix) = Explain(code, error.Description) ?? Usual(code);
        return new(VerdictKind.Failed) { Failure = new ConnectorException(FailureKind.Configuration, $"{connection}: {request.RequestUri!.Authority} gives no token: {message} ({code}).", fix) { Code = code } };
    }

    private (string Message, string Fix) Usual(string code) => code switch
    {
        "invalid_client" or "invalid_client_id" => ("it does not know the client id, or the client secret is wrong", $"Check `clientId` and `clientSecret` in connections/{connection}.json, and that the address for signing in is that of the system where the client was made."),
        "invalid_grant" => ("it no longer accepts the consent that was given: the token was revoked, used up or belongs to another system", $"Give consent again in the system and put the new token into connections/{connection}.json (for a signed claim: check user, key and the clock of this machine)."),
        "unauthorized_client" => ("the client may not sign in this way", "Allow this way of signing in, in the client's settings in the system."),
        "invalid_scope" => ("a scope that is asked for does not exist or was not granted", "Grant the scopes that the connector's page names."),
        "unsupported_grant_type" => ("it does not know this way of signing in", "Check the address for signing in."),
        _ => ("it refuses", "Look the code up in the system's documentation."),
    };

    private static (string? Code, string? Description) Error(ReadOnlySpan<byte> body)
    {
        string? code = null, description = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                var (isError, isDescription) = (reader.ValueTextEquals("error"), reader.ValueTextEquals("error_description"));
                reader.Read();
                if (isError && reader.TokenType == JsonTokenType.String)
                    code = reader.GetString();
                else if (isDescription && reader.TokenType == JsonTokenType.String)
                    description = reader.GetString();
                else
                    reader.Skip();
            }
        }
        catch (JsonException)
        {
            // No JSON: a proxy's page or a bare text. The status has to tell.
            return (null, null);
        }

        return (code, description);
    }
}
