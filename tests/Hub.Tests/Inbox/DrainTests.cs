using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Quarantine;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Pipelines;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Mapping.Validation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Integration.Hub.Tests.Inbox;

/// <summary>Messages of the inbox go through the pipelines: each once, in order, and none stops the others.</summary>
public abstract class DrainTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TestHub _hub = new(new TStore());
    private readonly Node _node = new("here");
    private readonly TestSystem _crm;
    private readonly HookSystem _hooks;
    private readonly MasterStore _main;
    private readonly ServiceStore _service;

    protected DrainTests()
    {
        _hub.Modified = "at | instant";
        _crm = _hub.Inbound("crm", rules: [new RuleDefinition { Field = "email", Rule = RuleKind.Email, Otherwise = Otherwise.Reject }]);
        _crm.SendsWebhooks = true;
        _hooks = new HookSystem(_crm);
        _crm.OnOpen = _ => _hooks;
        _main = _hub.Open();
        _service = new ServiceStore(_main.Engine, TimeProvider.System);
    }

    public void Dispose()
    {
        _service.Dispose();
        _main.Dispose();
        _hub.Dispose();
    }

    [Fact]
    public async Task What_webhooks_bring_is_landed_matched_and_done()
    {
        var first = Put("""[{"id":"1","first":"Ann","last":"Lee","email":"ann@mail.example"}]""");
        var second = Put("""[{"id":"2","first":"Bob","last":"Ray","email":"bob@mail.example"},{"id":"3","first":"Cid","last":"Fox","email":"not an address"}]""");

        var report = await DrainAsync();

        var pipeline = Assert.Single(report!.Pipelines);
        Assert.Equal(new Counts(2, 0, 0, 0, 1, 0), pipeline.Counts);
        Assert.Equal(new WebhookCounts(2, 0, 0), pipeline.Webhooks);
        Assert.Equal(["crm/1", "crm/2"], _hub.Clusters());
        Assert.Equal([(first, MessageState.Done), (second, MessageState.Done)], States());
        Assert.Equal($"webhook {second}", Assert.Single(QuarantineQuery.List(_main, new QuarantineFilter(null, null, "open"), 10)).Position);
        Assert.Empty(_hub.Query<long>("select inbox_id from inbox_receipt"));
        Assert.Null(_hub.Query<string?>("""select "cursor" from inbound""").Single());
        Assert.Null(await DrainAsync());
    }

    [Fact]
    public async Task A_record_that_comes_again_and_again_ends_as_the_last_message_says()
    {
        foreach (var name in (string[])["Ann", "Anna", "Ann", "Annette"])
            Put($$"""[{"id":"1","first":"{{name}}","email":"ann@mail.example"}]""");
        Put("""[{"id":"2","first":"Bob","email":"bob@mail.example"}]""");
        Put("""[{"id":"2","deleted":"yes"}]""");
        Put("""[{"id":"3","first":"Cid","email":"cid@mail.example"}]""");
        Put("""[{"id":"3","deleted":"yes"}]""");
        Put("""[{"id":"3","first":"Cyd","email":"cid@mail.example"}]""");

        var report = await DrainAsync();

        Assert.Equal(9, report!.Pipelines[0].Counts.Read);
        Assert.Equal(["Annette", "Cyd"], Names());
    }

    [Fact]
    public async Task What_is_older_than_what_is_stored_changes_nothing()
    {
        Put("""[{"id":"1","first":"New","email":"a@mail.example","at":"2026-03-02T10:00:00Z"}]""");
        Put("""[{"id":"1","first":"Old","email":"a@mail.example","at":"2026-03-02T09:59:59Z"}]""");

        var report = await DrainAsync();

        Assert.Equal(new Counts(1, 0, 1, 0, 0, 0), report!.Pipelines[0].Counts);
        Assert.Equal(1, report.Pipelines[0].Webhooks!.Stale);
        Assert.Equal(["New"], Names());
    }

    [Fact]
    public async Task A_poison_message_stops_no_other_and_is_replayed_without_overtaking_what_came_after_it()
    {
        Put("""[{"id":"1","first":"First","email":"a@mail.example"}]""");
        var poison = Put("""[{"id":"1","first":"Poisoned","email":"a@mail.example"},{"id":"9","first":"Other","email":"o@mail.example"}]""");
        Put("""[{"id":"1","first":"Last","email":"a@mail.example"}]""");
        _hooks.Fails = body => body.Contains("Poisoned", StringComparison.Ordinal) ? new ConnectorException(FailureKind.Rejected, "no such thing.", "Send another.") : null;

        var report = await DrainAsync();

        Assert.Equal(RunState.Done, report!.State);
        Assert.Equal(new WebhookCounts(2, 1, 0), report.Pipelines[0].Webhooks);
        Assert.Equal(["Last"], Names());
        var entry = _service.Read(store => InboxQuery.Find(store, poison))!;
        Assert.Equal((MessageState.Poison, "no such thing. Send another."), (entry.State, entry.Problem));

        _hooks.Fails = _ => null;
        Assert.Equal(1, _service.Write(transaction => InboxQuery.Replay(transaction, [poison])));
        report = await DrainAsync();

        Assert.Equal(new Counts(1, 0, 1, 0, 0, 0), report!.Pipelines[0].Counts);
        Assert.Equal(["Last", "Other"], Names());
        Assert.All(States(), state => Assert.Equal(MessageState.Done, state.State));
    }

    [Fact]
    public async Task Where_the_system_does_not_answer_messages_wait_in_their_order_and_no_attempt_is_counted()
    {
        Put("""[{"id":"1","first":"Ann","email":"a@mail.example"}]""");
        var waits = Put("""[{"id":"1","first":"Anna","email":"a@mail.example"}]""");
        Put("""[{"id":"1","first":"Annette","email":"a@mail.example"}]""");
        var down = true;
        _hooks.Fails = body => down && body.Contains("\"Anna\"", StringComparison.Ordinal) ? new ConnectorException(FailureKind.Transient, "crm does not answer", "wait") : null;

        for (var i = 0; i < 5; i++)
        {
            var report = await DrainAsync();
            Assert.Equal(RunState.Failed, report!.State);
            Assert.Equal("crm does not answer", report.Pipelines[0].Problem);
            Assert.Equal(["Ann"], Names());
        }

        var entry = _service.Read(store => InboxQuery.Find(store, waits))!;
        Assert.Equal((MessageState.Waiting, 0, "crm does not answer wait"), (entry.State, entry.Attempts, entry.Problem));
        down = false;
        Assert.Equal(RunState.Done, (await DrainAsync())!.State);
        Assert.Equal(["Annette"], Names());
    }

    [Fact]
    public async Task A_connector_that_breaks_over_a_message_is_tried_three_times_and_then_goes_on()
    {
        var bad = Put("boom");
        Put("""[{"id":"1","first":"Ann","email":"a@mail.example"}]""");
        _hooks.Fails = body => body == "boom" ? new InvalidOperationException("Ann Lee, ann@mail.example") : null;

        Assert.Equal(RunState.Failed, (await DrainAsync())!.State);
        Assert.Equal(RunState.Failed, (await DrainAsync())!.State);
        var report = await DrainAsync();

        Assert.Equal(RunState.Done, report!.State);
        Assert.Equal(["Ann"], Names());
        var entry = _service.Read(store => InboxQuery.Find(store, bad))!;
        Assert.Equal(MessageState.Poison, entry.State);
        Assert.DoesNotContain("ann@mail.example", entry.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_landed_when_the_program_died_is_not_taken_again()
    {
        var id = Put("""[{"id":"1","first":"Ann","email":"a@mail.example"}]""");
        await DrainAsync();
        Put("""[{"id":"1","first":"Anna","email":"a@mail.example"}]""");
        await DrainAsync();
        var runs = _hub.Query<long>("select count(*) from run").Single();

        // As it is between the commit of the landing and that of the inbox.
        using (var transaction = _main.Begin())
        {
            transaction.Execute("insert into inbox_receipt (inbound_id, inbox_id) select id, @id from inbound", new { id });
            transaction.Commit();
        }

        _service.Write(transaction => transaction.Execute("update inbox set state = 0, claimed_by = 'who died' where id = @id", new { id }));
        _hooks.Read.Clear();
        await DrainAsync();

        Assert.Empty(_hooks.Read);
        Assert.Equal(["Anna"], Names());
        Assert.All(States(), state => Assert.Equal(MessageState.Done, state.State));
        Assert.Empty(_hub.Query<long>("select inbox_id from inbox_receipt"));
        Assert.Equal(runs, _hub.Query<long>("select count(*) from run").Single());
    }

    [Fact]
    public async Task A_message_over_which_programs_die_is_put_aside_at_last()
    {
        var deadly = Put("deadly");
        Put("""[{"id":"1","first":"Ann","email":"a@mail.example"}]""");
        _service.Write(transaction => transaction.Execute("update inbox set attempts = 9, claimed_by = 'who died' where id = @deadly", new { deadly }));

        var report = await DrainAsync();

        Assert.Equal(new WebhookCounts(1, 1, 0), report!.Pipelines[0].Webhooks);
        Assert.Equal(["Ann"], Names());
        Assert.DoesNotContain("deadly", _hooks.Read);
    }

    [Fact]
    public async Task A_message_is_done_when_all_pipelines_of_its_stream_have_taken_it()
    {
        var id = Put("""[{"id":"1","first":"Ann","email":"a@mail.example"}]""");
        var all = _hub.Configuration.Pipelines.OfType<InboundPipeline>().Single();
        var configuration = _hub.Configuration with { Pipelines = [all, all with { Name = "others" }] };
        var failing = true;
        _hooks.Fails = _ => failing && _hooks.Read.Count == 2 ? new ConnectorException(FailureKind.Transient, "crm does not answer", "wait") : null;

        var report = await DrainAsync(configuration);

        Assert.Equal([RunState.Done, RunState.Failed], report!.Pipelines.Select(pipeline => pipeline.State));
        Assert.Equal([(id, MessageState.Waiting)], States());
        Assert.Single(_hub.Query<long>("select inbox_id from inbox_receipt"));

        failing = false;
        report = await DrainAsync(configuration);

        Assert.Equal([null, null], report!.Pipelines.Select(pipeline => pipeline.Problem));
        Assert.Equal([0L, 1L], report!.Pipelines.Select(pipeline => pipeline.Counts.Read));
        Assert.Equal([(id, MessageState.Done)], States());
        Assert.Empty(_hub.Query<long>("select inbox_id from inbox_receipt"));
    }

    [Fact]
    public async Task What_a_pull_brings_and_no_webhook_brought_is_counted_as_recovered()
    {
        _crm.Put("1", ("first", "Ann"), ("email", "a@mail.example"), ("at", "2026-03-01T00:00:00Z"));
        Assert.Equal(0, (await _hub.RunAsync()).Pipelines[0].Recovered);
        Put("""[{"id":"2","first":"Bob","email":"b@mail.example","at":"2026-03-02T00:00:00Z"}]""");
        await DrainAsync();
        _crm.Put("2", ("first", "Bob"), ("email", "b@mail.example"), ("at", "2026-03-02T00:00:00Z"));
        _crm.Put("3", ("first", "Cid"), ("email", "c@mail.example"), ("at", "2026-03-03T00:00:00Z"));
        _crm.Put("4", ("first", "Dan"), ("email", "d@mail.example"), ("at", TimeProvider.System.GetUtcNow().ToString("O")));

        var report = await _hub.RunAsync();

        Assert.Equal(1, report.Pipelines[0].Recovered);
        Assert.Equal(1, RunHistory.ReportOf(RunHistory.Find(_main, report.RunId)!.Report!).Pipelines[0].Recovered);
    }

    [Fact]
    public async Task Very_many_messages_are_taken_in_their_order()
    {
        for (var i = 0; i < 1500; i++)
            Put($$"""[{"id":"{{i % 7}}","first":"Given{{i}}","email":"p{{i % 7}}@mail.example"}]""");

        var report = await DrainAsync();

        Assert.Equal(1500, report!.Pipelines[0].Counts.Read);
        Assert.Equal(Enumerable.Range(1493, 7).Select(i => $"Given{i}"), Names());
        Assert.Equal(Enumerable.Range(0, 1500), _hooks.Read.Select(body => int.Parse(JsonSerializer.Deserialize<List<Dictionary<string, string>>>(body)![0]["first"][5..], System.Globalization.CultureInfo.InvariantCulture)));
    }

    private long Put(string body) => _service.Write(transaction =>
    {
        using (var insert = transaction.Insert("inbox", ["connection", "stream", "delivery_id", "received_at", "method", "headers", "query", "body"], WhenExists.Keep))
        {
            insert.Text("crm");
            insert.Text("people");
            insert.Text(Guid.NewGuid().ToString());
            insert.Int64(transaction.Store.Now);
            insert.Text("POST");
            insert.Text("{}");
            insert.Text("{}");
            insert.Bytes(Encoding.UTF8.GetBytes(body));
            insert.EndRow();
        }

        return transaction.Scalar<long>("select max(i.id) from inbox i");
    });

    private async Task<RunReport?> DrainAsync(HubConfiguration? configuration = null)
    {
        configuration ??= _hub.Configuration;
        IReadOnlyList<InboundPipeline> pipelines = [.. configuration.Pipelines.OfType<InboundPipeline>()];
        if (new WaitingMessages(_service, _node, "crm", "people").Last(5000) is not { } upTo)
            return null;
        var options = new RunOptions { Inbox = new InboxBatch(_service, _node, pipelines, upTo), IgnoreLimits = true };
        return await new Runner(configuration, TimeProvider.System, NullLogger.Instance).RunAsync(
            [.. pipelines.Select(pipeline => pipeline.Name)], options, new Progress<RunProgress>(), TestContext.Current.CancellationToken);
    }

    private List<(long Id, MessageState State)> States() =>
        [.. _service.Read(store => InboxQuery.List(store, new InboxFilter(null, null), 10_000)).Select(message => (message.Id, message.State)).Order()];

    private List<string> Names() =>
        [.. _hub.Query<string>("select data from source_record where gone_run is null and inbound_id = (select min(id) from inbound)").Select(data => JsonDocument.Parse(data).RootElement.GetProperty("name.given").GetString()!).Order(StringComparer.Ordinal)];
}

public sealed class DrainOnSqliteTests : DrainTests<SqliteStore>;

public sealed class DrainOnPostgreSqlTests : DrainTests<PostgreSqlStore>;
