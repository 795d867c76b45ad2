using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Reads the answers of the token endpoint, where each mistake of a set-up has words of its own.</summary>
internal sealed class TokenAnswers : IAnswerReader
{
    public bool ReadsSuccess => false;

    public Verdict Read(HttpRequestMessage request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        if (response.IsSuccessStatusCode)
            return Verdict.Fine;
        var status = (int)response.StatusCode;
        var error = SalesforceError.Parse(body);
        if (error is { Code: "rate_limit_exceeded" } || status == 429)
            return new(VerdictKind.Throttled) { Wait = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(30), Failure = new(FailureKind.Transient, "Salesforce: too many sign-ins in a short time.", "Wait some minutes; several programs may share the app.") { Code = "rate_limit_exceeded" } };
        if (status is 404)
            return Failed($"{request.RequestUri?.Host} has no sign-in of Salesforce.", "Check `loginUrl`: `https://login.salesforce.com`, `https://test.salesforce.com`, or the My Domain `https://….my.salesforce.com`; not the address of the screens (`….lightning.force.com`).", null);
        if (error is null || status >= 500)
            return new(VerdictKind.Retry) { Wait = response.Headers.RetryAfter?.Delta, Failure = new(FailureKind.Transient, $"The sign-in at {request.RequestUri?.Host} answered {status}.", "Try again later; see https://status.salesforce.com.") };
        var (what, fix) = Words(error, request.RequestUri?.Host ?? "");
        return Failed(what, fix, error.Code);
    }

    private static Verdict Failed(string what, string fix, string? code) => new(VerdictKind.Failed) { Failure = new(FailureKind.Configuration, what, fix) { Code = code } };

    private static (string What, string Fix) Words(SalesforceError error, string host)
    {
        bool Says(string part) => error.Message.Contains(part, StringComparison.OrdinalIgnoreCase);
        return error.Code switch
        {
            "invalid_client_id" => ($"{host} does not know the consumer key (`clientId`).", "Copy it from the app: Setup > App Manager > View > Manage Consumer Details. A new app takes up to ten minutes to be known; an app of a Salesforce sandbox is known at that sandbox only."),
            "invalid_client" when Says("identifier") => ($"{host} does not know the consumer key (`clientId`).", "Copy it from the app: Setup > App Manager > View > Manage Consumer Details; check that `loginUrl` is the organisation that has the app."),
            "invalid_client" => ($"{host} refuses the consumer secret (`clientSecret`).", "Copy the secret again: Setup > App Manager > View > Manage Consumer Details, then `hub secret set`."),
            "invalid_grant" when Says("no client credentials user") => ("The app has no run-as user.", "Setup > App Manager > Manage > Edit Policies: under Client Credentials Flow choose the user that the hub shall work as."),
            "invalid_grant" when Says("not supported on this domain") => ($"{host} does not take client credentials.", "Set `loginUrl` to the organisation's My Domain: `https://….my.salesforce.com` (Setup > My Domain)."),
            "invalid_grant" when Says("hasn't approved") || Says("has not approved") => ("The user of `username` has not been approved for the app.", "Setup > App Manager > Manage > Edit Policies: \"Admin approved users are pre-authorized\"; then add a permission set or profile of the user to the app."),
            "invalid_grant" when Says("audience") => ("Salesforce refuses the audience of the JWT.", "Use `https://test.salesforce.com` or the sandbox's My Domain as `loginUrl` for a Salesforce sandbox, `https://login.salesforce.com` or the My Domain for production."),
            "invalid_grant" when Says("expired authorization code") => ("Salesforce takes the JWT for expired: this machine's clock is wrong.", "Compare the clock with a time server."),
            "invalid_grant" when Says("assertion") || Says("signature") => ("Salesforce refuses the JWT: the key does not fit, or this machine's clock is wrong.", "Check that `privateKey` belongs to the certificate uploaded to the app and that `username` is spelled as in Salesforce; compare the clock with a time server."),
            "invalid_grant" when Says("expired") => ("The refresh token has expired or was revoked.", "Sign in to the app anew and set the new token as `refreshToken` (`hub secret set`); under the app's policies choose \"Refresh token is valid until revoked\"."),
            "invalid_grant" => ("Salesforce refuses the sign-in.", "See Setup > Login History for the reason: IP ranges, login hours, a locked or deactivated user, the wrong organisation in `loginUrl`."),
            "inactive_user" => ("The user that the hub works as is deactivated.", "Activate the user, or choose another one for the app."),
            "inactive_org" => ("The organisation is locked, closed or suspended.", "Ask the owner of the Salesforce contract."),
            "unsupported_grant_type" => ($"{host} does not take this way of signing in.", "Enable the flow in the app's OAuth settings: client credentials for `clientSecret` alone, digital signatures for `privateKey`."),
            "invalid_app_access" => ("The user may not use the app.", "Setup > App Manager > Manage: add a permission set or profile of the user to the app."),
            "invalid_scope" => ("The app lacks a scope that is asked for.", "Give the app the OAuth scopes \"api\" and, for refresh tokens, \"refresh_token\"."),
            _ => ($"Salesforce refuses the sign-in: {error.Code}.", "See Setup > Login History, and the app's OAuth settings."),
        };
    }
}
