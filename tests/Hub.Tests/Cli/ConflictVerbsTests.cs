using System.Text.Json;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Cli;

/// <summary><c>hub conflict</c> over two CSV systems: a CRM that is read and written, and a shop that is only read.</summary>
public abstract class ConflictVerbsTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private const string Crm = "crm/people.csv", Shop = "shop/people.csv", Header = "id,first,last,email,phone,title,changed\n", Once = ",2026-01-01T08:00:00Z\n";

    private readonly TemporaryFolder _folder = new();
    private readonly TStore _store = new();

    protected ConflictVerbsTests()
    {
        _folder.Write("hub.json", _store.HubJson[..^1] + """, "limits": { "alwaysAllowed": 100 } }""");
        _folder.Write("model/customer.json", """{ "fields": { "custom.number": { "type": "text" } } }""");
        foreach (var system in new[] { "crm", "shop" })
        {
            var number = system == "crm" ? """, "custom.number": "id" """ : "";
            _folder.Write($"connections/{system}.json", $$"""{ "connector": "csv", "folder": "{{system}}" }""");
            _folder.Write($"pipelines/{system}-in.json", $$"""
                { "from": { "connection": "{{system}}", "stream": "people.csv", "key": "id", "modified": "changed | instant" }, "entity": "customer",
                  "map": { "name.given": "first", "name.family": "last", "email": "email", "phone": "phone", "jobTitle": "title"{{number}} } }
                """);
        }

        Outbound(""" "phone": "ask", "title": "ask" """);
        _folder.Write(Crm, Header + "1,Anna,Berg,anna@berg.example,000,Clerk" + Once + "2,Josef,Stein,josef@stein.example,000,Clerk" + Once);
        _folder.Write(Shop, Header + "S1,Anna,Berg,anna@berg.example,000,Clerk" + Once + "S2,Josef,Stein,josef@stein.example,000,Clerk" + Once);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Where_nothing_is_in_conflict_every_list_says_so()
    {
        await RunAsync();

        Assert.Equal("No conflict waits for a person.", (await HubAsync("conflict", "list")).Out);
        Assert.Equal("No conflict waits for a person.", (await HubAsync("conflict")).Out);
        foreach (var state in new[] { "decided", "settled", "duplicate" })
            Assert.Equal($"There is nothing {state}.", (await HubAsync("conflict", "list", "--state", state)).Out);
        Assert.Equal("""{"total":0,"conflicts":[]}""", JsonSerializer.Serialize(await JsonAsync("conflict", "list")));
    }

    [Fact]
    public async Task What_waits_is_listed_with_both_values()
    {
        await TwoConflictsAsync();

        var list = (await HubAsync("conflict", "list")).Out;
        Assert.Contains("C1", list, StringComparison.Ordinal);
        Assert.Contains("phone", list, StringComparison.Ordinal);
        Assert.Contains("111", list, StringComparison.Ordinal);
        Assert.Contains("222", list, StringComparison.Ordinal);
        Assert.Contains("crm/people.csv/1", list, StringComparison.Ordinal);
        Assert.Contains("`hub conflict show 1` tells more; `hub conflict accept 1 hub` or `source` decides.", list, StringComparison.Ordinal);
        Assert.Contains("1 of 2; --limit N shows more", (await HubAsync("conflict", "list", "--limit", "1")).Out, StringComparison.Ordinal);

        var json = await JsonAsync("conflict", "list");
        Assert.Equal(2, json.GetProperty("total").GetInt32());
        var first = json.GetProperty("conflicts")[0];
        Assert.Equal(
            (1, "open", "crm-out", "C1", "crm/people.csv/1", "phone", "000", "111", "222", "ask"),
            (first.GetProperty("id").GetInt32(), Text(first, "state"), Text(first, "pipeline"), Text(first, "master"), Text(first, "record"), Text(first, "field"), Text(first, "agreed"), Text(first, "hub"), Text(first, "source"), Text(first, "policy")));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("winner").ValueKind);
    }

    [Fact]
    public async Task One_is_shown_whole()
    {
        await TwoConflictsAsync();

        var show = (await HubAsync("conflict", "show", "1")).Out;
        Assert.StartsWith("Conflict 1 found by run 2, waits for you", show, StringComparison.Ordinal);
        foreach (var line in new[] { "who .*C1", "where .*crm/people.csv/1", "pipeline .*crm-out", "field .*phone", "last agreed .*000", "the hub says .*111", "there it says .*222", "policy .*ask" })
            Assert.Matches(line, show);
        Assert.Contains("`hub conflict accept 1 source`", show.ReplaceLineEndings(" "), StringComparison.Ordinal);

        Assert.Equal("222", Text(await JsonAsync("conflict", "show", "1"), "source"));
    }

    [Fact]
    public async Task What_is_decided_for_the_hub_is_written_by_the_next_run()
    {
        await TwoConflictsAsync();

        Assert.Equal("1 conflict decided for the hub. `hub run` carries it out.", (await HubAsync("conflict", "accept", "1", "hub", "--why", "asked her")).Out);

        Assert.Contains("222", Line(Crm, "1"), StringComparison.Ordinal);
        Assert.DoesNotContain("crm/people.csv/1", (await HubAsync("conflict", "list")).Out, StringComparison.Ordinal);
        Assert.Contains("phone", (await HubAsync("conflict", "list", "--state", "decided")).Out, StringComparison.Ordinal);
        await RunAsync();
        Assert.Equal("1,Anna,Berg,anna@berg.example,111,Clerk,2026-01-02T08:00:00Z", Line(Crm, "1"));
        var settled = (await JsonAsync("conflict", "list", "--state", "settled")).GetProperty("conflicts")[0];
        Assert.Equal(("hub", "asked her", Environment.UserName), (Text(settled, "winner"), Text(settled, "note"), Text(settled, "decidedBy")));
        Assert.Contains($"the hub's, by {Environment.UserName}", (await HubAsync("conflict", "show", "1")).Out, StringComparison.Ordinal);
        Assert.Contains("steward", (await HubAsync("runs", "3")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_decided_for_the_source_is_the_golden_value_at_once()
    {
        await TwoConflictsAsync();

        var done = await JsonAsync("conflict", "accept", "2", "source");

        Assert.Equal((1, 0), (done.GetProperty("decided").GetInt32(), done.GetProperty("over").GetInt32()));
        Assert.Equal("Head", Text((await JsonAsync("show", "C2")).GetProperty("fields").GetProperty("jobTitle")));
        await RunAsync();
        Assert.Contains("Head", Line(Crm, "2"), StringComparison.Ordinal);
        Assert.Contains("crm's, by", (await HubAsync("conflict", "list", "--state", "settled")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_are_decided_at_once_and_what_no_longer_waits_is_said()
    {
        await TwoConflictsAsync();
        await HubAsync("conflict", "accept", "1", "hub");

        var (code, text, error) = await HubAsync("conflict", "accept", "1", "2", "2", "hub");

        Assert.Equal((ExitCode.Done, "1 conflict decided for the hub. `hub run` carries it out."), (code, text));
        Assert.Equal("conflict 1 no longer waits", error);
        Assert.Equal("Nothing was decided.", (await HubAsync("conflict", "accept", "1", "2", "source")).Out);
        Assert.Equal((0, 2), ((await JsonAsync("conflict", "accept", "1", "2", "source")) is var none ? (none.GetProperty("decided").GetInt32(), none.GetProperty("over").GetInt32()) : default));
    }

    [Fact]
    public async Task Who_is_edited_again_after_a_decision_is_asked_again()
    {
        await TwoConflictsAsync();
        await HubAsync("conflict", "accept", "1", "hub");
        Edit(Crm, "222,Clerk,2026-01-02", "333,Clerk,2026-01-04");
        Edit(Shop, "111,Clerk,2026-01-03", "444,Clerk,2026-01-05");

        await RunAsync();

        Assert.Contains("333", Line(Crm, "1"), StringComparison.Ordinal);
        Assert.Equal("333", Text((await JsonAsync("conflict", "show", "1")), "source"));
        Assert.Contains("crm/people.csv/1", (await HubAsync("conflict", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_policy_settled_tells_who_lost()
    {
        Outbound(""" "default": "hub" """);
        await TwoConflictsAsync();

        var settled = (await JsonAsync("conflict", "list", "--state", "settled")).GetProperty("conflicts");
        Assert.Equal(2, settled.GetArrayLength());
        Assert.Equal("run 2", Text(settled[0], "decidedBy"));
        Assert.Contains("the hub's, by run 2", (await HubAsync("conflict", "list", "--state", "settled")).Out, StringComparison.Ordinal);
        Assert.Equal("1,Anna,Berg,anna@berg.example,111,Clerk,2026-01-02T08:00:00Z", Line(Crm, "1"));
    }

    [Fact]
    public async Task A_record_that_a_system_has_twice_is_listed_and_cannot_be_decided()
    {
        Edit(Crm, "2,Josef", "3,Anna,Berg,anna@berg.example,000,Clerk" + Once + "2,Josef");
        await RunAsync();

        var list = (await HubAsync("conflict", "list", "--state", "duplicate")).Out;
        Assert.Contains("crm/people.csv/3", list, StringComparison.Ordinal);
        Assert.Contains("1 is the one that is kept up to date", list, StringComparison.Ordinal);
        Assert.Contains("a duplicate", (await HubAsync("conflict", "show", "1")).Out, StringComparison.Ordinal);
        Assert.Equal("conflict 1 no longer waits", (await HubAsync("conflict", "accept", "1", "hub")).Error);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_and_changes_nothing()
    {
        await TwoConflictsAsync();

        await RefusesAsync("there is no conflict 99", "conflict show 99");
        await RefusesAsync("there is no conflict 99", "conflict accept 1 99 hub");
        await RefusesAsync("`hub conflict accept`: CONFLICT is a number, not 'three'", "conflict accept three hub");
        await RefusesAsync("`hub conflict accept`: CONFLICT is a number, not 'hub'", "conflict accept hub");
        await RefusesAsync("`hub conflict accept` needs SIDE", "conflict accept 1");
        await RefusesAsync("'both'", "conflict accept 1 both");
        await RefusesAsync("`hub conflict show`: CONFLICT is a number, not 'three'", "conflict show three");
        await RefusesAsync("`hub conflict show` needs CONFLICT", "conflict show");
        await RefusesAsync("--state is open, decided, settled, duplicate, not 'gone'", "conflict list --state gone");
        await RefusesAsync("--limit is a number, not 'many'", "conflict list --limit many");
        await RefusesAsync("--limit is at least 1, not -1", "conflict list --limit -1");
        await RefusesAsync("`hub conflict` has no verb 'decide'", "conflict decide");
        await RefusesAsync("no option '--wy'", "conflict accept 1 hub --wy x");

        Assert.Equal(2, (await JsonAsync("conflict", "list")).GetProperty("total").GetInt32());

        async Task RefusesAsync(string message, string line)
        {
            var (code, text, error) = await HubAsync(line.Split(' '));
            Assert.Equal((ExitCode.Usage, ""), (code, text));
            Assert.Contains(message, error.ReplaceLineEndings(" "), StringComparison.Ordinal);

            var (again, json, _) = await HubAsync(["--json", .. line.Split(' ')]);
            Assert.Equal(ExitCode.Usage, again);
            Assert.Contains(message, Text(JsonDocument.Parse(json).RootElement.GetProperty("error"), "message"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_conflict_whose_pipeline_or_field_is_no_longer_there_is_named()
    {
        await TwoConflictsAsync();
        Outbound(""" "title": "ask" """, """ "title": "jobTitle" """);

        var (code, _, error) = await HubAsync("conflict", "accept", "1", "hub");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("conflict 1 is about phone of pipelines/crm-out.json, which is no longer there", error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        await RunAsync();
        Assert.DoesNotContain("phone", (await HubAsync("conflict", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_says_what_they_do()
    {
        foreach (var verb in new[] { "list", "show", "accept" })
            Golden.Equal($"conflict-{verb}-help", (await HubAsync("conflict", verb, "--help")).Out);
    }

    /// <summary>Anna's phone and Josef's title, each edited in both systems, the shop's later.</summary>
    private async Task TwoConflictsAsync()
    {
        await RunAsync();
        Edit(Crm, "anna@berg.example,000,Clerk,2026-01-01", "anna@berg.example,222,Clerk,2026-01-02");
        Edit(Crm, "josef@stein.example,000,Clerk,2026-01-01", "josef@stein.example,000,Head,2026-01-02");
        Edit(Shop, "anna@berg.example,000,Clerk,2026-01-01", "anna@berg.example,111,Clerk,2026-01-03");
        Edit(Shop, "josef@stein.example,000,Clerk,2026-01-01", "josef@stein.example,000,Boss,2026-01-03");
        await RunAsync();
    }

    private void Outbound(string conflict, string more = """ "phone": "phone", "title": "jobTitle" """) => _folder.Write("pipelines/crm-out.json", $$"""
        { "entity": "customer", "to": { "connection": "crm", "stream": "people.csv", "key": "id" }, "where": "custom.number != null",
          "map": { "id": "custom.number", {{more}} }, "conflict": { {{conflict}} } }
        """);

    private void Edit(string file, string before, string after) =>
        _folder.Write(file, Content(file).Replace(before, after, StringComparison.Ordinal));

    private string Line(string file, string id) => Content(file).Split('\n').Single(line => line.StartsWith(id + ",", StringComparison.Ordinal));

    private string Content(string file) => File.ReadAllText(Path.Combine(_folder.Path, file)).ReplaceLineEndings("\n").TrimStart('\uFEFF');

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string? Text(JsonElement element) => element.GetString();

    private async Task RunAsync()
    {
        var (code, text, error) = await HubAsync("run");
        Assert.True(code == ExitCode.Done, text + error);
    }

    private async Task<JsonElement> JsonAsync(params string[] line)
    {
        var (code, text, error) = await HubAsync(["--json", .. line]);
        Assert.True(code == ExitCode.Done, error);
        return JsonDocument.Parse(text).RootElement;
    }

    private Task<(ExitCode Code, string Out, string Error)> HubAsync(params string[] line) => CommandLine.RunAsync(["--hub", _folder.Path, .. line]);
}

public sealed class ConflictVerbsOnSqliteTests : ConflictVerbsTests<SqliteStore>;

public sealed class ConflictVerbsOnPostgreSqlTests : ConflictVerbsTests<PostgreSqlStore>;
