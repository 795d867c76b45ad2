using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Pipelines;

public abstract class OutboundTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TestHub _hub = new(new TStore());
    private readonly TestSystem _crm;

    public OutboundTests()
    {
        _crm = _hub.Inbound("crm");
        Person("1", "Ann", "Lee");
        Person("2", "Bob", "Ray");
    }

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task Only_what_changed_is_written()
    {
        var target = _hub.Outbound("target");
        await _hub.RunAsync();
        Assert.Equal(2, target.Received.Count);
        target.Writes.Clear();

        Person("2", "Bobby", "Ray");
        var report = await _hub.RunAsync();

        var write = Assert.Single(target.Writes);
        Assert.Equal(WriteKind.Update, write.Kind);
        Assert.Equal([false, true, false, false], write.Changed);
        Assert.Equal("Bobby", target.Received[write.Key]["First"]);
        Assert.Equal(new Counts(0, 1, 0, 0, 0, 0), report.Pipelines[1].Counts);
    }

    [Fact]
    public async Task What_leaves_the_condition_is_left_or_deleted_as_the_pipeline_says()
    {
        var kept = _hub.Outbound("kept", where: "name.family != 'Gone'");
        var cleaned = _hub.Outbound("cleaned", where: "name.family != 'Gone'", deletes: DeletesPolicy.Delete);
        await _hub.RunAsync();
        Person("2", "Bob", "Gone");
        await _hub.RunAsync();
        Assert.Equal(2, kept.Received.Count);
        Assert.Single(cleaned.Received);

        Person("2", "Bob", "Back");
        await _hub.RunAsync();
        Assert.Equal(2, cleaned.Received.Count);
    }

    [Fact]
    public async Task What_failed_is_tried_again_and_what_was_refused_waits_for_a_change()
    {
        var failing = _hub.Outbound("failing");
        failing.Refuse = write => write.Values[1].AsText == "Bob" ? FailureKind.Transient : null;
        var refusing = _hub.Outbound("refusing");
        refusing.Refuse = write => write.Values[1].AsText == "Bob" ? FailureKind.Rejected : null;
        var report = await _hub.RunAsync();
        Assert.Equal(1, report.Pipelines[1].Counts.Rejected);
        Assert.Equal(1, report.Pipelines[2].Counts.Rejected);
        failing.Refuse = refusing.Refuse = _ => null;

        await _hub.RunAsync();
        Assert.Equal(2, failing.Received.Count);
        Assert.Single(refusing.Received);

        Person("2", "Bobby", "Ray");
        await _hub.RunAsync();
        Assert.Equal(2, refusing.Received.Count);
    }

    [Fact]
    public async Task Answers_that_were_lost_make_no_second_record()
    {
        var target = _hub.Outbound("target");
        target.LoseAnswersAfter = 2;
        var report = await _hub.RunAsync();
        Assert.Equal(RunState.Failed, report.State);
        target.LoseAnswersAfter = null;

        report = await _hub.RunAsync();

        Assert.Equal(RunState.Done, report.State);
        Assert.Equal(2, target.Received.Count);
        Assert.Equal(2, report.Pipelines[1].Counts.Created);
        await _hub.RunAsync();
        Assert.Equal(4, target.Writes.Count);
    }

    [Fact]
    public async Task A_run_that_would_change_too_much_stops_before_it_writes()
    {
        for (var i = 10; i < 70; i++)
            Person($"{i}", $"Given{i}", $"Family{i}");
        var target = _hub.Outbound("target");
        await _hub.RunAsync();
        target.Writes.Clear();
        for (var i = 10; i < 40; i++)
            Person($"{i}", $"Given{i}", $"Altered{i}");

        var report = await _hub.RunAsync();
        Assert.Equal(RunState.Stopped, report.State);
        Assert.Empty(target.Writes);

        report = await _hub.RunAsync(new RunOptions { IgnoreLimits = true });
        Assert.Equal(RunState.Done, report.State);
        Assert.Equal(30, target.Writes.Count);
    }

    [Fact]
    public async Task A_plan_says_what_the_run_then_does_and_leaves_no_trace()
    {
        var target = _hub.Outbound("target", deletes: DeletesPolicy.Delete);
        await _hub.RunAsync();
        Person("1", "Anne", "Lee");
        Person("3", "Cid", "Poe");
        _crm.Rows.Remove("2");
        target.Writes.Clear();
        var before = _hub.Dump(runs: true);

        var plan = await _hub.PlanAsync();

        Assert.Equal(before, _hub.Dump(runs: true));
        Assert.Empty(target.Writes);
        var run = await _hub.RunAsync();
        Assert.Equal(plan.Pipelines.Select(pipeline => (pipeline.Name, pipeline.Counts, pipeline.Matching)), run.Pipelines.Select(pipeline => (pipeline.Name, pipeline.Counts, pipeline.Matching)));
        Assert.Equal(
            plan.Pipelines[1].Writes.Select(write => (write.Kind, write.Key)).Order(),
            target.Writes.Select(write => (write.Kind switch { WriteKind.Create => "create", WriteKind.Update => "change", _ => "delete" }, write.Key)).Order());
        Assert.Equal("Anne", plan.Pipelines[1].Writes.Single(write => write.Kind == "change").Fields.Single().After);
    }

    [Fact]
    public async Task Two_masters_that_claim_one_key_do_not_overwrite_each_other()
    {
        _crm.Put("8", ("first", "Xenia"), ("last", "Alpha"), ("phone", "+493012345678"));
        _crm.Put("9", ("first", "Xenia"), ("last", "Beta"), ("phone", "+493087654321"));
        var target = _hub.Outbound("target", where: "name.given = 'Xenia'", deletes: DeletesPolicy.Delete, key: "name.given");
        var report = await _hub.RunAsync();
        Assert.Equal(new Counts(1, 0, 0, 0, 1, 2), report.Pipelines[1].Counts);
        Assert.Equal("Alpha", Assert.Single(target.Received).Value["Last"]);

        // Once the first one lets go of the key, the second gets it.
        _crm.Put("8", ("first", "Yvonne"), ("last", "Alpha"), ("phone", "+493012345678"));
        await _hub.RunAsync();
        await _hub.RunAsync();
        Assert.Equal("Beta", target.Received["Xenia"]["Last"]);
    }

    [Fact]
    public async Task A_record_whose_key_changes_leaves_nothing_under_the_old_key()
    {
        var target = _hub.Outbound("target", key: "email");
        await _hub.RunAsync();
        _crm.Put("1", ("first", "Ann"), ("last", "Lee"), ("email", "new@mail.example"), ("phone", null));
        await _hub.RunAsync();
        Assert.Equal(["2@mail.example", "new@mail.example"], target.Received.Keys.Order());
    }

    [Fact]
    public async Task A_changed_pipeline_looks_at_every_master_and_sends_the_difference()
    {
        var target = _hub.Outbound("target");
        await _hub.RunAsync();
        target.Writes.Clear();
        _hub.Outbound("target", where: "name.given = 'Ann'", deletes: DeletesPolicy.Delete, fingerprint: 2, system: target);
        await _hub.RunAsync();
        Assert.Equal(WriteKind.Delete, Assert.Single(target.Writes).Kind);
    }

    private void Person(string id, string first, string last) => _crm.Put(id, ("first", first), ("last", last), ("email", $"{id}@mail.example"));
}

public sealed class OutboundOnSqliteTests : OutboundTests<SqliteStore>;

public sealed class OutboundOnPostgreSqlTests : OutboundTests<PostgreSqlStore>;
