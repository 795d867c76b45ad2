using System.Net;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>Lets requests go to declared hosts only, over TLS unless the user set the very address; follows redirects within a host and nowhere else.</summary>
internal sealed class EgressHandler(ApiProfile profile, string connection, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MaxRedirects = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            Guard(request.RequestUri!);
            var response = await base.SendAsync(request, cancellationToken);
            if (Target(request, response) is not { } target)
                return response;
            response.Dispose();
            if (redirects == MaxRedirects)
                throw Refused($"{request.RequestUri!.Authority} redirects {Attempt.Describe(request)} in a circle", "Check the address in the connection.");
            if (target.Scheme != request.RequestUri!.Scheme || target.Authority != request.RequestUri.Authority)
                throw Refused($"{request.RequestUri.Authority} redirects to {target.Scheme}://{target.Authority}; credentials are not carried from one host to another", $"If that is where the system lives now, put its address into connections/{connection}.json.");
            if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head && response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                throw Refused($"{request.RequestUri.Authority} redirects {Attempt.Describe(request)}, which writes", "Check the address in the connection.");
            request.RequestUri = target;
        }
    }

    private void Guard(Uri uri)
    {
        if (ApiClient.LacksBase(uri))
            throw Refused("the system has not told its address", "Check the address for signing in.");
        if (!IsAllowed(uri))
            throw Refused($"{uri.Scheme}://{uri.Authority} is not among the hosts that this connector may contact ({string.Join(", ", profile.Hosts)})", "Nothing was sent. If the address is right, set it in the connection; if an answer of the system led here, do not trust it.");
    }

    private bool IsAllowed(Uri uri)
    {
        foreach (var host in profile.Hosts)
        {
            var (name, port) = host.LastIndexOf(':') is > 0 and var colon && int.TryParse(host.AsSpan(colon + 1), out var number) ? (host[..colon], number) : (host, (int?)null);
            var named = name.StartsWith("*.", StringComparison.Ordinal)
                ? uri.Host.Length > name.Length - 1 && uri.Host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
                : uri.Host.Equals(name, StringComparison.OrdinalIgnoreCase);
            // A host without a port stands for https and nothing else; one with a port the user has set by hand.
            if (named && (port is null ? uri.Scheme == Uri.UriSchemeHttps && uri.IsDefaultPort : port == uri.Port))
                return true;
        }

        return false;
    }

    private static Uri? Target(HttpRequestMessage request, HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect && response.Headers.Location is { } location
            ? new Uri(request.RequestUri!, location)
            : null;

    private ConnectorException Refused(string what, string fix) => new(FailureKind.Configuration, $"{connection}: {what}.", fix);
}
