using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Access;

/// <summary>The tokens of the API. Those that count are held in memory for moments, so that revoking one bites at once on every node.</summary>
/// <param name="engine">The store's engine.</param>
/// <param name="clock">The time.</param>
internal sealed class ApiTokens(StoreEngine engine, TimeProvider clock) : IDisposable
{
    private const int LongestName = 100;
    private static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_use = TimeSpan.FromMinutes(1);

    private readonly ServiceStore _store = new(engine, clock);
    private readonly Lock _gate = new();
    private Dictionary<string, ApiToken> _known = [];
    private DateTimeOffset _knownAt = DateTimeOffset.MinValue;

    /// <summary>Makes a token.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="scopes">The subjects that it is for; empty for all.</param>
    /// <param name="expiresAt">From when on it is refused; null for never.</param>
    /// <param name="by">Who makes it.</param>
    /// <returns>The token, and its text, which is told this once.</returns>
    /// <exception cref="RefusedException">The name is taken or is none.</exception>
    public (ApiToken Token, string Text) Create(string name, Role role, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, string by)
    {
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@'))
            throw RefusedException.Invalid("name", "a token needs a name of letters, digits, '-', '_', '.' and '@'", "name who or what will use it: nightly-report");
        if (scopes.FirstOrDefault(scope => !Scopes.All.Contains(scope)) is { } unknown)
            throw RefusedException.Invalid("scopes", $"there is no scope '{unknown}'", Suggestion.Of(unknown, Scopes.All));
        if (expiresAt <= clock.GetUtcNow())
            throw RefusedException.Invalid("expiresAt", "a token that has expired already opens nothing", "give a time to come, or none");
        var text = TokenText.New();
        var row = new
        {
            name,
            hash = TokenText.HashOf(text),
            role = ApiTokenRow.Word(role),
            scopes = string.Join(' ', scopes.Distinct().Order(StringComparer.Ordinal)),
            by,
            expiresAt = expiresAt?.ToUnixTimeMilliseconds(),
        };
        var token = _store.Write(transaction =>
        {
            if (transaction.Scalar<long>("select count(*) from api_token where name = @name", row) > 0)
                return null;
            var id = transaction.Allocate("api_token", 1);
            transaction.Execute(
                "insert into api_token (id, name, hash, role, scopes, created_at, created_by, expires_at) values (@id, @name, @hash, @role, @scopes, @Now, @by, @expiresAt)",
                new { id, row.name, row.hash, row.role, row.scopes, transaction.Store.Now, row.by, row.expiresAt });
            return transaction.First<ApiTokenRow>($"select {ApiTokenRow.Columns} from api_token t where t.id = @id", new { id })!.ToToken();
        });
        Forget();
        return (token ?? throw RefusedException.Clash($"there is a token '{name}' already", "choose another name: also that of a revoked token is not given again, so that the audit log says who it was"), text);
    }

    /// <summary>All that ever were, by name.</summary>
    public IReadOnlyList<ApiToken> List() => _store.Read<IReadOnlyList<ApiToken>>(store =>
        [.. store.Query<ApiTokenRow>($"select {ApiTokenRow.Columns} from api_token t order by t.name").Select(row => row.ToToken())]);

    /// <summary>Whether a token that counts may everything.</summary>
    public bool HasAdmin() => List().Any(token => token.Role == Role.Admin && token.Scopes.Count == 0 && token.CountsAt(clock.GetUtcNow()));

    /// <summary>Makes a token count no more.</summary>
    /// <exception cref="RefusedException">There is none of the name.</exception>
    public void Revoke(string name, string by)
    {
        var known = _store.Write(transaction =>
        {
            transaction.Execute("update api_token set revoked_at = @Now, revoked_by = @by where name = @name and revoked_at is null", new { name, by, transaction.Store.Now });
            return transaction.Scalar<long>("select count(*) from api_token where name = @name", new { name }) > 0;
        });
        Forget();
        if (!known)
            throw RefusedException.Unknown($"there is no token '{name}'", Suggestion.Of(name, List().Select(token => token.Name).DefaultIfEmpty("none yet")));
    }

    /// <summary>The token that a caller shows, if it counts.</summary>
    /// <param name="text">What the caller shows.</param>
    /// <param name="lookAgain">Whether the store is asked where memory knows no such token: it may have been made a moment ago. Not for those who guess.</param>
    public ApiToken? Find(string text, bool lookAgain = true)
    {
        if (!TokenText.IsWellFormed(text))
            return null;
        var hash = TokenText.HashOf(text);
        var now = clock.GetUtcNow();
        if (!Known(now).TryGetValue(hash, out var token))
        {
            if (!lookAgain)
                return null;
            Forget();
            Known(now).TryGetValue(hash, out token);
        }

        if (token is null || !token.CountsAt(now))
            return null;
        if (!(now - token.UsedAt < s_use))
            Use(hash, token, now);
        return token;
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private Dictionary<string, ApiToken> Known(DateTimeOffset now)
    {
        lock (_gate)
        {
            // A clock that was set back must not make them last.
            if (now - _knownAt is var age && age >= TimeSpan.Zero && age < s_remembered)
                return _known;
            _known = _store.Read(store => store.Query<ApiTokenRow>($"select {ApiTokenRow.Columns} from api_token t where t.revoked_at is null")).ToDictionary(row => row.Hash, row => row.ToToken(), new ConstantTime());
            _knownAt = now;
            return _known;
        }
    }

    private void Use(string hash, ApiToken token, DateTimeOffset now)
    {
        lock (_gate)
            _known = new Dictionary<string, ApiToken>(_known, _known.Comparer) { [hash] = token with { UsedAt = now } };
        _store.Write(transaction => { transaction.Execute("update api_token set used_at = @Now where id = @Id", new { token.Id, transaction.Store.Now }); });
    }

    private void Forget()
    {
        lock (_gate)
            _knownAt = DateTimeOffset.MinValue;
    }

    // How long a look-up takes must tell nothing of how much of a hash was right.
    private sealed class ConstantTime : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(x!), Encoding.ASCII.GetBytes(y!));

        public int GetHashCode(string hash) => string.GetHashCode(hash, StringComparison.Ordinal);
    }
}
