using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Mapping.Validation;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Pipelines;

public abstract class InboundTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private static readonly RuleDefinition[] s_mailOrReject = [new RuleDefinition { Field = "email", Rule = RuleKind.Email, Otherwise = Otherwise.Reject }];

    private readonly TestHub _hub = new(new TStore());

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task Every_row_read_is_accounted_for()
    {
        var crm = _hub.Inbound("crm", where: "first != 'Nobody'", rules: s_mailOrReject);
        crm.Put("1", ("first", "Ann"), ("email", "ann@mail.example"));
        crm.Put("2", ("first", "Bob"), ("email", "not an address"));
        crm.Put("3", ("first", "Nobody"), ("email", "n@mail.example"));
        crm.Put("4", ("first", "Cid"), ("email", "cid@mail.example"));
        crm.ExtraRows.Add(new() { ["id"] = null, ["first"] = "Keyless" });
        crm.ExtraRows.Add(new() { ["id"] = "1", ["first"] = "Other", ["email"] = "o@mail.example" });
        crm.ExtraRows.Add(new() { ["id"] = "x", ["fault"] = "x;;;;" });
        await RunAsync(new Counts(2, 0, 0, 0, 4, 1));

        crm.Rows.Remove("4");
        crm.Put("1", ("first", "Anna"), ("email", "ann@mail.example"));
        crm.Put("5", ("first", "Dan"), ("email", "dan@mail.example"));
        await RunAsync(new Counts(1, 1, 0, 1, 4, 1));
    }

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        var crm = _hub.Inbound("crm", rules: s_mailOrReject);
        var target = _hub.Outbound("target");
        for (var i = 0; i < 20; i++)
            crm.Put($"{i}", ("first", $"Given{i}"), ("last", "Meier"), ("email", i % 5 == 0 ? "bad" : $"p{i}@mail.example"));
        await _hub.RunAsync();
        var before = _hub.Dump();
        target.Writes.Clear();

        var report = await _hub.RunAsync();

        Assert.Equal(before, _hub.Dump());
        Assert.Empty(target.Writes);
        Assert.Equal(new Counts(0, 0, 16, 0, 4, 0), report.Pipelines[0].Counts);
        Assert.Equal(0, report.Pipelines[1].Counts.Read);
    }

    [Fact]
    public async Task A_rejected_row_waits_whole_and_leaves_when_it_passes()
    {
        var crm = _hub.Inbound("crm", rules: s_mailOrReject);
        crm.Put("7", ("first", "Eve"), ("email", "eve-at-mail"), ("unmapped", "kept too"));
        await _hub.RunAsync();
        var row = Assert.Single(_hub.Query<(string State, string Rule, string Path, string Place, string Payload)>("select state, rule, path, place, payload from quarantine"));
        Assert.Equal(("open", "email", "email", "pipelines/crm.json:10"), (row.State, row.Rule, row.Path, row.Place));
        Assert.Contains("kept too", row.Payload, StringComparison.Ordinal);

        crm.Put("7", ("first", "Eve"), ("email", "eve@mail.example"));
        await _hub.RunAsync();
        Assert.Equal("resolved", Assert.Single(_hub.Query<string>("select state from quarantine")));
        Assert.Equal(["crm/7"], _hub.Clusters());
    }

    [Fact]
    public async Task The_last_good_version_stays_in_use_while_a_newer_one_waits()
    {
        var crm = _hub.Inbound("crm", rules: s_mailOrReject);
        crm.Put("7", ("first", "Eve"), ("email", "eve@mail.example"));
        await _hub.RunAsync();
        crm.Put("7", ("first", "Eva"), ("email", "broken"));
        var report = await _hub.RunAsync();
        Assert.Equal(new Counts(0, 0, 0, 0, 1, 0), report.Pipelines[0].Counts);
        Assert.Contains("eve@mail.example", Assert.Single(_hub.Query<string>("select data from master where ended_run is null")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_shrinks_stops_the_run_and_loses_nobody()
    {
        var crm = _hub.Inbound("crm");
        for (var i = 0; i < 40; i++)
            crm.Put($"{i}", ("first", $"Given{i}"), ("last", $"Family{i}"), ("email", $"p{i}@mail.example"));
        await _hub.RunAsync();
        crm.Rows.Clear();

        var report = await _hub.RunAsync();
        Assert.True(report.State == RunState.Stopped, report.Pipelines[0].Problem);
        Assert.Contains("40 of 40 records are gone", report.Pipelines[0].Problem, StringComparison.Ordinal);
        Assert.Equal(40, _hub.Clusters().Count);

        report = await _hub.RunAsync(new RunOptions { IgnoreLimits = true });
        Assert.Equal(RunState.Done, report.State);
        Assert.Equal(40, report.Pipelines[0].Counts.Deleted);
        Assert.Empty(_hub.Clusters());
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_not_taken_for_a_deleted_record()
    {
        var crm = _hub.Inbound("crm");
        foreach (var id in new[] { "1", "2", "3" })
            crm.Put(id, ("first", "P" + id), ("last", "Lee"), ("email", id + "@mail.example"));
        await _hub.RunAsync();

        // Broken, but its key can be read.
        crm.Rows["2"]["fault"] = "2;P2;Lee;;;;";
        var report = await _hub.RunAsync();
        Assert.Equal(new Counts(0, 0, 2, 0, 1, 0), report.Pipelines[0].Counts);

        // Broken beyond its key: it may be any of those that are missing.
        crm.Rows["2"]["id"] = null;
        report = await _hub.RunAsync();
        Assert.Equal(new Counts(0, 0, 2, 0, 1, 0), report.Pipelines[0].Counts);
        Assert.Contains("none is removed", Assert.Single(report.Pipelines[0].Notes), StringComparison.Ordinal);
        Assert.Equal(3, _hub.Clusters().Count);
    }

    [Fact]
    public async Task A_pull_that_breaks_keeps_what_came_and_deletes_nobody()
    {
        var crm = _hub.Inbound("crm");
        for (var i = 0; i < 9; i++)
            crm.Put($"{i}", ("first", $"Given{i}"), ("last", $"Family{i}"), ("email", $"p{i}@mail.example"));
        await _hub.RunAsync();
        crm.Put("0", ("first", "Changed"), ("last", "Family0"), ("email", "p0@mail.example"));
        crm.BreakAfterRows = 4;

        var report = await _hub.RunAsync();

        Assert.Equal(RunState.Failed, report.State);
        Assert.Equal("the line went dead", report.Pipelines[0].Problem);
        Assert.Equal(9, _hub.Clusters().Count);
        Assert.Single(_hub.Query<string>("select data from master where data like '%Changed%'"));
    }

    [Fact]
    public async Task A_source_of_rubbish_stops_before_it_fills_the_quarantine()
    {
        var crm = _hub.Inbound("crm", rules: s_mailOrReject);
        crm.PageSize = 500;
        for (var i = 0; i < 5000; i++)
            crm.Put($"{i}", ("email", "rubbish"));
        var report = await _hub.RunAsync();
        Assert.True(report.State == RunState.Stopped, report.Pipelines[0].Problem);
        Assert.InRange(_hub.Query<long>("select count(*) from quarantine").Single(), 500, 2000);
    }

    [Fact]
    public async Task A_record_that_comes_back_gets_its_master_back()
    {
        var crm = _hub.Inbound("crm");
        crm.Put("1", ("first", "Ann"), ("last", "Lee"), ("email", "ann@mail.example"));
        crm.Put("2", ("first", "Bob"), ("last", "Ray"), ("email", "bob@mail.example"));
        await _hub.RunAsync();
        var master = _hub.MasterOf("crm", "1");
        var ann = crm.Rows["1"];
        crm.Rows.Remove("1");
        await _hub.RunAsync();
        crm.Rows["1"] = ann;
        await _hub.RunAsync();
        Assert.Equal(master, _hub.MasterOf("crm", "1"));
    }

    [Fact]
    public async Task In_a_stream_of_changes_the_last_word_counts()
    {
        var crm = new TestSystem("crm") { Snapshot = false, PageSize = 2 };
        _hub.Replace("crm", crm);
        foreach (var first in new[] { "A", "B", "C", "D", "E" })
            crm.ExtraRows.Add(new() { ["id"] = "1", ["first"] = first, ["last"] = "Lee", ["email"] = "x@mail.example" });
        var report = await _hub.RunAsync();
        Assert.Equal(5, report.Pipelines[0].Counts.Read);
        Assert.Contains("\"name.given\":\"E\"", Assert.Single(_hub.Query<string>("select data from source_record")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task A_key_that_comes_again_on_a_later_page_is_rejected_there(int pageSize)
    {
        var crm = _hub.Inbound("crm");
        crm.PageSize = pageSize;
        for (var i = 0; i < 12; i++)
            crm.ExtraRows.Add(new() { ["id"] = $"{i % 10}", ["first"] = $"Row{i}", ["last"] = "Lee", ["email"] = $"{i}@mail.example" });
        for (var i = 0; i < 12; i++)
            crm.ExtraRows.Insert((i * 2) + 1, new() { ["id"] = $"{i}", ["first"] = $"Again{i}", ["last"] = "Ray", ["email"] = $"x{i}@mail.example" });
        var report = await _hub.RunAsync();
        Assert.Equal(new Counts(12, 0, 0, 0, 12, 0), report.Pipelines[0].Counts);
        Assert.Equal(12, _hub.Query<long>("select count(*) from source_record").Single());
        report = await _hub.RunAsync();
        Assert.Equal(new Counts(0, 0, 12, 0, 12, 0), report.Pipelines[0].Counts);
    }

    [Fact]
    public async Task A_reported_delete_ends_the_record()
    {
        var crm = new TestSystem("crm") { Snapshot = false };
        _hub.Replace("crm", crm);
        crm.Put("1", ("first", "Ann"), ("email", "ann@mail.example"));
        await _hub.RunAsync();
        crm.Rows["1"]["deleted"] = "yes";
        var report = await _hub.RunAsync();
        Assert.Equal(1, report.Pipelines[0].Counts.Deleted);
        Assert.Empty(_hub.Clusters());
    }

    [Fact]
    public async Task A_new_mapping_looks_at_every_row_again_and_changes_only_what_differs()
    {
        var crm = _hub.Inbound("crm");
        crm.Put("1", ("first", "ann"), ("last", "Lee"), ("email", "ann@mail.example"));
        crm.Put("2", ("first", "Bob"), ("last", "Ray"), ("email", "bob@mail.example"));
        await _hub.RunAsync();
        _hub.Replace("crm", crm, map: new() { ["name.given"] = "first | title", ["name.family"] = "last", ["email"] = "email", ["phone"] = "phone" }, fingerprint: 2);
        var report = await _hub.RunAsync();
        Assert.Equal(new Counts(0, 1, 1, 0, 0, 0), report.Pipelines[0].Counts);
        report = await _hub.RunAsync();
        Assert.Equal(new Counts(0, 0, 2, 0, 0, 0), report.Pipelines[0].Counts);
    }

    [Fact]
    public async Task Rules_that_need_the_store_see_this_page_and_all_before()
    {
        var unique = new RuleDefinition { Field = "nationalId", Rule = RuleKind.Unique, Otherwise = Otherwise.Reject };
        var crm = _hub.Inbound("crm", rules: [unique], map: new() { ["name.given"] = "first", ["nationalId"] = "nid" });
        foreach (var (id, nid) in new[] { ("1", "A"), ("2", "A"), ("3", "B"), ("4", null), ("5", "C"), ("6", "B"), ("7", null) })
            crm.Put(id, ("first", "P" + id), ("nid", nid));
        var report = await _hub.RunAsync();
        Assert.Equal(new Counts(5, 0, 0, 0, 2, 0), report.Pipelines[0].Counts);
        Assert.Equal(["2", "6"], _hub.Query<string>("select source_id from quarantine order by 1"));

        crm.Put("1", ("first", "P1"), ("nid", "Z"));
        report = await _hub.RunAsync();
        Assert.Equal(1, report.Pipelines[0].Counts.Changed);
    }

    [Fact]
    public async Task An_order_without_its_customer_is_rejected()
    {
        var crm = _hub.Inbound("crm");
        crm.Put("c1", ("first", "Ann"), ("email", "ann@mail.example"));
        var exists = new RuleDefinition { Field = "customerRef", Rule = RuleKind.Exists, Otherwise = Otherwise.Reject };
        await _hub.RunAsync();
        var orders = new TestSystem("crm");
        _hub.Replace("orders", orders, entity: "order", rules: [exists], map: new() { ["number"] = "id", ["customerRef"] = "customer" });
        orders.Put("o1", ("customer", "c1"));
        orders.Put("o2", ("customer", "c9"));
        var report = await _hub.RunAsync();
        Assert.Equal(2, report.Pipelines[1].Counts.Rejected + report.Pipelines[1].Counts.Created);
        Assert.Contains("o2", _hub.Query<string>("select source_id from quarantine"));
    }

    private async Task RunAsync(Counts expected)
    {
        var report = await _hub.RunAsync();
        Assert.Equal(RunState.Done, report.State);
        Assert.Equal(expected, report.Pipelines[0].Counts);
    }
}

public sealed class InboundOnSqliteTests : InboundTests<SqliteStore>;

public sealed class InboundOnPostgreSqlTests : InboundTests<PostgreSqlStore>;
