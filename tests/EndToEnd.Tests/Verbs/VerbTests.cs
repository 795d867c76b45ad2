using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Verbs;

/// <summary>Every verb on the quickstart's store: one JSON document on stdout, and the exit code that scripts rely on.</summary>
public sealed class VerbTests(Quickstart quickstart)
{
    public static TheoryData<int, string> Questions() => new()
    {
        { 0, "validate" }, { 0, "schema" }, { 0, "doctor" }, { 0, "test" }, { 0, "test crm" },
        { 0, "connectors" }, { 0, "connectors list" }, { 0, "connectors docs csv" }, { 0, "check" }, { 0, "check shop" },
        { 0, "discover erp" }, { 0, "discover erp erp.csv" }, { 0, "discover erp erp.csv --show-values" },
        { 0, "plan" }, { 0, "plan to-mailing --show 2" },
        { 0, "runs" }, { 0, "runs 1" }, { 0, "runs 1 --show records --limit 3" }, { 0, "runs 1 --show writes" }, { 0, "runs 1 --show findings" },
        { 0, "search keller" }, { 0, "search nobody-is-called-so" }, { 0, "search C204 --entity customer --limit 1" },
        { 0, "show C204" }, { 0, "show C204 --records" }, { 0, "show A1" }, { 0, "explain C204" }, { 0, "explain C204 email" }, { 0, "explain C204 C205" },
        { 0, "history C204" }, { 0, "history C204 --as-of 2100-01-01" },
        { 0, "quarantine" }, { 0, "quarantine list --limit 2" }, { 0, "quarantine list --pipeline shop --rule expression --all" }, { 0, "quarantine show 1" },
        { 0, "review" }, { 0, "review list --limit 2" }, { 0, "review list --state rejected" },
        { 0, "state" }, { 0, "state list" }, { 0, "state show crm" }, { 0, "state show to-mailing" },
        { 2, "" }, { 2, "frobnicate" }, { 2, "run --frobnicate" }, { 2, "run no-such-pipeline" }, { 2, "check no-such-connection" }, { 2, "discover shop no-such.csv" },
        { 2, "runs 999" }, { 2, "show C999999" }, { 2, "show nonsense" }, { 2, "explain C204 no.such.field" }, { 2, "history C999999" }, { 2, "history C204 --as-of yesterday" },
        { 2, "quarantine show 999999" }, { 2, "quarantine retry 999999" }, { 2, "quarantine discard" }, { 2, "review show 999999" }, { 2, "review accept 999999" },
        { 2, "state show no-such-pipeline" }, { 2, "state set to-mailing 5" }, { 2, "merge C204 C204" }, { 2, "merge C204 A1" }, { 2, "split C204 no-such-record" }, { 2, "export nothing" }, { 2, "export customer" },
    };

    [Fact]
    public async Task Every_verb_answers_with_one_JSON_document_and_its_exit_code()
    {
        using var folder = quickstart.Finished.Copy();
        var (store, targets) = (StoreDump.Of(folder), folder.Targets());
        var wrong = new List<string>();
        foreach (var row in Questions())
        {
            var (exitCode, line) = row.Data;
            var outcome = await folder.HubAsync(["--json", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            if (line.Length > 0 && outcome.ExitCode != exitCode)
                wrong.Add($"`{line}` ended with {outcome.ExitCode} and not {exitCode}: {outcome.Errors}");
            if (outcome.ExitCode == 2 && (outcome.Json.GetProperty("error").GetProperty("exitCode").GetInt32() != 2 || outcome.Json.GetProperty("error").GetProperty("fix").GetString() is null or ""))
                wrong.Add($"`{line}` does not say what to do: {outcome.Output}");
            if (outcome.Errors.Contains("   at ", StringComparison.Ordinal) || outcome.Output.Contains("unexpected", StringComparison.Ordinal))
                wrong.Add($"`{line}` shows its insides: {outcome.Errors}");
            _ = outcome.Json;
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        // They only ask.
        StoreDump.AssertSame(store, StoreDump.Of(folder), "after questions only");
        Assert.Equal(targets, folder.Targets());
    }

    [Fact]
    public async Task An_export_holds_every_customer_and_every_link()
    {
        using var folder = quickstart.Finished.Copy();
        var totals = quickstart.FirstRun.Json.GetProperty("totals").EnumerateArray().ToDictionary(total => total.GetProperty("entity").GetString()!);

        var customers = (await folder.HubAsync("--json", "export", "customer", "--out", "customers.jsonl")).With(0).Json;
        var links = (await folder.HubAsync("--json", "export", "links", "--out", "links.csv")).With(0).Json;
        var piped = (await folder.HubAsync("export", "account", "--format", "csv")).With(0);

        Assert.Equal(totals["customer"].GetProperty("masters").GetInt32(), customers.GetProperty("rows").GetInt32());
        Assert.Equal(totals["customer"].GetProperty("masters").GetInt32(), File.ReadLines(folder.In("customers.jsonl")).Count());
        Assert.Equal(totals.Values.Sum(total => total.GetProperty("sourceRecords").GetInt32()), links.GetProperty("rows").GetInt32());
        Assert.Equal("entity,connection,stream,source_id,master_id", File.ReadLines(folder.In("links.csv")).First());
        Assert.Equal(totals["account"].GetProperty("masters").GetInt32(), piped.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1);
    }

    [Fact]
    public async Task The_schemas_are_written_where_editors_find_them()
    {
        using var folder = quickstart.Finished.Copy();

        (await folder.HubAsync("schema")).With(0);

        Assert.Contains(Directory.GetFiles(folder.In("schemas")), file => file.EndsWith("hub.schema.json", StringComparison.Ordinal));
        (await folder.HubAsync("--json", "validate")).With(0);
    }
}
