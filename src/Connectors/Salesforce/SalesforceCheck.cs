using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Whether the account can be used: signing in, the version, the organisation, and what the user may do with each object.</summary>
internal sealed class SalesforceCheck(SalesforceApi api, ObjectCatalog catalog, OAuth oauth, SalesforceSettings settings)
{
    public async Task<IReadOnlyList<CheckLine>> RunAsync(CancellationToken cancellationToken)
    {
        var lines = new List<CheckLine>();
        OAuthToken token;
        try
        {
            token = await oauth.TokenAsync(cancellationToken);
        }
        catch (ConnectorException exception)
        {
            return [Failed("sign-in", exception)];
        }

        lines.Add(new("sign-in", true, $"signed in at {new Uri(settings.LoginUrl).Host}"));
        if (token.Extra.TryGetValue("scope", out var scopes) && !scopes.Split(' ').Any(scope => scope is "api" or "full"))
            lines.Add(new("scope", false, $"the app was granted '{scopes}' and lacks the scope 'api'. In Setup, open the app and add the OAuth scope \"Manage user data via APIs (api)\"; then sign in anew."));
        if (settings.OrganizationId is { } organization && Identity.Of(token) is { } who)
            lines.Add(OutboundMessage.SameId(organization, who.Organization)
                ? new("organisation", true, "it is the one of `organizationId`")
                : new("organisation", false, $"the hub signed in to the organisation {who.Organization}, and `organizationId` says {organization}. Correct one of them: outbound messages of {who.Organization} would be refused."));
        try
        {
            lines.Add(await VersionAsync(cancellationToken));
            var objects = await catalog.ListAsync(cancellationToken);
            lines.Add(new("API", true, $"{objects.Count:N0} objects can be read"));
            lines.AddRange(objects.Select(each => new CheckLine(each.Name, true, Rights(each)) { IsStream = true }));
        }
        catch (ConnectorException exception)
        {
            lines.Add(Failed("API", exception));
        }

        return lines;
    }

    private async Task<CheckLine> VersionAsync(CancellationToken cancellationToken)
    {
        var versions = (await api.Organization.VersionsAsync(cancellationToken)).Select(each => each?.Version).OfType<string>().ToList();
        return versions.Count == 0 || versions.Contains(settings.ApiVersion)
            ? new("version", true, $"API version {settings.ApiVersion}")
            : new("version", false, $"the organisation does not offer API version {settings.ApiVersion}, only {versions[0]} to {versions[^1]}. Set `apiVersion` to one of these.");
    }

    private static string Rights(SalesforceObject target) => (target.Createable, target.Updateable) switch
    {
        (true, true) => target.Deletable ? "may be read, made, changed and deleted" : "may be read, made and changed",
        (false, true) => "may be read and changed, not made",
        _ => "may be read only",
    };

    private static CheckLine Failed(string subject, ConnectorException exception) => new(subject, false, $"{exception.Message} {exception.Fix}");
}

/// <summary>Who the hub is in Salesforce.</summary>
/// <param name="Organization">The organisation's id.</param>
/// <param name="User">The user's id.</param>
internal sealed record Identity(string Organization, string User)
{
    /// <summary>From <c>https://login.salesforce.com/id/ORGANISATION/USER</c> in the token's answer; null when that says nothing.</summary>
    public static Identity? Of(OAuthToken token) =>
        token.Extra.TryGetValue("id", out var id) && id.Split('/') is [.., { Length: 15 or 18 } organization, { Length: 15 or 18 } user] ? new(organization, user) : null;
}
