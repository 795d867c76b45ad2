using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>
/// Credentials by OAuth 2.0: one refresher an account, over all tasks, processes and nodes. What the system gives is remembered durably before
/// it is used for the first time: a rotated refresh token that is lost locks the hub out.
/// </summary>
public sealed class OAuth : IAuthorization, IDisposable
{
    private const int MostRefusals = 5;

    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(2);

    private readonly IOAuthGrant _grant;
    private readonly ConnectionContext _context;
    private readonly HttpClient _client;
    private readonly string _name;
    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _refusals = new();
    private string? _lastRefused;
    private OAuthToken? _token;
    private Task<OAuthToken>? _renewing;

    /// <summary>Sets it up; asks nobody yet.</summary>
    /// <param name="grant">How tokens are obtained.</param>
    /// <param name="profile">The profile of the client that asks for tokens, mostly with <see cref="OAuthAnswers"/>; an authorization and limits of its own are left aside.</param>
    /// <param name="context">What the hub lends to the connection.</param>
    public OAuth(IOAuthGrant grant, ApiProfile profile, ConnectionContext context)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(context);
        _grant = grant;
        _context = context;
        _name = $"oauth {grant.Account}";
        // Asking for a token is no call of the API: it has its own budget, and may take place while the other one is all in use.
        _client = ApiClient.Create(
            profile with { Authorization = null, Limits = new(), Account = $"{context.HubFolder}\n{context.Name} {_name}", TotalTimeout = TimeSpan.FromSeconds(Math.Min(90, profile.TotalTimeout.TotalSeconds)) },
            context);
    }

    /// <summary>The token in use; gets one when there is none yet, or it is about to end.</summary>
    public ValueTask<OAuthToken> TokenAsync(CancellationToken cancellationToken) =>
        _token is { } token && IsFresh(token) ? ValueTask.FromResult(token) : new(RenewAsync(refused: null).WaitAsync(cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<string> ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(cancellationToken);
        _grant.Apply(request, token);
        return token.AccessToken;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(string refused, CancellationToken cancellationToken)
    {
        if (IsRefusedAgainAndAgain(refused))
            return false;
        await RenewAsync((string?)refused).WaitAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // Whoever cancels stops waiting; the renewal itself goes on, since a token that the system has rotated must not be lost on the way.
    private Task<OAuthToken> RenewAsync(string? refused)
    {
        lock (_lock)
        {
            if (_token is { } token && token.AccessToken != refused && IsFresh(token))
                return Task.FromResult(token);
            return _renewing is { IsCompleted: false } ? _renewing : _renewing = Task.Run(() => ObtainAsync(refused));
        }
    }

    private async Task<OAuthToken> ObtainAsync(string? refused)
    {
        await using var lease = await _context.Memory.LeaseAsync(_name, s_lease, CancellationToken.None);
        // Read only now: another process may just have renewed it.
        var remembered = Recall(await _context.Memory.ReadAsync(_name, CancellationToken.None));
        if (remembered is not null && remembered.AccessToken != refused && IsFresh(remembered))
            return Use(remembered);

        using var request = _grant.Request(remembered?.RefreshToken, _context.Clock.GetUtcNow());
        // Asked twice it gives two tokens, and either is good.
        request.Options.Set(ApiClient.Repeatable, true);
        using var response = await _client.SendAsync(request, CancellationToken.None);
        var token = _grant.Read(await response.Content.ReadAsByteArrayAsync(CancellationToken.None), _context.Clock.GetUtcNow());
        token = token with { RefreshToken = token.RefreshToken ?? remembered?.RefreshToken };
        Conceal(token);
        await _context.Memory.WriteAsync(_name, JsonSerializer.Serialize(token), secret: true, CancellationToken.None);
        return Use(token);
    }

    // A system that refuses every token, new ones too, lacks a right and not a token; asking for one at each request would lock the account.
    private bool IsRefusedAgainAndAgain(string refused)
    {
        lock (_lock)
        {
            // Requests that were under way together are refused together: that is one refusal.
            if (_token is not { } token || token.AccessToken != refused || refused == _lastRefused)
                return false;
            var now = _context.Clock.GetUtcNow();
            while (_refusals.TryPeek(out var first) && now - first > TimeSpan.FromMinutes(1))
                _refusals.Dequeue();
            if (_refusals.Count >= MostRefusals)
                return true;
            _lastRefused = refused;
            _refusals.Enqueue(now);
            return false;
        }
    }

    private OAuthToken Use(OAuthToken token)
    {
        Conceal(token);
        lock (_lock)
            _token = token;
        return token;
    }

    private void Conceal(OAuthToken token)
    {
        _context.Conceal(token.AccessToken);
        if (token.RefreshToken is { } refresh)
            _context.Conceal(refresh);
    }

    private bool IsFresh(OAuthToken token) => token.RenewAt is not { } renewAt || renewAt > _context.Clock.GetUtcNow();

    private static OAuthToken? Recall(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<OAuthToken>(text);
        }
        catch (JsonException)
        {
            // Written by a version that kept it otherwise: as good as none, the next one is asked for.
            return null;
        }
    }
}

/// <summary>How tokens are obtained: client credentials, JWT bearer, refresh token, or a vendor's own way.</summary>
public interface IOAuthGrant
{
    /// <summary>Names what is remembered: of everything that decides which account it is, never of a secret itself (a hash of one is fine).</summary>
    string Account { get; }

    /// <summary>The request for a token.</summary>
    /// <param name="refreshToken">The refresh token last remembered, or null.</param>
    /// <param name="now">The time.</param>
    HttpRequestMessage Request(string? refreshToken, DateTimeOffset now);

    /// <summary>Reads the token endpoint's answer.</summary>
    /// <param name="body">The answer's body.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ConnectorException">It holds no token.</exception>
    OAuthToken Read(ReadOnlySpan<byte> body, DateTimeOffset now);

    /// <summary>Puts a token on a request: <c>Authorization: Bearer …</c> in most systems. Called anew for every attempt, each time with the request as the connector made it.</summary>
    void Apply(HttpRequestMessage request, OAuthToken token);
}

/// <summary>A token.</summary>
/// <param name="AccessToken">What goes with each request.</param>
/// <param name="RenewAt">When to renew it, some time before it ends; null when only a refusal tells.</param>
/// <param name="RefreshToken">The refresh token to use next time; null to keep the one in use.</param>
/// <param name="Extra">What else the answer said that requests need: <c>instance_url</c>, <c>api_domain</c>, <c>ea</c>.</param>
public sealed record OAuthToken(string AccessToken, DateTimeOffset? RenewAt, string? RefreshToken, IReadOnlyDictionary<string, string> Extra)
{
    // The text of a record shows all its members.
    /// <inheritdoc/>
    public override string ToString() => nameof(OAuthToken);
}
