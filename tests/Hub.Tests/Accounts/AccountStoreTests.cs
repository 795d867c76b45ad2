using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Accounts;

/// <summary>What is remembered of accounts, on every engine.</summary>
public abstract class AccountStoreTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TStore _test = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-accounts-").FullName;
    private readonly Dictionary<string, string?> _environment = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _test.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_was_written_is_there_for_the_next_process()
    {
        Accounts().Write("zoho", "job", "1", secret: false);
        Accounts().Write("zoho", "job", "2", secret: false);
        Accounts().Write("zoho", "token", "canary-token", secret: true);

        Assert.Equal("2", Accounts().Read("zoho", "job"));
        Assert.Equal("canary-token", Accounts().Read("zoho", "token"));
        Assert.Null(Accounts().Read("other", "token"));
        Accounts().Write("zoho", "job", null, secret: false);
        Assert.Null(Accounts().Read("zoho", "job"));
    }

    [Fact]
    public void It_is_kept_while_a_run_writes_and_when_the_run_is_undone()
    {
        using (var store = _test.Open(_folder))
        {
            using var rehearsal = store.Rehearse();
            using var transaction = store.Begin();
            transaction.Execute("insert into setting (name, value) values ('a', 'b')");
            Accounts().Write("zoho", "token", "rotated", secret: true);
        }

        Assert.Equal("rotated", Accounts().Read("zoho", "token"));
    }

    [Fact]
    public void Looking_makes_nothing()
    {
        Assert.Null(new AccountStore(MasterStore.EngineOf(new SqliteStore().Settings, _folder), _folder, TimeProvider.System, _ => null).Read("zoho", "token"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void Secrets_are_sealed_where_they_lie()
    {
        Accounts().Write("zoho", "token", "canary-token", secret: true);
        Accounts().SetSecret("client", "canary-secret");

        using (var store = MasterStore.Open(MasterStore.EngineOf(_test.Settings, _folder).Accounts, TimeProvider.System))
            Assert.All(store.Query<string>("select value from account_memory union all select value from secret"), value => Assert.DoesNotContain("canary", value, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("canary", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(HubKey.FileOf(_folder)));
    }

    [Fact]
    public void Another_key_is_refused_in_words()
    {
        Accounts().SetSecret("client", "value");
        _environment[HubKey.Variable] = Convert.ToBase64String(new byte[32]);

        var read = Assert.Throws<StoreException>(() => Accounts().Secret("client"));
        var write = Assert.Throws<StoreException>(() => Accounts().SetSecret("other", "value"));

        Assert.Contains("were sealed with the key", read.Message, StringComparison.Ordinal);
        Assert.Contains("HUB_KEY", read.Message, StringComparison.Ordinal);
        Assert.Contains("were sealed with the key", write.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_a_connection_a_wrong_key_is_a_matter_of_settings()
    {
        await Memory().WriteAsync("token", "t", secret: true, Token);
        _environment[HubKey.Variable] = Convert.ToBase64String(new byte[32]);

        var failure = await Assert.ThrowsAsync<ConnectorException>(async () => await Memory().ReadAsync("token", Token));

        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains("HUB_KEY", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_gone_is_asked_for_and_no_other_is_made()
    {
        Accounts().SetSecret("client", "value");
        File.Delete(HubKey.FileOf(_folder));

        Assert.Contains("is gone", Assert.Throws<StoreException>(() => Accounts().Secret("client")).Message, StringComparison.Ordinal);
        Assert.Throws<StoreException>(() => Accounts().SetSecret("client", "other"));
        Assert.False(File.Exists(HubKey.FileOf(_folder)));
    }

    [Fact]
    public void After_the_last_secret_of_a_lost_key_another_one_begins()
    {
        Accounts().SetSecret("client", "value");
        Accounts().Write("zoho", "token", "t", secret: true);
        File.Delete(HubKey.FileOf(_folder));

        Assert.True(Accounts().RemoveSecret("client"));
        Accounts().SetSecret("client", "new");

        Assert.Equal("new", Accounts().Secret("client"));
        Assert.Null(Accounts().Read("zoho", "token"));
    }

    [Fact]
    public void Removing_the_last_secret_keeps_what_systems_gave_us()
    {
        Accounts().SetSecret("client", "value");
        Accounts().Write("zoho", "token", "t", secret: true);

        Assert.True(Accounts().RemoveSecret("client"));
        Assert.False(Accounts().RemoveSecret("client"));

        Assert.Equal("t", Accounts().Read("zoho", "token"));
        Assert.Empty(Accounts().Secrets());
    }

    [Fact]
    public void Sealed_values_cannot_change_places()
    {
        Accounts().SetSecret("a", "value of a");
        Accounts().SetSecret("b", "value of b");
        using (var store = MasterStore.Open(MasterStore.EngineOf(_test.Settings, _folder).Accounts, TimeProvider.System))
        {
            using var transaction = store.Begin();
            var a = transaction.Scalar<string>("select value from secret where name = 'a'");
            transaction.Execute("update secret set value = @a where name = 'b'", new { a });
            transaction.Commit();
        }

        Assert.Contains("damaged", Assert.Throws<StoreException>(() => Accounts().Secret("b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_holds_a_lease_whatever_their_number()
    {
        var (inside, most, done) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(
            async () =>
            {
                var memory = Memory();
                for (var i = 0; i < 3; i++)
                {
                    await using var lease = await memory.LeaseAsync("refresh", TimeSpan.FromMinutes(1), Token);
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    await Task.Delay(2, Token);
                    Interlocked.Decrement(ref inside);
                    Interlocked.Increment(ref done);
                }
            },
            Token)));

        Assert.Equal((1, 18), (most, done));
    }

    [Fact]
    public async Task A_lease_whose_holder_died_ends_by_itself()
    {
        await Memory().LeaseAsync("refresh", TimeSpan.FromMilliseconds(200), Token);
        var started = TimeProvider.System.GetTimestamp();

        await using var second = await Memory().LeaseAsync("refresh", TimeSpan.FromMinutes(1), Token);

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.05, 10);
    }

    [Fact]
    public async Task Waiting_for_a_lease_can_be_given_up()
    {
        await using var held = await Memory().LeaseAsync("refresh", TimeSpan.FromMinutes(1), Token);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Memory().LeaseAsync("refresh", TimeSpan.FromMinutes(1), stop.Token));
    }

    [Fact]
    public async Task Many_that_write_at_once_for_the_first_time_all_succeed()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Accounts().Write("zoho", "token", $"t{i}", secret: true), Token)));

        Assert.StartsWith("t", Accounts().Read("zoho", "token"), StringComparison.Ordinal);
    }

    // A new one each time: what another process would see.
    private AccountStore Accounts() => new(MasterStore.EngineOf(_test.Settings, _folder), _folder, TimeProvider.System, name => _environment.GetValueOrDefault(name));

    private AccountMemory Memory() => new AccountMemory(Accounts(), "zoho", TimeProvider.System, _ => { });
}

public sealed class AccountsOnSqliteTests : AccountStoreTests<SqliteStore>;

public sealed class AccountsOnPostgreSqlTests : AccountStoreTests<PostgreSqlStore>;
