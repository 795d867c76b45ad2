using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>Puts the credentials on; when they are no longer good, renews them once and sends the request again.</summary>
internal sealed class AuthorizationHandler(ApiProfile profile, ConnectionContext context, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (response, used) = await SendOnceAsync(request, cancellationToken);
        if (response.Verdict().Kind != VerdictKind.Unauthorized)
            return response;
        if (profile.Authorization is not null && await profile.Authorization.RenewAsync(used, cancellationToken))
        {
            response.Dispose();
            (response, _) = await SendOnceAsync(request, cancellationToken);
        }

        if (response.Verdict() is { Kind: VerdictKind.Unauthorized } refused)
        {
            Attempt.Set(response.RequestMessage!, new Verdict(VerdictKind.Failed)
            {
                Failure = refused.Failure ?? new ConnectorException(
                    FailureKind.Configuration,
                    $"{context.Name}: {response.RequestMessage!.RequestUri!.Authority} does not accept the credentials (status {(int)response.StatusCode}).",
                    $"Check the credentials in connections/{context.Name}.json, and that they belong to this system and are still valid."),
            });
        }

        return response;
    }

    private async Task<(HttpResponseMessage Response, string Used)> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var copy = Attempt.Copy(request);
        var used = profile.Authorization is { } authorization ? await authorization.ApplyAsync(copy, cancellationToken) : "";
        return (await base.SendAsync(copy, cancellationToken), used);
    }
}
