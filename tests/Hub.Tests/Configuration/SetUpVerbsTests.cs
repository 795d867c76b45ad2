using System.Text.Json.Nodes;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Tests.Cli;

namespace Crm.Integration.Hub.Tests.Configuration;

public sealed class SetUpVerbsTests : IDisposable
{
    private const string Customers = """
        CustNo,Vorname,Nachname,E-Mail,Telefon,Land
        1001,Anna,Schulz,anna.schulz@mail.example,030 123456,DE
        1002,Jan,Peters,jan@peters.example,0711 987654,DE
        1003,Mia,Krause,mia.krause@mail.example,089 4711471,DE

        """;

    private readonly TemporaryHub _hub = new(empty: true);

    [Fact]
    public async Task Init_from_a_file_makes_a_hub_that_validates_and_whose_tests_pass()
    {
        _hub.Write("in/customers.csv", Customers);
        var (code, screen) = await Run("init", "--connector", "csv", "--from", Path.Combine(_hub.Folder, "in/customers.csv"), "--country", "DE");

        Assert.True(code == ExitCode.Done, screen.Text + screen.ErrorText);
        var configuration = ConfigurationLoader.Load(_hub.Folder).OrThrow();
        var inbound = configuration.Pipelines.OfType<InboundPipeline>().Single();
        Assert.Equal(("customers", "customers.csv", "customer"), (inbound.Connection.Name, inbound.Stream, inbound.Entity.Type.Name));
        Assert.Equal("customers.csv", configuration.Pipelines.OfType<OutboundPipeline>().Single().Stream);
        Assert.Contains("data/", File.ReadAllText(Path.Combine(_hub.Folder, ".gitignore")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_hub.Folder, "schemas/pipeline.schema.json")));
        Assert.Contains("customers.csv: about 3 records, 6 fields, taken for entity customer", screen.Text, StringComparison.Ordinal);

        (code, screen) = await Run("test");
        Assert.True(code == ExitCode.Done, screen.Text + screen.ErrorText);
        Assert.Contains("0 failed", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_overwrites_nothing_and_names_what_is_in_the_way()
    {
        _hub.Write("hub.json", "{ /* mine */ }");
        var (code, screen) = await Run("init");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("this file exists", screen.ErrorText, StringComparison.Ordinal);
        Assert.Contains("hub.json", screen.ErrorText, StringComparison.Ordinal);
        Assert.Equal("{ /* mine */ }", File.ReadAllText(Path.Combine(_hub.Folder, "hub.json")));
        Assert.False(Directory.Exists(Path.Combine(_hub.Folder, "schemas")));
    }

    [Fact]
    public async Task Init_in_a_hub_adds_one_more_source_and_leaves_the_rest()
    {
        _hub.Write("in/customers.csv", Customers).Write("erp/export.csv", Customers);
        await Run("init", "--from", Path.Combine(_hub.Folder, "in/customers.csv"));
        var outbound = File.ReadAllText(Path.Combine(_hub.Folder, "pipelines/to-customers.json"));

        var (code, screen) = await Run("init", "--from", Path.Combine(_hub.Folder, "erp/export.csv"));
        Assert.True(code == ExitCode.Done, screen.Text + screen.ErrorText);
        Assert.Equal(["customers", "erp", "out"], ConfigurationLoader.Load(_hub.Folder).OrThrow().Connections.Keys.Order());
        Assert.Equal(outbound, File.ReadAllText(Path.Combine(_hub.Folder, "pipelines/to-customers.json")));
    }

    [Fact]
    public async Task Init_asks_nothing_where_nobody_sits()
    {
        var (code, _) = await Run("init");
        Assert.Equal(ExitCode.Done, code);
        Assert.Empty((await Run("validate")).Screen.ErrorText);
    }

    [Fact]
    public async Task Init_from_a_file_that_cannot_be_read_writes_nothing()
    {
        _hub.Write("x.csv", "PK\u0003\u0004\0\0\0");
        var (code, screen) = await Run("init", "--from", Path.Combine(_hub.Folder, "x.csv"));
        Assert.NotEqual(ExitCode.Done, code);
        Assert.Contains("x.csv", screen.ErrorText, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_hub.Folder, "hub.json")));
    }

    [Fact]
    public async Task Validate_shows_mistakes_of_configuration_and_tests_as_compilers_do()
    {
        _hub.Write("hub.json", "{ \"limit\": {} }").Write("tests/t.json", """{ "pipeline": "p", "cases": [ { "name": "n", "given": {}, "filterd": true } ] }""");
        var (code, screen) = await Run("validate");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal(
            """
            hub.json:1:3: unknown key 'limit'; did you mean 'limits'?
            tests/t.json:1:31: a case says one thing: 'expect' (the fields), 'rejected' (the rule) or "filtered": true; add one of them
            tests/t.json:1:59: unknown key 'filterd'; did you mean 'filtered'?
            3 mistakes.
            """.ReplaceLineEndings("\n"),
            screen.Text);
    }

    [Fact]
    public async Task Validate_as_JSON_is_one_document()
    {
        _hub.Write("hub.json", "{ \"limit\": {} }");
        var (code, screen) = await Run("validate", "--json");

        Assert.Equal(ExitCode.Usage, code);
        var problem = JsonNode.Parse(screen.Text)!["problems"]![0]!;
        Assert.Equal(("hub.json", 1, 3), ((string?)problem["file"], (int)problem["line"]!, (int)problem["column"]!));
    }

    [Fact]
    public void The_line_at_fault_is_shown_with_a_caret_unless_it_may_hold_a_secret()
    {
        _hub.Write("hub.json", "{\n\t\"limit\": {}\n}").Write("connections/c.json", "{ \"password\": \"hush-hush\" \"folder\": 1 }");
        var screen = new Screen();
        ProblemView.Write(screen.Terminal.Out, _hub.Folder, ConfigurationLoader.Load(_hub.Folder).Problems, withLines: true, text => text);

        Assert.EndsWith("\n     \"limit\": {}\n     ^", screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_can_be_checked_and_looked_into_while_a_pipeline_is_wrong()
    {
        _hub.Write("hub.json", "{}").Write("in/customers.csv", Customers).Write("connections/shop.json", """{ "connector": "csv", "folder": "in" }""").Write("pipelines/p.json", "{ \"nonsense\": 1 }");

        Assert.Equal(ExitCode.Done, (await Run("check", "shop")).Code);
        var (code, screen) = await Run("discover", "shop", "customers.csv");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("Vorname", screen.Text, StringComparison.Ordinal);
        Assert.Contains("xxxx.xxxxxx@xxxx.xxxxxxx", screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("schulz", screen.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("anna.schulz@mail.example", (await Run("discover", "shop", "--show-values")).Screen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shpo", null, "there is no connection 'shpo'", "did you mean 'shop'?")]
    [InlineData("shop", "custmers.csv", "custmers.csv", "customers.csv")]
    public async Task A_misspelt_connection_or_stream_is_answered_with_the_nearest(string connection, string? stream, string message, string fix)
    {
        _hub.Write("hub.json", "{}").Write("in/customers.csv", Customers).Write("connections/shop.json", """{ "connector": "csv", "folder": "in" }""");
        var (code, screen) = await Run(stream is null ? ["discover", connection] : ["discover", connection, stream]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, screen.ErrorText, StringComparison.Ordinal);
        Assert.Contains(fix, screen.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_fails_where_a_pipeline_pulls_what_is_not_there()
    {
        _hub.Write("hub.json", "{}").Write("connections/shop.json", """{ "connector": "csv", "folder": "nowhere" }""").Write("pipelines/p.json", TemporaryHub.Inbound());
        var (code, screen) = await Run("check");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("fail stream customers", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_writes_only_what_has_changed()
    {
        _hub.Write("hub.json", "{}");
        Assert.Contains("wrote hub.schema.json", (await Run("schema")).Screen.Text, StringComparison.Ordinal);
        Assert.Contains("nothing has changed", (await Run("schema")).Screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_knows_the_fields_that_the_model_adds()
    {
        _hub.Write("hub.json", "{}").Write("model/customer.json", """{ "fields": { "loyalty.tier": { "description": "Tier." } } }""");
        var document = JsonNode.Parse((await Run("schema", "--json")).Screen.Text)!;
        Assert.Contains("loyalty.tier", document["pipeline.schema.json"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_of_a_connector_can_be_read_on_the_command_line()
    {
        var (code, screen) = await Run("connectors", "docs", "csv");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("| `folder` |", screen.Text, StringComparison.Ordinal);
        Assert.Contains("did you mean 'csv'?", (await Run("connectors", "docs", "cvs")).Screen.ErrorText, StringComparison.Ordinal);
    }

    public void Dispose() => _hub.Dispose();

    private async Task<(ExitCode Code, Screen Screen)> Run(params string[] arguments)
    {
        var screen = new Screen(width: 160);
        var code = await new HubProgram(screen.Terminal, TimeProvider.System).RunAsync(["--hub", _hub.Folder, .. arguments], TestContext.Current.CancellationToken);
        return (code, screen);
    }
}
