using System.Net;
using System.Net.Http.Headers;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>
/// Builds the HTTP client of a connection. Its handlers, from the outside in: what may be repeated is repeated (Polly), credentials are
/// put on, the account's budget is kept, answers are read, only declared hosts are contacted. Failures come out as <see cref="ConnectorException"/>.
/// </summary>
public static class ApiClient
{
    /// <summary>
    /// Marks a request that may be sent again although its answer was lost: true for an upsert, false for a PUT or DELETE that is not to be
    /// repeated. Where it is not set GET, HEAD, OPTIONS, PUT and DELETE may be; others are repeated only when the system cannot have acted on them.
    /// </summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("repeatable");

    /// <summary>How many calls or credits a request costs; 1 unless set, 0 for one that its system does not count.</summary>
    public static readonly HttpRequestOptionsKey<int> Cost = new("cost");

    /// <summary>
    /// Names the kind of request, where the system counts each kind by itself: <see cref="AccountLimits.RequestsPerWindow"/> then holds for each
    /// kind. Where it is not set all requests count together.
    /// </summary>
    public static readonly HttpRequestOptionsKey<string> Kind = new("kind");

    /// <summary>
    /// Marks a request whose body is handed through as it comes: bulk results. It takes one of the account's concurrent requests until the body is read or disposed,
    /// and a body that ends early is the caller's to begin anew. Any other is read whole before it is handed out, so that a body cut short is asked for again.
    /// </summary>
    public static readonly HttpRequestOptionsKey<bool> Streamed = new("streamed");

    /// <summary>Marks a request whose content can be sent more than once as it is (a seekable file), so that it need not be held in memory for that.</summary>
    public static readonly HttpRequestOptionsKey<bool> Replayable = new("replayable");

    /// <summary>Stands for the address that only an answer of the system tells, such as <c>instance_url</c>: <see cref="SetBase"/> puts it in.</summary>
    private static readonly Uri s_unknown = new("https://address.invalid/");

    /// <summary>A client. Dispose it with the connection.</summary>
    /// <param name="profile">How to speak to the system.</param>
    /// <param name="context">What the hub lends to the connection.</param>
    public static HttpClient Create(ApiProfile profile, ConnectionContext context)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(context);
        var budget = AccountBudget.Of(profile, context);
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ConnectTimeout = TimeSpan.FromSeconds(20),
            // How the hub traces its work is nothing to other systems; CallMeter traces the call itself.
            ActivityHeadersPropagator = null,
        };
        HttpMessageHandler chain = new EgressHandler(profile, context.Name, sockets);
        chain = new AnswerHandler(profile, context, chain);
        chain = new BudgetHandler(budget, profile, context, chain);
        chain = new AuthorizationHandler(profile, context, chain);
        chain = new RepeatHandler(profile, context, chain);
        var client = new HttpClient(chain)
        {
            BaseAddress = profile.BaseAddress is { } address ? WithSlash(address) : s_unknown,
            // Time-outs are the handlers' business: per attempt, and in all.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("hub", typeof(ApiClient).Assembly.GetName().Version?.ToString(3)));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return client;
    }

    /// <summary>How an address that the user set in a connection is named among <see cref="ApiProfile.Hosts"/>.</summary>
    /// <param name="address">The address.</param>
    public static string HostOf(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort ? address.Host : $"{address.Host}:{address.Port}";
    }

    /// <summary>How much of its daily quota an account has used, as far as is known without asking its system.</summary>
    /// <param name="profile">The profile of the connection's client.</param>
    /// <param name="context">What the hub lends to the connection.</param>
    /// <param name="cancellationToken">Ends the look-up of what other processes used.</param>
    public static ValueTask<AccountQuota> QuotaAsync(ApiProfile profile, ConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(context);
        return AccountBudget.Of(profile, context).QuotaAsync(cancellationToken);
    }

    /// <summary>Gives a request the address that the system told, where it was made without one (see <see cref="ApiProfile.BaseAddress"/>). For <see cref="IOAuthGrant.Apply"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="address">The address, with or without a slash at its end.</param>
    public static void SetBase(HttpRequestMessage request, Uri address)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(address);
        if (request.RequestUri is { } uri && uri.Host == s_unknown.Host)
            request.RequestUri = new Uri(WithSlash(address), uri.PathAndQuery.TrimStart('/'));
    }

    /// <summary>Whether a request has no address yet.</summary>
    internal static bool LacksBase(Uri uri) => uri.Host == s_unknown.Host;

    private static Uri WithSlash(Uri address) => address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + "/" }.Uri;
}
