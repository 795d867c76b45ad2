using System.Text;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Inbox;

/// <summary>Webhook requests are durable before they are acknowledged, on every engine.</summary>
public abstract class InboxWriterTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TStore _test = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-inbox-").FullName;

    public void Dispose()
    {
        _test.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_request_is_in_the_store_byte_for_byte_when_its_outcome_is_known()
    {
        byte[] body = [0, 255, .. Encoding.UTF8.GetBytes("李 \0 é")];
        using var inbox = Inbox();

        var outcome = await inbox.WriteAsync(Message("shop", "d1", body));

        Assert.Equal(InboxOutcome.Stored, outcome);
        using var store = Service();
        using var rows = store.Read("select connection, stream, delivery_id, received_at, method, headers, query, state, attempts from inbox");
        Assert.True(rows.Next());
        Assert.Equal(("shop", "orders", "d1", 1234), (rows.Text(0), rows.Text(1), rows.Text(2), rows.Int64(3)));
        Assert.Equal(("POST", """{"Content-Type":"application/json"}""", "{}", 0L, 0L), (rows.Text(4), rows.Text(5), rows.Text(6), rows.Int64(7), rows.Int64(8)));
        rows.Dispose();
        Assert.Equal(body, store.Scalar<byte[]>("select body from inbox where delivery_id = 'd1'"));
    }

    [Fact]
    public async Task The_same_delivery_is_stored_once_however_often_it_comes()
    {
        using (var inbox = Inbox())
        {
            Assert.Equal(InboxOutcome.Stored, await inbox.WriteAsync(Message("shop", "d1")));
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => inbox.WriteAsync(Message("shop", "d1")))), outcome => Assert.Equal(InboxOutcome.Stored, outcome));
            Assert.Equal(InboxOutcome.Stored, await inbox.WriteAsync(Message("other", "d1")));
        }

        using (var again = Inbox())
            Assert.Equal(InboxOutcome.Stored, await again.WriteAsync(Message("shop", "d1")));

        using var store = Service();
        Assert.Equal(["other", "shop"], store.Query<string>("select connection from inbox order by connection"));
    }

    [Fact]
    public async Task Requests_without_an_id_are_all_stored_and_what_was_acknowledged_earlier_has_the_lower_number()
    {
        using (var inbox = Inbox())
        {
            for (byte wave = 0; wave < 5; wave++)
            {
                byte[] body = [wave];
                await Task.WhenAll([.. Enumerable.Range(0, 100).Select(_ => inbox.WriteAsync(Message("shop", null, body)))]);
            }
        }

        using var store = Service();
        var waves = store.Query<byte[]>("select body from inbox order by id").Select(body => body[0]).ToList();
        Assert.Equal(500, waves.Count);
        Assert.Equal(waves.Order(), waves);
    }

    [Fact]
    public async Task Ids_go_up_and_are_not_given_again_when_rows_are_gone()
    {
        using (var inbox = Inbox())
        {
            await inbox.WriteAsync(Message("shop", "d1"));
            await inbox.WriteAsync(Message("shop", "d2"));
        }

        long last;
        using (var store = Service())
        {
            last = store.Scalar<long>("select max(id) from inbox");
            using var transaction = store.Begin();
            transaction.Execute("delete from inbox");
            transaction.Commit();
        }

        using (var inbox = Inbox())
            await inbox.WriteAsync(Message("shop", "d3"));
        using var later = Service();
        Assert.True(later.Scalar<long>("select min(id) from inbox") > last);
    }

    [Fact]
    public async Task What_waits_is_bounded()
    {
        using var inbox = Inbox(waitingMegabytes: 1);
        var body = new byte[700_000];

        var outcomes = await Task.WhenAll([.. Enumerable.Range(0, 50).Select(i => inbox.WriteAsync(Message("shop", $"{i}", body)))]);

        Assert.Contains(InboxOutcome.Busy, outcomes);
        using var store = Service();
        Assert.Equal(outcomes.Count(outcome => outcome == InboxOutcome.Stored), store.Scalar<long>("select count(*) from inbox"));
    }

    [Fact]
    public async Task What_was_given_before_the_end_is_stored_and_nothing_after_it()
    {
        var inbox = Inbox();
        var given = Enumerable.Range(0, 50).Select(i => inbox.WriteAsync(Message("shop", $"{i}"))).ToList();
        inbox.Dispose();

        Assert.All(await Task.WhenAll(given), outcome => Assert.Equal(InboxOutcome.Stored, outcome));
        Assert.NotEqual(InboxOutcome.Stored, await inbox.WriteAsync(Message("shop", "late")));
        using var store = Service();
        Assert.Equal(50, store.Scalar<long>("select count(*) from inbox"));
    }

    [Fact]
    public async Task Those_who_wait_for_something_new_are_told()
    {
        using var inbox = Inbox();
        var told = 0;
        inbox.Stored += () => Interlocked.Increment(ref told);

        await inbox.WriteAsync(Message("shop", "d1"));
        Assert.Equal(1, told);
    }

    private MasterStore Service() => MasterStore.Open(Engine().Service, TimeProvider.System);

    private protected InboxWriter Inbox(int waitingMegabytes = 32, TimeProvider? clock = null) =>
        new(Engine(), new HookSettings { WaitingMegabytes = waitingMegabytes }, clock ?? TimeProvider.System, NullLoggerFactory.Instance);

    private protected static InboxMessage Message(string connection, string? id, byte[]? content = null)
    {
        content ??= "{}"u8.ToArray();
        var body = new PooledBytes(16);
        content.CopyTo(body.Room(content.Length));
        body.Advance(content.Length);
        return new InboxMessage(connection, "orders", id, 1234, body) { Headers = """{"Content-Type":"application/json"}""" };
    }

    private StoreEngine Engine() => MasterStore.EngineOf(_test.Settings, _folder);
}

public sealed class InboxOnSqliteTests : InboxWriterTests<SqliteStore>;

public sealed class InboxOnPostgreSqlTests : InboxWriterTests<PostgreSqlStore>
{
    [Fact]
    public async Task A_connection_that_was_lost_is_opened_anew_and_the_sender_sees_nothing_of_it()
    {
        using var test = new PostgreSqlStore();
        var settings = new StoreSettings { Provider = StoreProvider.Postgresql, ConnectionString = $"{test.Settings.ConnectionString};Application Name={test.Schema}" };
        using var inbox = new InboxWriter(MasterStore.EngineOf(settings, "."), new HookSettings(), TimeProvider.System, NullLoggerFactory.Instance);

        Assert.Equal(InboxOutcome.Stored, await inbox.WriteAsync(Message("shop", "d1")));
        PostgreSqlStore.Execute($"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{test.Schema}'");
        Assert.Equal(InboxOutcome.Stored, await inbox.WriteAsync(Message("shop", "d2")));
    }
}

public sealed class InboxFailureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-inbox-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_store_that_cannot_be_written_fails_quickly_and_is_used_again_once_it_can()
    {
        var inTheWay = Directory.CreateDirectory(Path.Combine(_folder, "data", "service.db"));
        using var inbox = new InboxWriter(MasterStore.EngineOf(new StoreSettings(), _folder), new HookSettings(), TimeProvider.System, NullLoggerFactory.Instance);

        Assert.Equal(InboxOutcome.Failed, await inbox.WriteAsync(Message("d1")));
        var immediately = inbox.WriteAsync(Message("d2"));
        Assert.True(immediately.IsCompleted);
        Assert.Equal(InboxOutcome.Failed, await immediately);

        inTheWay.Delete();
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        Assert.Equal(InboxOutcome.Stored, await inbox.WriteAsync(Message("d3")));
    }

    private static InboxMessage Message(string id) => new("shop", "orders", id, 1, new PooledBytes(16));
}
