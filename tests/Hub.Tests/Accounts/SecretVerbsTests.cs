using System.Text.Json;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Tests.Accounts;

public sealed class SecretVerbsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-secrets-").FullName;

    public SecretVerbsTests()
    {
        File.WriteAllText(Path.Combine(_folder, "hub.json"), "{}");
        Directory.CreateDirectory(Path.Combine(_folder, "connections"));
        Directory.CreateDirectory(Path.Combine(_folder, "canary-folder"));
        File.WriteAllText(Path.Combine(_folder, "connections", "shop.json"), """{ "connector": "csv", "folder": "${secret:place}" }""");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_secret_that_is_missing_is_named_with_what_to_do()
    {
        var (code, _, error) = await RunAsync("", "check", "shop");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("there is no secret place", error, StringComparison.Ordinal);
        Assert.Contains("hub secret set place", error, StringComparison.Ordinal);
        Assert.Contains("connections/shop.json:1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_from_a_pipe_is_used_listed_by_name_and_forgotten()
    {
        Assert.Equal(ExitCode.Done, (await RunAsync("canary-folder\n", "secret", "set", "place")).Code);
        var check = await RunAsync("", "check", "shop");
        var list = await RunAsync("", "secret", "list");
        var json = await RunAsync("", "--json", "secret");
        var remove = await RunAsync("", "secret", "remove", "place");

        Assert.Equal(ExitCode.Done, check.Code);
        Assert.DoesNotContain("canary", check.Out + check.Error + list.Out + json.Out + remove.Out, StringComparison.Ordinal);
        Assert.Contains("place", list.Out, StringComparison.Ordinal);
        Assert.Equal("place", JsonDocument.Parse(json.Out).RootElement[0].GetProperty("name").GetString());
        Assert.Contains("a connection still names it", remove.Out, StringComparison.Ordinal);
        Assert.Contains("There are no secrets yet", (await RunAsync("", "secret")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_value_and_a_strange_name_are_refused()
    {
        Assert.Equal(ExitCode.Usage, (await RunAsync("\n", "secret", "set", "place")).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("x", "secret", "set", "a}b")).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("", "secret", "remove", "nobody")).Code);
    }

    [Fact]
    public void Hub_json_itself_cannot_name_one()
    {
        File.WriteAllText(Path.Combine(_folder, "hub.json"), """{ "store": { "connectionString": "Data Source=${secret:file}" } }""");

        Assert.Contains(ConfigurationLoader.Load(_folder, HubSecrets.Of(_folder, TimeProvider.System)).Problems, problem => problem.Message.Contains("cannot use one itself", StringComparison.Ordinal));
    }

    private async Task<(ExitCode Code, string Out, string Error)> RunAsync(string input, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, error, colors: false, width: 200, interactive: false) { RawIn = new StringReader(input) };
        var code = await new HubProgram(terminal, TimeProvider.System).RunAsync(["--hub", _folder, .. arguments], TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
