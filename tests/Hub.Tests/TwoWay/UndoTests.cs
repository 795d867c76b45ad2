using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Store;
using Crm.Integration.Hub.Undo;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>What a run wrote is taken back, and is not written again.</summary>
public abstract class UndoTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private const string Delete = """, "deletes": "delete" """;

    private readonly TwoWayHub _hub = new(new TStore());

    public void Dispose() => _hub.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_run_changed_gets_the_values_from_before_and_stays_so(bool twoWay)
    {
        var (a, b) = await TogetherAsync(twoWay);
        a.Edit("a1", ("Phone", "111"), ("Title", null));
        await _hub.RunAsync();
        Assert.Equal(("111", null), (b["b1", "Phone"], b["b1", "Title"]));

        var report = await _hub.UndoAsync(_hub.LastRun);

        Assert.Equal((null, "Clerk"), (b["b1", "Phone"], b["b1", "Title"]));
        Assert.Equal(1, Out(report).Counts.Changed);
        Assert.Equal(0, await _hub.SettleAsync());
        Assert.Equal((null, "111"), (b["b1", "Phone"], a["a1", "Phone"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_run_made_is_removed_and_not_made_again(bool twoWay)
    {
        var (a, b) = await TogetherAsync(twoWay);
        a.Make(("First", "Zoe"), ("Last", "Quark"));
        await _hub.RunAsync();
        Assert.Equal(["b1", "b2"], b.Ids);

        var report = await _hub.UndoAsync(_hub.LastRun);

        Assert.Equal(["b1"], b.Ids);
        Assert.Equal(1, Out(report).Counts.Deleted);
        Assert.Equal(0, await _hub.SettleAsync());
        Assert.Equal(["b1"], b.Ids);
        Assert.True(a.Has("a2"));

        // Until the hub says something else.
        a.Edit("a2", ("Title", "Boss"));
        await _hub.SettleAsync();
        Assert.Equal(("Zoe", "Boss"), (b[b.Ids.Last(), "First"], b[b.Ids.Last(), "Title"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_run_removed_is_made_again_with_a_new_id_and_not_removed_again(bool twoWay)
    {
        var (a, b) = await TogetherAsync(twoWay, Delete);
        a.Remove("a1");
        await _hub.RunAsync();
        Assert.Empty(b.Ids);

        await _hub.UndoAsync(_hub.LastRun);

        var again = Assert.Single(b.Ids);
        Assert.Equal(("Ann", "Clerk"), (b[again, "First"], b[again, "Title"]));
        Assert.Equal(0, await _hub.SettleAsync());
        Assert.Equal(again, Assert.Single(b.Ids));
    }

    [Fact]
    public async Task What_somebody_has_edited_since_is_left_and_said()
    {
        var (a, b) = await TogetherAsync(twoWay: true);
        a.Edit("a1", ("Phone", "111"), ("Title", "Boss"));
        await _hub.RunAsync();
        b.Edit("b1", ("Phone", "999"));

        var report = await _hub.UndoAsync(_hub.LastRun);

        Assert.Equal(("999", "Clerk"), (b["b1", "Phone"], b["b1", "Title"]));
        var kept = Assert.Single(Out(report).Reasons);
        Assert.Equal(("kept", "Phone", 1L), (kept.What, kept.Path, kept.Count));
        Assert.Contains("somebody has changed it there since", kept.Example, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_somebody_has_edited_since_it_was_made_stays()
    {
        var (a, b) = await TogetherAsync(twoWay: true);
        a.Make(("First", "Zoe"), ("Last", "Quark"));
        await _hub.RunAsync();
        b.Edit("b2", ("Phone", "999"));

        var report = await _hub.UndoAsync(_hub.LastRun);

        Assert.True(b.Has("b2"));
        Assert.Contains("the record stays", Assert.Single(Out(report).Reasons).Example, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_later_run_wrote_is_left_until_that_is_taken_back(bool twoWay)
    {
        var (a, b) = await TogetherAsync(twoWay);
        a.Edit("a1", ("Phone", "111"), ("Title", "Boss"));
        await _hub.RunAsync();
        var first = _hub.LastRun;
        a.Edit("a1", ("Phone", "222"));
        await _hub.RunAsync();
        var second = _hub.LastRun;

        var report = await _hub.UndoAsync(first);
        Assert.Equal(("222", "Clerk"), (b["b1", "Phone"], b["b1", "Title"]));
        Assert.Contains($"`hub undo {second}` first", Assert.Single(Out(report).Reasons).Example, StringComparison.Ordinal);
        await _hub.UndoAsync(second);
        Assert.Equal("111", b["b1", "Phone"]);
        Assert.Equal(0, await _hub.SettleAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_undo_can_be_taken_back_and_the_run_be_undone_again(bool twoWay)
    {
        var (b, run) = await WrittenAsync(twoWay);
        await _hub.UndoAsync(run);
        Assert.Equal(_hub.LastRun, _hub.Undone(run).UndoneBy);

        await _hub.UndoAsync(_hub.LastRun);
        Assert.Equal("111", b["b1", "Phone"]);
        Assert.Equal("Zoe", b[b.Ids.Last(), "First"]);
        Assert.Null(_hub.Undone(run).UndoneBy);
        Assert.Empty(_hub.Query<long>("select master_id from held_delivery"));
        Assert.Equal(0, await _hub.SettleAsync());

        await _hub.UndoAsync(run);
        Assert.Null(b["b1", "Phone"]);
        Assert.Equal(["b1"], b.Ids);
        Assert.Equal(0, await _hub.SettleAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_field_is_held_until_the_hub_says_something_else_and_the_others_are_not(bool twoWay)
    {
        var (a, b) = await TogetherAsync(twoWay);
        a.Edit("a1", ("Phone", "111"));
        await _hub.RunAsync();
        await _hub.UndoAsync(_hub.LastRun);

        a.Edit("a1", ("Title", "Boss"));
        await _hub.SettleAsync();
        Assert.Equal((null, "Boss"), (b["b1", "Phone"], b["b1", "Title"]));

        a.Edit("a1", ("Phone", "222"));
        await _hub.SettleAsync();
        Assert.Equal("222", b["b1", "Phone"]);
        Assert.Empty(_hub.Query<long>("select master_id from held_delivery"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_let_go_is_sent_by_the_next_run(bool twoWay)
    {
        var (b, run) = await WrittenAsync(twoWay);
        await _hub.UndoAsync(run);
        await _hub.SettleAsync();
        using (var store = MasterStore.Open(MasterStore.EngineOf(_hub.Configuration().Settings.Store, _hub.Folder), _hub.Clock))
        using (var transaction = store.Begin())
        {
            Assert.Equal(2, HoldTable.Release(transaction, run, null));
            transaction.Commit();
        }

        await _hub.SettleAsync();

        Assert.Equal("111", b["b1", "Phone"]);
        Assert.Equal(2, b.Ids.Count());
        Assert.Empty(_hub.Query<long>("select master_id from held_delivery"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_undo_that_was_killed_goes_on_and_no_run_writes_it_again_meanwhile(bool twoWay)
    {
        var (b, run) = await WrittenAsync(twoWay);
        b.Applied = _ => throw new ConnectorException(FailureKind.Transient, "the line went dead", "try again");
        await _hub.UndoAsync(run, mustSucceed: false);
        b.Applied = _ => { };
        Assert.Null(_hub.Undone(run).UndoneBy);

        await _hub.SettleAsync();
        Assert.Null(b["b1", "Phone"]);
        await _hub.UndoAsync(run);

        Assert.Null(b["b1", "Phone"]);
        Assert.Equal(["b1"], b.Ids);
        Assert.NotNull(_hub.Undone(run).UndoneBy);
        Assert.Equal(0, await _hub.SettleAsync());
    }

    [Fact]
    public async Task A_plan_says_what_the_undo_then_writes()
    {
        var (b, run) = await WrittenAsync(twoWay: true);

        var plan = await _hub.UndoAsync(run, new RunOptions { Rehearsal = true });
        Assert.Empty(b.Writes);
        Assert.Equal(["change", "delete"], Out(plan).Writes.Select(write => write.Kind));
        Assert.Equal(new PlannedField("Phone", "111", null), Assert.Single(Out(plan).Writes[0].Fields));
        var report = await _hub.UndoAsync(run);

        Assert.Equal(Out(plan).Counts, Out(report).Counts);
        Assert.Equal(2, b.Writes.Count);
    }

    [Fact]
    public async Task A_refused_write_is_not_held()
    {
        var (a, b) = await TogetherAsync(twoWay: true);
        a.Edit("a1", ("Phone", "111"));
        await _hub.RunAsync();
        var run = _hub.LastRun;
        b.Refuse = write => new WriteOutcome(write.Id, FailureKind.Rejected, "not today") { Fault = WriteFault.Validation };
        var report = await _hub.UndoAsync(run);
        b.Refuse = _ => null;

        Assert.Equal(1, Out(report).Counts.Rejected);
        Assert.Null(_hub.Undone(run).UndoneBy);
        Assert.Empty(_hub.Query<long>("select master_id from held_delivery"));
        Assert.Equal(0, await _hub.SettleAsync());
        Assert.Equal("111", b["b1", "Phone"]);
    }

    [Fact]
    public async Task Nothing_is_taken_back_where_nobody_knows_what_was_edited_since()
    {
        var (a, b) = await TogetherAsync(twoWay: true);
        a.Edit("a1", ("Phone", "111"));
        await _hub.RunAsync();
        var run = _hub.LastRun;
        b.Reading = () => throw new ConnectorException(FailureKind.Transient, "the line went dead", "try again");

        var report = await _hub.UndoAsync(run, mustSucceed: false);

        Assert.Equal((RunState.Skipped, "111"), (Out(report).State, b["b1", "Phone"]));
        Assert.Contains("has not read b/people to its end", Out(report).Problem, StringComparison.Ordinal);
    }

    private static PipelineReport Out(RunReport report) => report.Pipelines.Single(pipeline => !pipeline.Inbound && pipeline.Name == "b-out");

    /// <summary>A run that has given Ann a phone number and made Zoe.</summary>
    private async Task<(Crm B, long Run)> WrittenAsync(bool twoWay)
    {
        var (a, b) = await TogetherAsync(twoWay);
        a.Edit("a1", ("Phone", "111"));
        a.Make(("First", "Zoe"), ("Last", "Quark"));
        await _hub.RunAsync();
        return (b, _hub.LastRun);
    }

    private async Task<(Crm A, Crm B)> TogetherAsync(bool twoWay, string to = "")
    {
        var a = _hub.Add(new Crm("a", _hub.Clock), writes: false);
        var b = new Crm("b", _hub.Clock);
        if (twoWay)
            _hub.Add(b, to);
        else
            _hub.AddTarget(b, to);
        a.Make(("First", "Ann"), ("Last", "Lee"), ("Title", "Clerk"));
        await _hub.SettleAsync();
        return (a, b);
    }
}

public sealed class UndoOnSqliteTests : UndoTests<SqliteStore>;

public sealed class UndoOnPostgreSqlTests : UndoTests<PostgreSqlStore>;
