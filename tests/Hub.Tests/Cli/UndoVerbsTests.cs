using System.Text.Json;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Cli;

/// <summary><c>hub undo</c> and <c>hub verify</c> over CSV files.</summary>
public sealed class UndoVerbsTests : IDisposable
{
    private const string Header = "id,first,last,email\n";

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStore _store = new();

    public UndoVerbsTests()
    {
        _folder.Write("hub.json", _store.HubJson);
        _folder.Write("connections/shop.json", """{ "connector": "csv", "folder": "in" }""");
        _folder.Write("connections/mailing.json", """{ "connector": "csv", "folder": "out" }""");
        _folder.Write("pipelines/customers.json", """
            { "from": { "connection": "shop", "stream": "customers.csv", "key": "id" }, "entity": "customer",
              "map": { "name.given": "first", "name.family": "last", "email": "email" },
              "validate": [ { "field": "name.family", "rule": "required", "otherwise": "reject" } ] }
            """);
        _folder.Write("pipelines/to-mailing.json", """
            { "entity": "customer", "to": { "connection": "mailing", "stream": "list.csv", "key": "Id" }, "deletes": "delete",
              "map": { "First": "name.given", "Last": "name.family", "Mail": "email" } }
            """);
        _folder.Write("in/customers.csv", Header + "1,Anna,Berg,anna@berg.example\n2,Josef,Stein,josef@stein.example\n");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "out"));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_a_run_wrote_is_shown_taken_back_said_and_let_go()
    {
        await TwoRunsAsync();
        Assert.Contains("new@berg.example", Sent(), StringComparison.Ordinal);

        var (planned, plan, _) = await HubAsync("undo", "2", "--plan");
        Assert.Equal(ExitCode.Done, planned);
        Assert.Contains("this is what `hub undo 2` would do", plan, StringComparison.Ordinal);
        Assert.Contains("would change 1, delete 1", plan, StringComparison.Ordinal);
        Assert.Contains("new@berg.example → anna@berg.example", plan, StringComparison.Ordinal);
        Assert.Contains("new@berg.example", Sent(), StringComparison.Ordinal);

        var (undone, report, _) = await HubAsync("undo", "2");
        Assert.Equal(ExitCode.Done, undone);
        Assert.StartsWith("Run 3 (undo of run 2) done", report, StringComparison.Ordinal);
        Assert.Equal("Id,First,Last,Mail\nC1,Anna,Berg,anna@berg.example\nC2,Josef,Stein,josef@stein.example\n", Sent());

        var (_, runs, _) = await HubAsync("runs");
        Assert.Contains("undo of 2", runs, StringComparison.Ordinal);
        Assert.Contains("undone by 3", runs, StringComparison.Ordinal);
        Assert.Contains("Run 3 took back what it wrote.", (await HubAsync("runs", "2")).Out, StringComparison.Ordinal);

        Assert.Equal("Run 2 was taken back by run 3 already: there is nothing left to do. `hub undo 3` takes that back.", (await HubAsync("undo", "2")).Out.ReplaceLineEndings(" "));
        await HubAsync("run");
        Assert.DoesNotContain("new@berg.example", Sent(), StringComparison.Ordinal);

        Assert.Equal("2 records of run 2 let go: the next run sends what the hub says. `hub plan` shows it.", (await HubAsync("undo", "2", "--release")).Out);
        await HubAsync("run");
        Assert.Contains("new@berg.example", Sent(), StringComparison.Ordinal);
        Assert.Contains("Zoe", Sent(), StringComparison.Ordinal);
        Assert.Equal("Nothing of run 2 is held.", (await HubAsync("undo", "2", "--release")).Out);
    }

    [Fact]
    public async Task A_run_whose_writes_were_cleared_away_says_so()
    {
        await TwoRunsAsync();
        using (var store = _store.Open(_folder.Path))
        using (var transaction = store.Begin())
        {
            transaction.Execute("delete from run_write");
            transaction.Commit();
        }

        var (code, _, error) = await HubAsync("undo", "2");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("what run 2 wrote is not remembered any more: it is older than 90 days", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no run 99", "undo", "99")]
    [InlineData("there is no run 99", "undo", "99", "--release")]
    [InlineData("there is no outbound pipeline 'customers'", "undo", "2", "--pipeline", "customers")]
    [InlineData("run 3 wrote nothing to other systems", "undo", "3")]
    [InlineData("there is no connection 'shops'", "verify", "shops")]
    [InlineData("no pipeline reads or writes 'list.csv' of shop", "verify", "shop", "--stream", "list.csv")]
    public async Task What_cannot_be_done_is_said_and_is_a_matter_of_usage(string message, params string[] line)
    {
        await TwoRunsAsync();
        await HubAsync("run");

        var (code, _, error) = await HubAsync(line);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_that_is_no_longer_there_is_named()
    {
        await TwoRunsAsync();
        File.Delete(Path.Combine(_folder.Path, "pipelines", "to-mailing.json"));

        var (code, _, error) = await HubAsync("undo", "2");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("run 2 wrote with to-mailing", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_undo_that_removes_too_much_stops_before_it_writes()
    {
        _folder.Write("hub.json", _store.HubJson[..^1] + """, "limits": { "alwaysAllowed": 1, "deletePercent": 10 } }""");
        await HubAsync("run");

        var (code, text, _) = await HubAsync("undo", "1");
        Assert.Equal(ExitCode.Stopped, code);
        Assert.Contains("this run would delete 2 of the 2 records", text.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("hub undo 1 --plan --ignore-limits", text, StringComparison.Ordinal);
        Assert.Contains("Anna", Sent(), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, (await HubAsync("undo", "1", "--ignore-limits")).Code);
        Assert.DoesNotContain("Anna", Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_compared_and_put_right()
    {
        await HubAsync("run");
        Assert.Equal(ExitCode.Done, (await HubAsync("verify", "shop")).Code);
        _folder.Write("in/customers.csv", Header + "1,Anna,Berg,other@berg.example\n3,Zoe,Quark,zoe@quark.example\n4,Rejected,,x@y.example\n");

        var (code, text, _) = await HubAsync("verify", "shop");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("(verify shop) done", text, StringComparison.Ordinal);
        Assert.Contains("3 records differ", text, StringComparison.Ordinal);
        Assert.Contains("1 missing in the hub: 3", text, StringComparison.Ordinal);
        Assert.Contains("1 different from what the hub has: 1", text, StringComparison.Ordinal);
        Assert.Contains("1 gone there, and still in the hub: 2", text, StringComparison.Ordinal);
        Assert.Contains("hub verify shop --repair", text, StringComparison.Ordinal);
        Assert.Equal("The quarantine is empty.", (await HubAsync("quarantine")).Out);

        var json = JsonDocument.Parse((await HubAsync("verify", "shop", "--json")).Out).RootElement;
        Assert.Equal("shop", json.GetProperty("verified").GetString());
        Assert.Equal("2", json.GetProperty("pipelines")[0].GetProperty("drift").GetProperty("gone").GetProperty("first")[0].GetString());

        var (repaired, said, _) = await HubAsync("verify", "shop", "--repair");
        Assert.Equal(ExitCode.Done, repaired);
        Assert.Contains("3 records recovered of 3", said, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await HubAsync("verify", "shop")).Code);
        Assert.Contains("verify shop", (await HubAsync("runs")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_delivered_is_compared_with_the_file()
    {
        await HubAsync("run");
        Assert.Equal(ExitCode.Done, (await HubAsync("verify", "mailing")).Code);
        _folder.Write("out/list.csv", "Id,First,Last,Mail\nC2,Josef,Steen,josef@stein.example\n");

        var (code, text, _) = await HubAsync("verify", "mailing");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("1 delivered, and not there: C1", text, StringComparison.Ordinal);
        Assert.Contains("1 otherwise there than delivered: C2", text, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, (await HubAsync("verify", "mailing", "--repair")).Code);
        Assert.Contains("Josef,Stein", Sent(), StringComparison.Ordinal);
        Assert.Contains("Anna", Sent(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await HubAsync("verify", "mailing")).Code);
    }

    [Fact]
    public async Task The_help_says_what_they_do()
    {
        Golden.Equal("undo-help", (await HubAsync("undo", "--help")).Out);
        Golden.Equal("verify-help", (await HubAsync("verify", "--help")).Out);
    }

    private async Task TwoRunsAsync()
    {
        Assert.Equal(ExitCode.Done, (await HubAsync("run")).Code);
        _folder.Write("in/customers.csv", Header + "1,Anna,Berg,new@berg.example\n2,Josef,Stein,josef@stein.example\n3,Zoe,Quark,zoe@quark.example\n");
        Assert.Equal(ExitCode.Done, (await HubAsync("run")).Code);
    }

    private string Sent() => File.ReadAllText(Path.Combine(_folder.Path, "out", "list.csv")).ReplaceLineEndings("\n").TrimStart('\uFEFF');

    private Task<(ExitCode Code, string Out, string Error)> HubAsync(params string[] line) => CommandLine.RunAsync(["--hub", _folder.Path, .. line]);
}
