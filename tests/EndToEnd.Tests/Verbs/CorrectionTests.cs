using System.Text.Json;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Verbs;

/// <summary>What a steward says of a value stands until its time or its reason is over, whatever is imported again.</summary>
public sealed class CorrectionTests : IDisposable
{
    private const string Crm = "id,first,last,email,phone,job,street,city,modified\n1,Anna,Muster,anna@berg.example,+436641234567,CEO,Alte Gasse 1,Wien,2026-01-01\n2,Josef,Stein,josef@stein.example,+436647654321,CFO,Berg 2,Graz,2026-01-01\n";
    private const string Shop = "id,first,last,email,phone,job,street,city,modified\nK77x,Anna,Muster,anna@berg.example,+436641234567,CTO,Neue Gasse 9,Linz,2026-02-01\n";

    private readonly HubFolder _folder = HubFolder.Empty();

    public CorrectionTests()
    {
        _folder.Write("hub.json", "{}");
        _folder.Write("connections/crm.json", """{ "connector": "csv", "folder": "in" }""");
        _folder.Write("connections/shop.json", """{ "connector": "csv", "folder": "in" }""");
        foreach (var source in (string[])["crm", "shop"])
        {
            _folder.Write($"pipelines/{source}.json", $$"""
                {
                  "from": { "connection": "{{source}}", "stream": "{{source}}.csv", "key": "id", "modified": "modified | date" },
                  "entity": "customer",
                  "map": { "name.given": "first", "name.family": "last", "email": "email", "phone": "phone", "jobTitle": "job", "address.line": "street", "address.city": "city" }
                }
                """);
        }

        _folder.Write("in/crm.csv", Crm);
        _folder.Write("in/shop.csv", Shop);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_correction_outlives_reruns_resets_and_a_record_that_goes_and_comes_back()
    {
        var id = await StartAsync();

        (await _folder.HubAsync("set", id, "jobTitle=Owner", "--reason", "asked her")).With(0);
        await AssertJobAsync(id, "Owner");
        await RunAsync();
        await AssertJobAsync(id, "Owner");

        foreach (var pipeline in (string[])["crm", "shop"])
            (await _folder.HubAsync("state", "reset", pipeline)).With(0);
        await RunAsync();
        await AssertJobAsync(id, "Owner");

        _folder.Write("in/shop.csv", Shop.Split('\n')[0] + "\n");
        await RunAsync("--ignore-limits");
        await AssertJobAsync(id, "Owner");
        _folder.Write("in/shop.csv", Shop);
        await RunAsync("--ignore-limits");
        await AssertJobAsync(id, "Owner");

        (await _folder.HubAsync("unset", id, "jobTitle")).With(0);
        await AssertJobAsync(id, "CTO");
        Assert.Equal(0, (await _folder.HubAsync("--json", "run")).With(0).Json.Effects());
        Assert.Empty(StoreDump.Faults(_folder));
    }

    [Fact]
    public async Task A_correction_ends_on_its_day_and_the_report_says_so()
    {
        var id = await StartAsync();
        (await _folder.HubAsync("set", id, "jobTitle=Owner", "--until", "2999-12-31")).With(0);
        Assert.DoesNotContain("no longer counts", (await _folder.HubAsync("run")).With(0).Output, StringComparison.Ordinal);

        StoreDump.Change(_folder, "update correction set expires_at = 1");
        var plan = (await _folder.HubAsync("plan")).With(0).Output;
        var run = (await _folder.HubAsync("run")).With(0).Output;

        Assert.Contains("no longer counts", plan, StringComparison.Ordinal);
        Assert.Contains($"correction of jobTitle of {id} no longer counts: its time is over", Line(run), StringComparison.Ordinal);
        await AssertJobAsync(id, "CTO");
    }

    [Fact]
    public async Task A_correction_is_retired_with_a_word_when_the_source_that_it_corrects_changes_its_value()
    {
        var id = await StartAsync();
        (await _folder.HubAsync("set", id, "jobTitle=Owner")).With(0);

        // Another field, and another source: neither is what was corrected.
        _folder.Write("in/shop.csv", Shop.Replace("Neue Gasse 9", "Neue Gasse 10", StringComparison.Ordinal).Replace("2026-02-01", "2026-02-02", StringComparison.Ordinal));
        _folder.Write("in/crm.csv", Crm.Replace("CEO", "Chair", StringComparison.Ordinal).Replace("Wien,2026-01-01", "Wien,2026-01-05", StringComparison.Ordinal));
        await RunAsync();
        await AssertJobAsync(id, "Owner");

        _folder.Write("in/shop.csv", Shop.Replace("CTO", "Consultant", StringComparison.Ordinal).Replace("2026-02-01", "2026-02-03", StringComparison.Ordinal));
        var run = (await _folder.HubAsync("run")).With(0).Output;

        Assert.Contains("shop/shop.csv/K77x, which it corrected, has changed its value since", Line(run), StringComparison.Ordinal);
        Assert.DoesNotContain("Consultant", run, StringComparison.Ordinal);
        await AssertJobAsync(id, "Consultant");
    }

    [Fact]
    public async Task An_address_is_corrected_as_a_whole_and_a_name_part_by_part()
    {
        var id = await StartAsync();

        (await _folder.HubAsync("set", id, "address.line=Neue Gasse 7", "name.family=Muster-Berg")).With(0);

        var fields = await FieldsAsync(id);
        Assert.Equal(("Neue Gasse 7", "Linz", "Anna", "Muster-Berg"), (Text(fields, "address.line"), Text(fields, "address.city"), Text(fields, "name.given"), Text(fields, "name.family")));
    }

    [Fact]
    public async Task A_verified_value_beats_a_newer_one()
    {
        var id = await StartAsync();
        _folder.Write("in/shop.csv", Shop.Replace("CTO", "CEO", StringComparison.Ordinal).Replace("2026-02-01", "2026-02-02", StringComparison.Ordinal));
        await RunAsync();
        (await _folder.HubAsync("set", id, "jobTitle", "--verified")).With(0);

        _folder.Write("in/shop.csv", Shop.Replace("CTO", "Intern", StringComparison.Ordinal).Replace("2026-02-01", "2026-02-03", StringComparison.Ordinal));
        await RunAsync();

        await AssertJobAsync(id, "CEO");
        Assert.Contains("verified", (await _folder.HubAsync("explain", id, "jobTitle")).With(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_touched_record_does_not_make_its_old_values_the_newest()
    {
        var id = await StartAsync();

        // The CRM changes the phone only; its job title is as old as before.
        _folder.Write("in/crm.csv", Crm.Replace("+436641234567,CEO", "+436641112223,CEO", StringComparison.Ordinal).Replace("Wien,2026-01-01", "Wien,2026-03-01", StringComparison.Ordinal));
        await RunAsync();

        var fields = await FieldsAsync(id);
        Assert.Equal(("CTO", "+436641112223"), (Text(fields, "jobTitle"), Text(fields, "phone")));
    }

    [Fact]
    public async Task A_correction_goes_with_the_record_that_it_corrects_when_masters_merge_and_split()
    {
        var (anna, josef) = (await StartAsync(), await FindAsync("josef"));
        (await _folder.HubAsync("set", anna, "jobTitle=Owner")).With(0);

        (await _folder.HubAsync("merge", anna, josef)).With(0);
        await AssertJobAsync(anna, "Owner");
        await AssertJobAsync(josef, "Owner");

        (await _folder.HubAsync("split", anna, "crm/crm.csv/1", "crm/crm.csv/2")).With(0);
        await RunAsync();
        await AssertJobAsync(await FindAsync("K77x"), "Owner");
        Assert.DoesNotContain("Owner", (await _folder.HubAsync("show", await FindAsync("crm/crm.csv/2"))).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await _folder.HubAsync("--json", "run")).With(0).Json.Effects());
    }

    [Fact]
    public async Task A_changed_rule_counts_for_every_golden_record_that_there_is()
    {
        var id = await StartAsync();
        await AssertJobAsync(id, "CTO");
        _folder.Write("model/customer.json", """{ "survivorship": { "fields": { "jobTitle": { "rule": "priority", "priority": ["crm"] } } } }""");

        Assert.Contains("golden records were computed anew, 1 of them changed", Line((await _folder.HubAsync("plan")).With(0).Output), StringComparison.Ordinal);
        await AssertJobAsync(id, "CTO");
        Assert.Contains("golden records were computed anew, 1 of them changed", Line((await _folder.HubAsync("run")).With(0).Output), StringComparison.Ordinal);
        await AssertJobAsync(id, "CEO");

        var before = StoreDump.Whole(_folder);
        Assert.DoesNotContain("computed anew", (await _folder.HubAsync("run")).With(0).Output, StringComparison.Ordinal);
        StoreDump.AssertSame(before, StoreDump.Whole(_folder), "after a run with the same rules");
    }

    [Theory]
    [InlineData("jobtitle=x", "has no field 'jobtitle' fix: did you mean 'jobTitle'")]
    [InlineData("jobTitle", "is not a field with a value")]
    [InlineData("jobTitle=", "jobTitle: nothing is given")]
    [InlineData("email=anna", "email: that is no valid e-mail address")]
    [InlineData("phone=0664", "write the number with its country")]
    [InlineData("birthDate=soon", "birthDate: that is no date; write 1980-02-03")]
    [InlineData("company=n/a", "a placeholder cannot be a correction")]
    public async Task A_wrong_correction_is_refused_in_plain_words(string value, string message)
    {
        var id = await StartAsync();

        var outcome = await _folder.HubAsync("set", id, value);

        Assert.Contains(message, Line(outcome.With(2).Errors), StringComparison.Ordinal);
    }

    private async Task<string> StartAsync()
    {
        await RunAsync();
        return await FindAsync("anna");
    }

    private async Task RunAsync(params string[] options) => (await _folder.HubAsync(["--json", "run", .. options])).With(0).Json.AssertAddsUp();

    private async Task<string> FindAsync(string text) =>
        (await _folder.HubAsync("--json", "search", text.Split('/')[^1])).With(0).Json.EnumerateArray().First().GetProperty("id").GetString()!;

    private async Task<JsonElement> FieldsAsync(string id) => (await _folder.HubAsync("--json", "show", id)).With(0).Json.GetProperty("fields");

    private async Task AssertJobAsync(string id, string job) => Assert.Equal(job, Text(await FieldsAsync(id), "jobTitle"));

    private static string? Text(JsonElement fields, string name) => fields.GetProperty(name).GetString();

    private static string Line(string text) => string.Join(' ', text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries));
}
