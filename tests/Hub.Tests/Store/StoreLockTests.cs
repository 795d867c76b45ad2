using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Tests.Store;

/// <summary>What every engine promises of its locks, to sessions of one process and of several alike.</summary>
public abstract class StoreLockTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(20);

    private readonly TStore _test = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-locks-").FullName;
    private readonly List<string> _waitedFor = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _test.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Who_shares_works_beside_others_who_share()
    {
        using var first = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        using var second = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        var refused = await Assert.ThrowsAsync<StoreException>(() => LockAsync(LockMode.Alone, TimeSpan.Zero));
        Assert.Contains("another hub is at work", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_alone_keeps_everybody_out_until_he_has_ended()
    {
        using (await LockAsync(LockMode.Alone, TimeSpan.Zero))
        {
            await Assert.ThrowsAsync<StoreException>(() => LockAsync(LockMode.Shared, TimeSpan.Zero));
            var refused = await Assert.ThrowsAsync<StoreException>(() => LockAsync(LockMode.Alone, TimeSpan.FromMilliseconds(300)));
            Assert.Contains($"hub test, process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        }

        using var now = await LockAsync(LockMode.Shared, TimeSpan.Zero);
    }

    [Fact]
    public async Task Who_wants_to_be_alone_is_not_kept_waiting_by_ever_new_ones_who_share()
    {
        var served = new TaskCompletionSource();
        var first = await LockAsync(LockMode.Shared, s_soon);

        async Task ShareAsync()
        {
            while (!served.Task.IsCompleted)
            {
                using var held = await LockAsync(LockMode.Shared, s_soon);
                await Task.Delay(30, Token);
            }
        }

        var alone = LockAsync(LockMode.Alone, s_soon);
        var sharing = Enumerable.Range(0, 3).Select(_ => ShareAsync()).ToList();
        await Task.Delay(200, Token);
        Assert.False(alone.IsCompleted);
        first.Dispose();
        using (await alone)
            served.SetResult();
        await Task.WhenAll(sharing);
    }

    [Fact]
    public async Task A_name_is_held_by_one_at_a_time()
    {
        using var first = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        using var second = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        var held = await first.HoldAsync("entity:customer", _waitedFor.Add, TimeProvider.System, Token);
        using (await second.HoldAsync("entity:account", _waitedFor.Add, TimeProvider.System, Token))
            Assert.Null(second.TryHold("entity:customer"));

        var waiting = second.HoldAsync("entity:customer", _waitedFor.Add, TimeProvider.System, Token);
        await Task.Delay(200, Token);
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        using (await waiting.WaitAsync(s_soon, Token))
            Assert.Null(first.TryHold("entity:customer"));
        using var again = first.TryHold("entity:customer");
        Assert.NotNull(again);
    }

    [Fact]
    public async Task A_wait_for_a_name_can_be_given_up_and_the_session_goes_on()
    {
        using var first = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        using var second = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        using var enough = new CancellationTokenSource();
        using (await first.HoldAsync("stream:crm/Contact", _waitedFor.Add, TimeProvider.System, Token))
        {
            var waiting = second.HoldAsync("stream:crm/Contact", _waitedFor.Add, TimeProvider.System, enough.Token);
            await Task.Delay(100, Token);
            await enough.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(s_soon, Token));
            using var other = await second.HoldAsync("stream:crm/Account", _waitedFor.Add, TimeProvider.System, Token);
        }

        using var now = second.TryHold("stream:crm/Contact");
        Assert.NotNull(now);
    }

    [Fact]
    public async Task Who_waits_long_hears_whom_for()
    {
        using var first = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        using var second = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(6));
        using var held = await first.HoldAsync("entity:customer", _waitedFor.Add, TimeProvider.System, Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.HoldAsync("entity:customer", _waitedFor.Add, TimeProvider.System, enough.Token));
        Assert.Contains($"process {Environment.ProcessId}", Assert.Single(_waitedFor), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_ends_gives_back_its_names()
    {
        using var first = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        var second = await LockAsync(LockMode.Shared, TimeSpan.Zero);
        var name = await second.HoldAsync("run:17", _waitedFor.Add, TimeProvider.System, Token);
        Assert.Null(first.TryHold("run:17"));
        name.Dispose();
        second.Dispose();
        name.Dispose();
        using var free = first.TryHold("run:17");
        Assert.NotNull(free);
    }

    private Task<StoreLock> LockAsync(LockMode mode, TimeSpan wait) =>
        MasterStore.EngineOf(_test.Settings, _folder).LockAsync("test", mode, wait, _waitedFor.Add, TimeProvider.System, Token);
}

public sealed class StoreLockOnSqliteTests : StoreLockTests<SqliteStore>
{
    [Fact]
    public async Task A_second_service_on_the_folder_is_refused_and_told_of_the_first()
    {
        var folder = Directory.CreateTempSubdirectory("hub-serve-").FullName;
        using var store = new SqliteStore();
        var token = TestContext.Current.CancellationToken;
        using (await MasterStore.EngineOf(store.Settings, folder).LockServiceAsync(TimeProvider.System, token))
        {
            var refused = await Assert.ThrowsAsync<StoreException>(() => MasterStore.EngineOf(store.Settings, folder).LockServiceAsync(TimeProvider.System, token));
            Assert.Contains($"a service runs on this folder already: hub serve, process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        }

        using (await MasterStore.EngineOf(store.Settings, folder).LockServiceAsync(TimeProvider.System, token))
            Assert.True(Directory.Exists(Path.Combine(folder, "data")));
        Directory.Delete(folder, recursive: true);
    }
}

public sealed class StoreLockOnPostgreSqlTests : StoreLockTests<PostgreSqlStore>;
