using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Store.SqlServer;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

public sealed class SqlServerLockTests
{
    private readonly FakeServer _server = new();

    [Fact]
    public async Task The_very_first_run_makes_the_place_for_its_name_under_the_lock_of_the_schema()
    {
        using (await LockAsync())
            Assert.Equal([SqlServerLocks.Take, SqlServerLocks.HasPlace, "begin", SqlServerLocks.LockSchema, SqlServerLocks.MakePlace, "commit", SqlServerLocks.SignIn], _server.Log);

        Assert.Equal([SqlServerLocks.GiveBack, "close"], _server.Log[^2..]);
    }

    [Fact]
    public async Task Later_runs_only_write_their_name()
    {
        _server.Answer(SqlServerLocks.HasPlace, 4711);

        using (await LockAsync())
            Assert.Equal([SqlServerLocks.Take, SqlServerLocks.HasPlace, SqlServerLocks.SignIn], _server.Log);
    }

    [Fact]
    public async Task A_lock_that_is_held_names_its_holder()
    {
        Held();

        var failure = await Assert.ThrowsAsync<StoreException>(LockAsync);

        Assert.Equal("another hub is at work on this store: hub run, process 17 on nightly, since 2026-05-01", failure.Message);
        Assert.Contains("--wait", failure.Fix, StringComparison.Ordinal);
        Assert.Equal("close", _server.Log[^1]);
    }

    [Fact]
    public void Whoever_asks_for_the_holder_is_told_of_nobody_when_the_lock_is_free()
    {
        Held();
        _server.Answer(SqlServerLocks.IsFree, 0);
        Assert.Equal("hub run, process 17 on nightly, since 2026-05-01", _server.Engine.Holder());

        // A name that a killed run left behind does not count.
        _server.Answer(SqlServerLocks.IsFree, 1);
        Assert.Null(_server.Engine.Holder());
    }

    [Fact]
    public async Task Whoever_holds_the_lock_works_on_its_session_and_can_write_nothing_once_that_is_gone()
    {
        using var held = await LockAsync();
        _server.Log.Clear();

        var store = MasterStore.Open(_server.Engine, TimeProvider.System);
        store.Dispose();
        Assert.DoesNotContain("close", _server.Log);

        MasterStore.Open(_server.Engine, TimeProvider.System);
        MasterStore.Open(_server.Engine, TimeProvider.System).Dispose();

        // A second store beside the first has a session of its own.
        Assert.Equal("close", _server.Log[^1]);
    }

    [Fact]
    public async Task After_the_lock_is_given_back_every_store_has_a_session_of_its_own()
    {
        (await LockAsync()).Dispose();
        _server.Log.Clear();

        MasterStore.Open(_server.Engine, TimeProvider.System).Dispose();

        Assert.Equal("close", _server.Log[^1]);
    }

    private void Held()
    {
        _server.Answer(SqlServerLocks.Take, -1);
        _server.Answer(SqlServerLocks.HasPlace, 4711);
        _server.Answer(SqlServerLocks.Who, "hub run, process 17 on nightly, since 2026-05-01");
    }

    private Task<StoreLock> LockAsync() =>
        _server.Engine.LockAsync("run", LockMode.Alone, TimeSpan.Zero, _ => { }, TimeProvider.System, TestContext.Current.CancellationToken);
}
