using System.Text.Json;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Tests.Store;

namespace Crm.Integration.Hub.Tests.Cli;

/// <summary>The verbs that look into a store and change it, over two small CSV systems.</summary>
public abstract class StoreVerbsTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TemporaryFolder _folder = new();
    private readonly TStore _store = new();

    public StoreVerbsTests()
    {
        _folder.Write("hub.json", _store.HubJson);
        _folder.Write("connections/files.json", """{ "connector": "csv", "folder": "in" }""");
        foreach (var source in new[] { "crm", "shop" })
        {
            _folder.Write($"pipelines/{source}.json", $$"""
                {
                  "from": { "connection": "files", "stream": "{{source}}.csv", "key": "id" },
                  "entity": "customer",
                  "map": { "name.given": "first", "name.family": "last", "email": "email", "phone": "phone", "birthDate": "birth | date('yyyy-MM-dd')" },
                  "validate": [ { "field": "name.family", "rule": "required", "otherwise": "reject" } ]
                }
                """);
        }

        _folder.Write("in/crm.csv", "id,first,last,email,phone,birth\n1,Anna,Müller,anna@berg.example,+436641234567,1980-02-03\n2,Josef,Stein,josef@stein.example,,1971-05-06\n3,Eva,,eva@nowhere.example,,\n");
        _folder.Write("in/shop.csv", "id,first,last,email,phone,birth\nS1,Anna,Müller,anna@berg.example,+436641234567,1980-02-03\nS2,Karl,Wald,=cmd|x,,\n");
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Before_the_first_run_every_list_says_that_it_is_empty()
    {
        Assert.Equal("Nothing has run yet. `hub plan` shows what a run would do, `hub run` does it.", (await HubAsync("runs")).Out);
        Assert.Equal("The quarantine is empty.", (await HubAsync("quarantine")).Out);
        Assert.Equal("No pair waits for review.", (await HubAsync("review", "list")).Out);
        Assert.Equal("No pipeline has run yet. `hub run` runs them.", (await HubAsync("state")).Out);
        Assert.Equal("Nobody found. Names are compared from their beginning; less text finds more.", (await HubAsync("search", "anna")).Out);
    }

    [Theory]
    [InlineData("anna muller")]
    [InlineData("MÜL")]
    [InlineData("0664 1234567")]
    [InlineData("anna@berg")]
    [InlineData("S1")]
    public async Task A_search_finds_by_name_phone_mail_and_source_id(string text)
    {
        await RunAsync();

        var found = await JsonAsync("search", text);

        Assert.Equal("Anna Müller", Assert.Single(found.EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_plan_keeps_nothing()
    {
        var plan = await JsonAsync("plan");

        Assert.True(plan.GetProperty("rehearsal").GetBoolean());
        Assert.Equal("Nothing has run yet. `hub plan` shows what a run would do, `hub run` does it.", (await HubAsync("runs")).Out);
    }

    [Fact]
    public async Task Show_explain_and_history_speak_of_the_golden_record()
    {
        var id = await RunAndFindAsync("anna");

        var show = (await HubAsync("show", id)).Out;
        Assert.Contains($"{id} Anna Müller", show, StringComparison.Ordinal);
        Assert.Contains("2 source records", show, StringComparison.Ordinal);
        Assert.Contains("files/shop.csv/S1", show, StringComparison.Ordinal);
        Assert.Contains("anna@berg.example", (await HubAsync("explain", id, "email")).Out, StringComparison.Ordinal);
        Assert.Contains("did you mean 'email'?", (await HubAsync("explain", id, "emial")).Error, StringComparison.Ordinal);
        Assert.Contains("Version 1", (await HubAsync("history", id)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_masters_are_explained_merged_and_split_again()
    {
        var anna = await RunAndFindAsync("anna");
        var josef = (await JsonAsync("search", "josef"))[0].GetProperty("id").GetString()!;

        Assert.Contains("bits", (await HubAsync("explain", anna, josef)).Out, StringComparison.Ordinal);
        var merged = await JsonAsync("merge", anna, josef, "--why", "a test");
        var id = merged.GetProperty("id").GetString()!;
        var alias = await HubAsync("show", merged.GetProperty("alias").GetString()!);
        Assert.Contains("3 source records", alias.Out, StringComparison.Ordinal);
        Assert.Contains($"was merged into {id}", alias.Error, StringComparison.Ordinal);

        var split = await JsonAsync("split", id, "crm.csv/2");
        Assert.NotEqual(id, split.GetProperty("split").GetString());
        Assert.Contains("2 source records", (await HubAsync("show", id)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_row_is_listed_shown_retried_and_discarded()
    {
        await RunAsync();

        var entry = (await JsonAsync("quarantine", "list")).GetProperty("rows")[0].GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("eva@nowhere.example", (await HubAsync("quarantine", "show", entry)).Out, StringComparison.Ordinal);

        var pipeline = Path.Combine(_folder.Path, "pipelines", "crm.json");
        await File.WriteAllTextAsync(pipeline, (await File.ReadAllTextAsync(pipeline, TestContext.Current.CancellationToken)).Replace("\"reject\"", "\"warn\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var retried = await JsonAsync("quarantine", "retry");
        Assert.Equal(1, retried.GetProperty("pipelines")[0].GetProperty("counts").GetProperty("created").GetInt64());
        Assert.Equal("The quarantine is empty.", (await HubAsync("quarantine", "list")).Out);
    }

    [Fact]
    public async Task Discarded_rows_wait_no_longer()
    {
        await RunAsync();

        Assert.Equal(1, (await JsonAsync("quarantine", "discard", "--pipeline", "crm")).GetProperty("discarded").GetInt32());
        await RunAsync();
        Assert.Equal("The quarantine is empty.", (await HubAsync("quarantine", "list")).Out);
        Assert.Contains("discarded", (await HubAsync("quarantine", "list", "--all")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_alone_lists_as_its_list_does()
    {
        await RunAsync();

        Assert.Equal((await HubAsync("quarantine", "list")).Out, (await HubAsync("quarantine")).Out);
        Assert.Contains("eva", (await HubAsync("quarantine", "show", "1")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_neither_doubles_a_row_without_a_key_nor_takes_a_second_row_of_one_key()
    {
        _folder.Write("in/crm.csv", "id,first,last,email,phone,birth\n,Nora,Wald,,,\n,Olga,Wald,o@wald.example,,\n7,Paul,Bach,paul@bach.example,,\n7,Paula,Bach,,,\n");
        await RunAsync();
        Assert.Equal(3, (await JsonAsync("quarantine", "list")).GetProperty("total").GetInt32());

        await JsonAsync("quarantine", "retry");

        Assert.Equal(3, (await JsonAsync("quarantine", "list")).GetProperty("total").GetInt32());
        Assert.Equal("Paul Bach", (await JsonAsync("search", "bach"))[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_column_that_was_renamed_fails_the_pipeline_and_leaves_what_was_known()
    {
        await RunAsync();
        _folder.Write("in/crm.csv", "id,given,last,email,phone,birth\n1,Anna,Müller,anna@berg.example,,\n");

        var (code, output, _) = await HubAsync("run");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("crm.csv has no column 'first', which pipelines/crm.json reads", output, StringComparison.Ordinal);
        Assert.Single((await JsonAsync("search", "josef")).EnumerateArray());
    }

    [Fact]
    public async Task Two_masters_that_a_person_keeps_apart_are_explained_so()
    {
        var anna = await RunAndFindAsync("anna");
        var split = await JsonAsync("split", anna, "shop.csv/S1");

        var explained = (await HubAsync("explain", anna, split.GetProperty("split").GetString()!)).Out;

        Assert.Contains("has said that they are two", explained, StringComparison.Ordinal);
        Assert.DoesNotContain("linked", explained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_names_the_source_of_each_value()
    {
        var show = await JsonAsync("show", await RunAndFindAsync("anna"));

        Assert.Equal("files", show.GetProperty("sources").GetProperty("email")[0].GetString());
    }

    [Fact]
    public async Task Exports_have_the_agreed_columns_and_no_formulas()
    {
        await RunAsync();

        var links = (await HubAsync("export", "links")).Out.Split('\n');
        Assert.Equal("entity,connection,stream,source_id,master_id", links[0]);
        Assert.Equal(5, links.Length);
        var customers = (await HubAsync("export", "customer")).Out;
        Assert.StartsWith("id,name.given,", customers, StringComparison.Ordinal);
        Assert.DoesNotContain(",=cmd", customers, StringComparison.Ordinal);

        var file = Path.Combine(_folder.Path, "out.jsonl");
        Assert.Equal(3, (await JsonAsync("export", "customer", "--out", file)).GetProperty("rows").GetInt32());
        Assert.All(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken), line => JsonDocument.Parse(line));
    }

    [Fact]
    public async Task The_state_is_listed_and_reset_and_a_second_run_still_changes_nothing()
    {
        await RunAsync();
        Assert.Contains("files/crm.csv", (await HubAsync("state")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await HubAsync("state", "reset", "crm")).Code);

        var second = await JsonAsync("run");
        Assert.All(second.GetProperty("pipelines").EnumerateArray(), pipeline => Assert.Equal(0, pipeline.GetProperty("counts").GetProperty("created").GetInt64() + pipeline.GetProperty("counts").GetProperty("changed").GetInt64()));
    }

    [Fact]
    public async Task Runs_are_listed_and_shown_whole()
    {
        await RunAsync();

        Assert.Equal(1, (await JsonAsync("runs")).GetArrayLength());
        Assert.Contains("Run 1 done", (await HubAsync("runs", "1")).Out, StringComparison.Ordinal);
        Assert.Equal(4, (await JsonAsync("runs", "1", "--show", "records")).GetArrayLength());
        Assert.Equal(ExitCode.Usage, (await HubAsync("runs", "99")).Code);
    }

    [Fact]
    public async Task The_doctor_finds_a_sound_hub_sound_and_a_broken_one_broken()
    {
        await RunAsync();
        Assert.Equal(ExitCode.Done, (await HubAsync("doctor")).Code);

        _folder.Write("pipelines/bad.json", "{");
        Assert.Equal(ExitCode.Failed, (await HubAsync("doctor")).Code);
        Assert.Equal(ExitCode.Done, (await HubAsync("runs")).Code);
    }

    [Fact]
    public async Task Rejects_end_with_1_only_when_asked_for()
    {
        Assert.Equal(ExitCode.Done, (await HubAsync("run")).Code);
        Assert.Equal(ExitCode.Failed, (await HubAsync("run", "--fail-on-reject")).Code);
    }

    private Task<(ExitCode Code, string Out, string Error)> HubAsync(params string[] arguments) => CommandLine.RunAsync(["--hub", _folder.Path, .. arguments]);

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var (code, output, error) = await HubAsync(["--json", .. arguments]);
        Assert.True(code == ExitCode.Done, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private async Task RunAsync()
    {
        var (code, _, error) = await HubAsync("run");
        Assert.True(code == ExitCode.Done, error);
    }

    private async Task<string> RunAndFindAsync(string name)
    {
        await RunAsync();
        return (await JsonAsync("search", name))[0].GetProperty("id").GetString()!;
    }
}

public sealed class StoreVerbsOnSqliteTests : StoreVerbsTests<SqliteStore>;

public sealed class StoreVerbsOnPostgreSqlTests : StoreVerbsTests<PostgreSqlStore>;
