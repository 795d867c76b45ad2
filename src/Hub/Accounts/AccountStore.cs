using System.Data.Common;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Accounts;

/// <summary>
/// What is remembered of accounts, beside the store's own transactions and shared by all processes of a hub. Each call is a transaction of
/// its own and durable when it returns.
/// </summary>
/// <param name="engine">The store's engine.</param>
/// <param name="hubFolder">The hub folder, where the key may lie.</param>
/// <param name="clock">The time.</param>
/// <param name="environment">Environment variables by name.</param>
internal sealed class AccountStore(StoreEngine engine, string hubFolder, TimeProvider clock, Func<string, string?> environment)
{
    private const int LongestName = 200;
    private const int LongestValue = 1024 * 1024;

    // A phrase is slow to make a key of.
    private HubKey? _key;

    /// <summary>What a connection last wrote under a name, or null.</summary>
    public string? Read(string connection, string name)
    {
        if (!engine.Accounts.Exists())
            return null;
        using var store = Open();
        return store.First<Remembered>("select value, secret from account_memory where connection = @connection and name = @name", new { connection, name }) is not { } row ? null
            : row.Secret == 0 ? row.Value
            : Key(store).Open(row.Value, Purpose(connection, name));
    }

    /// <summary>Writes a value; null forgets it.</summary>
    public void Write(string connection, string name, string? value, bool secret)
    {
        if (name.Length > LongestName || value?.Length > LongestValue)
            throw new ArgumentException($"a name has at most {LongestName} characters, a value {LongestValue:N0}");
        using var store = Open();
        if (value is null)
        {
            Once(store, transaction => transaction.Execute("delete from account_memory where connection = @connection and name = @name", new { connection, name }));
            return;
        }

        var kept = secret ? KeyToSeal(store).Seal(value, Purpose(connection, name)) : value;
        var row = new { connection, name, kept, secret = secret ? 1 : 0, store.Now };
        Once(store, transaction =>
        {
            if (transaction.Execute("update account_memory set value = @kept, secret = @secret, changed_at = @Now where connection = @connection and name = @name", row) == 0)
                transaction.Execute("insert into account_memory (connection, name, value, secret, changed_at) values (@connection, @name, @kept, @secret, @Now)", row);
        });
    }

    /// <summary>Takes a lease, unless somebody else has it and it has not ended.</summary>
    public bool TryTake(string connection, string name, string holder, TimeSpan atMost)
    {
        using var store = Open();
        var ends = store.Now + (long)atMost.TotalMilliseconds;
        var row = new { connection, name, holder, ends, store.Now };
        var taken = false;
        Once(store, transaction =>
        {
            taken = transaction.Execute("update account_lease set holder = @holder, ends_at = @ends where connection = @connection and name = @name and ends_at <= @Now", row) == 1;
            if (taken || transaction.Scalar<long>("select count(*) from account_lease where connection = @connection and name = @name", row) > 0)
                return;
            transaction.Execute("insert into account_lease (connection, name, holder, ends_at) values (@connection, @name, @holder, @ends)", row);
            taken = true;
        });
        return taken;
    }

    /// <summary>Gives a lease back, if it is still the holder's.</summary>
    public void Release(string connection, string name, string holder)
    {
        using var store = Open();
        Once(store, transaction => transaction.Execute("delete from account_lease where connection = @connection and name = @name and holder = @holder", new { connection, name, holder }));
    }

    /// <summary>The names of the hub's own secrets, and when each was last set.</summary>
    public IReadOnlyList<SecretName> Secrets()
    {
        if (!engine.Accounts.Exists())
            return [];
        using var store = Open();
        return store.Query<SecretName>("select name, changed_at from secret order by name");
    }

    /// <summary>A secret, or null when there is none of the name.</summary>
    public string? Secret(string name)
    {
        if (!engine.Accounts.Exists())
            return null;
        using var store = Open();
        return store.Scalar<string>("select value from secret where name = @name", new { name }) is { } sealedText ? Key(store).Open(sealedText, Purpose("", name)) : null;
    }

    /// <summary>Sets a secret.</summary>
    public void SetSecret(string name, string value)
    {
        using var store = Open();
        var row = new { name, kept = KeyToSeal(store).Seal(value, Purpose("", name)), store.Now };
        Once(store, transaction =>
        {
            if (transaction.Execute("update secret set value = @kept, changed_at = @Now where name = @name", row) == 0)
                transaction.Execute("insert into secret (name, value, changed_at) values (@name, @kept, @Now)", row);
        });
    }

    /// <summary>Removes a secret. The last one takes the key's mark with it, so that a key that was lost can be replaced.</summary>
    /// <returns>False when there is none of the name.</returns>
    public bool RemoveSecret(string name)
    {
        if (!engine.Accounts.Exists())
            return false;
        using var store = Open();
        var removed = false;
        Once(store, transaction =>
        {
            removed = transaction.Execute("delete from secret where name = @name", new { name }) > 0;
            if (transaction.Scalar<long>("select count(*) from secret") > 0)
                return;
            // What systems gave us is sealed with the same key; without it, it is asked for again.
            var id = HubKey.Find(hubFolder, environment)?.Id;
            if (transaction.Execute("delete from hub_key where id <> @id", new { id = id ?? "" }) > 0)
                transaction.Execute("delete from account_memory where secret = 1");
        });
        return removed;
    }

    private MasterStore Open() => MasterStore.Open(engine.Accounts, clock);

    private HubKey Key(MasterStore store)
    {
        if ((_key ??= HubKey.Find(hubFolder, environment)) is { } key)
            return Checked(store, key);
        throw new StoreException("the store holds secrets, and the key that opens them is gone", $"put {HubKey.FileOf(hubFolder)} back from its backup, or set {HubKey.Variable}");
    }

    private HubKey KeyToSeal(MasterStore store)
    {
        // A store that was sealed before must not quietly be given another key.
        var known = store.Scalar<string>("select min(id) from hub_key");
        if (known is not null)
            return Key(store);
        var key = _key ??= HubKey.FindOrMake(hubFolder, environment);
        Once(store, transaction =>
        {
            if (transaction.Scalar<long>("select count(*) from hub_key where id = @Id", new { key.Id }) == 0)
                transaction.Execute("insert into hub_key (id, since) values (@Id, @Now)", new { key.Id, store.Now });
        });
        return Checked(store, key);
    }

    private static HubKey Checked(MasterStore store, HubKey key) =>
        store.Scalar<string>("select min(id) from hub_key where id <> @Id", new { key.Id }) is { } other ? throw key.Other(other) : key;

    // Two that write the same row at once for the first time both insert it, and one is refused: done again, it finds the row.
    private static void Once(MasterStore store, Action<StoreTransaction> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var transaction = store.Begin();
                work(transaction);
                transaction.Commit();
                return;
            }
            catch (DbException) when (attempt < 4 && !store.Lost)
            {
                // Also a deadlock, which the server ends in the same way.
            }
            catch (Exception exception) when (store.Explain(exception) is { } known)
            {
                throw known;
            }
        }
    }

    private static string Purpose(string connection, string name) => $"{connection}\n{name}";

    private sealed record Remembered
    {
        public string Value { get; init; } = "";

        public long Secret { get; init; }
    }
}

/// <summary>The name of a secret.</summary>
internal sealed record SecretName
{
    /// <summary>The name, as in ${secret:NAME}.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it was last set: milliseconds since 1970.</summary>
    public long ChangedAt { get; init; }
}
