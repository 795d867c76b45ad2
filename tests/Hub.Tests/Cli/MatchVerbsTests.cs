using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Tests.Pipelines;

namespace Crm.Integration.Hub.Tests.Cli;

/// <summary>What matching has to go by, and what it learns from the store: shown and never told, planned and done.</summary>
public sealed class MatchVerbsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MatchVerbsTests()
    {
        _folder.Write("hub.json", "{ }");
        _folder.Write("connections/files.json", """{ "connector": "csv", "folder": "in" }""");
        _folder.Write("pipelines/crm.json", """
            {
              "from": { "connection": "files", "stream": "crm.csv", "key": "id" },
              "entity": "customer",
              "map": { "name.given": "first", "name.family": "last", "email": "email", "phone": "phone" }
            }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Before_the_first_run_there_is_nothing_to_go_by()
    {
        Assert.Contains("No customer records yet", (await HubAsync(ExitCode.Done, "match", "profile")).Out, StringComparison.Ordinal);
        Assert.Contains("fewer than 300 customer records", (await HubAsync(ExitCode.Failed, "match", "train", "--plan")).Error, StringComparison.Ordinal);
        Assert.Contains("'custmer'", (await HubAsync(ExitCode.Usage, "match", "profile", "custmer")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_tells_how_full_fields_are_and_by_which_keys_records_meet()
    {
        Write("id,first,last,email,phone\n1,Anna,Featherstone,anna@featherstone.example,+442079460001\n2,Anna,Featherstone,,+442079460001\n3,Priya,Okonkwo,,\n4,Olaf,Li,,\n");
        await RunAsync();

        var profile = JsonDocument.Parse((await HubAsync(ExitCode.Done, "--json", "match", "profile")).Out).RootElement;

        Assert.Equal(4, profile.GetProperty("records").GetInt64());
        var fields = profile.GetProperty("fields").EnumerateArray().ToDictionary(field => field.GetProperty("field").GetString()!);
        Assert.Equal((4, 1, 2), (Number(fields["name.family"], "filled"), Number(fields["email"], "filled"), Number(fields["phone"], "filled")));
        Assert.Equal(3, Number(fields["name.family"], "distinct"));
        var phone = Assert.Single(profile.GetProperty("keys").EnumerateArray(), key => key.GetProperty("kind").GetString() == "phone");
        Assert.Equal((2, 1, 1), (Number(phone, "records"), Number(phone, "distinct"), Number(phone, "pairs")));
    }

    [Fact]
    public async Task A_profile_never_tells_a_value()
    {
        Write("id,first,last,email,phone\n1,Anna,Featherstone,anna@featherstone.example,+442079460001\n2,Olaf,Li,olaf@li.example,+442079460002\n");
        await RunAsync();

        foreach (var text in new[] { (await HubAsync(ExitCode.Done, "match", "profile")).Out, JsonText((await HubAsync(ExitCode.Done, "--json", "match", "profile")).Out) })
        {
            Assert.Contains("F… (12)", text, StringComparison.Ordinal);

            // Of a very short one the first letter would be half of it.
            Assert.Contains("… (2)", text, StringComparison.Ordinal);
            Assert.DoesNotContain("L… (2)", text, StringComparison.Ordinal);
            foreach (var value in new[] { "Featherstone", "featherstone", "Anna", "9460001" })
                Assert.DoesNotContain(value, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_training_is_planned_without_a_trace_and_done_when_asked()
    {
        _folder.Write("model/customer.json", """{ "matching": { "weights": "shipped" } }""");
        WritePeople();
        await RunAsync();
        Assert.Contains("pinned to the shipped ones", (await HubAsync(ExitCode.Usage, "match", "train")).Error, StringComparison.Ordinal);
        var pinned = await TrainAsync("--plan");
        Assert.Equal((0, true), (Number(pinned, "before"), pinned.GetProperty("changed").GetBoolean()));

        _folder.Write("model/customer.json", """{ }""");
        var plan = await TrainAsync("--plan");
        var again = await TrainAsync("--plan");
        var done = await TrainAsync();
        var after = await TrainAsync();

        Assert.Equal(plan.GetProperty("levels").GetRawText(), again.GetProperty("levels").GetRawText());
        Assert.Equal(plan.GetProperty("levels").GetRawText(), done.GetProperty("levels").GetRawText());
        Assert.Equal((0, 0), (Number(again, "before"), Number(done, "before")));
        Assert.Equal((1, true, 1, false), (Number(done, "version"), done.GetProperty("changed").GetBoolean(), Number(after, "version"), after.GetProperty("changed").GetBoolean()));
        Assert.Contains("That is what is in force", (await HubAsync(ExitCode.Done, "match", "train")).Out, StringComparison.Ordinal);
    }

    private async Task<JsonElement> TrainAsync(params string[] arguments) =>
        JsonDocument.Parse((await HubAsync(ExitCode.Done, ["--json", "match", "train", .. arguments])).Out).RootElement;

    private void WritePeople()
    {
        var text = new StringBuilder("id,first,last,email,phone\n");
        var people = HardPeople.Make(3, 500);
        for (var i = 0; i < people.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i},{people[i].First},{people[i].Last},{people[i].Email},{people[i].Phone}\n");
        Write(text.ToString());
    }

    private void Write(string csv) => _folder.Write("in/crm.csv", csv);

    private async Task RunAsync() => Assert.Equal(ExitCode.Done, (await CommandLine.RunAsync("--hub", _folder.Path, "run")).Code);

    private async Task<(string Out, string Error)> HubAsync(ExitCode expected, params string[] arguments)
    {
        var (code, output, error) = await CommandLine.RunAsync(["--hub", _folder.Path, .. arguments]);
        Assert.True(code == expected, $"{string.Join(' ', arguments)}: {code}\n{output}\n{error}");
        return (output, error);
    }

    private static int Number(JsonElement element, string property) => element.GetProperty(property).GetInt32();

    // Letters outside of ASCII may be escaped.
    private static string JsonText(string json) => string.Join('\n', Texts(JsonDocument.Parse(json).RootElement));

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Texts(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };
}
