using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Samples;

/// <summary>The README's "your own data in five minutes", step by step as written there.</summary>
public sealed class FirstPipelineTests
{
    [Theory]
    [InlineData("shop.csv", "1235")]
    [InlineData("crm.csv", "1946")]
    [InlineData("crm-cn.csv", "504")]
    public async Task A_file_and_an_empty_folder_become_a_customer_list(string file, string rows)
    {
        using var folder = HubFolder.Empty();
        var source = Path.Combine(HubFolder.Samples, "quickstart", "in", file);

        (await folder.HubAsync("init", "--connector", "csv", "--from", source)).With(0);
        (await folder.HubAsync("--json", "validate")).With(0);
        (await folder.HubAsync("--json", "check")).With(0);
        Assert.Equal(0, (await folder.HubAsync("--json", "test")).With(0).Json.GetProperty("failed").GetInt32());
        var plan = (await folder.HubAsync("--json", "plan")).With(0).Json;
        var run = (await folder.HubAsync("--json", "run")).With(0).Json;

        run.AssertAddsUp();
        Assert.Equal(plan.Lines(), run.Lines());
        var inbound = run.Pipelines().Values.Single(pipeline => pipeline.GetProperty("inbound").GetBoolean());
        Assert.InRange(inbound.Count("created"), int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture) * 95 / 100, inbound.Count("read"));
        (await folder.HubAsync("--json", "quarantine", "list")).With(0);
        (await folder.HubAsync("--json", "review", "list")).With(0);
        (await folder.HubAsync("--json", "search", "keller")).With(0);
        Assert.Equal(0, (await folder.HubAsync("--json", "run")).With(0).Json.Effects());
    }

    [Fact]
    public async Task A_second_init_adds_a_source_and_overwrites_nothing()
    {
        using var folder = HubFolder.Empty();
        var source = Path.Combine(HubFolder.Samples, "quickstart", "in");
        (await folder.HubAsync("init", "--connector", "csv", "--from", Path.Combine(source, "shop.csv"), "--name", "shop")).With(0);
        var first = folder.Read("pipelines/shop.json");

        Assert.Equal(2, (await folder.HubAsync("init", "--from", Path.Combine(source, "shop.csv"), "--name", "shop")).ExitCode);
        (await folder.HubAsync("init", "--from", Path.Combine(source, "crm.csv"), "--name", "crm")).With(0);

        Assert.Equal(first, folder.Read("pipelines/shop.json"));
        var run = (await folder.HubAsync("--json", "run")).With(0).Json;
        run.AssertAddsUp();
        Assert.True(run.Pipelines().Values.Count(pipeline => pipeline.GetProperty("inbound").GetBoolean()) == 2);
        Assert.Equal(0, (await folder.HubAsync("--json", "run")).With(0).Json.Effects());
    }
}
