using System.Globalization;
using System.Text.Json;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Samples;

/// <summary>The nightly sync of the made-up company, night after night.</summary>
public sealed class QuickstartTests(Quickstart quickstart)
{
    // Known to the CRM alone.
    private const string Laura = "C-7801730,Laura,Cranland,l.cranland53741@mail.example,,(413) 328-6694,2334 Cedar Lane,Springfield,,01157,US,1945-02-26,,2018-12-08T00:15:30Z\r\n";

    [Fact]
    public void What_is_read_of_each_system_is_always_the_same()
    {
        var report = quickstart.FirstRun.Json;

        report.AssertAddsUp();
        Assert.Equal(
            ["erp-companies read 1284 created 203 rejected 3", "crm read 1957 created 1946 rejected 11", "crm-cn read 504 created 504 rejected 0", "erp read 1284 created 1078 rejected 3", "shop read 1255 created 1235 rejected 20"],
            report.Pipelines().Values.Where(pipeline => pipeline.GetProperty("inbound").GetBoolean())
                .Select(pipeline => string.Create(CultureInfo.InvariantCulture, $"{pipeline.GetProperty("name")} read {pipeline.Count("read")} created {pipeline.Count("created")} rejected {pipeline.Count("rejected")}")));
    }

    [Fact]
    public void As_many_customers_are_found_as_there_are_about()
    {
        var customers = quickstart.FirstRun.Json.GetProperty("totals").EnumerateArray().Single(total => total.GetProperty("entity").GetString() == "customer");

        // How many it finds exactly is the matcher's affair and has tests of its own.
        Assert.InRange(customers.GetProperty("masters").GetInt32(), 2600, 3000);
    }

    [Fact]
    public void Both_targets_hold_each_customer_once()
    {
        var mailing = quickstart.Finished.Read("out/mailing.csv").TrimEnd().Split('\n').Skip(1).Select(line => line.Split(',')[0]).ToList();
        var warehouse = Customers(quickstart.Finished);

        Assert.Equal(mailing.Count, mailing.Distinct().Count());
        Assert.Equal(quickstart.FirstRun.Json.Pipelines()["to-mailing"].Count("created"), mailing.Count);
        Assert.Equal(quickstart.FirstRun.Json.Pipelines()["to-warehouse"].Count("created"), warehouse.Count);
        Assert.Subset(warehouse.Keys.ToHashSet(), mailing.ToHashSet());
    }

    [Fact]
    public async Task A_row_that_changes_reaches_both_targets_and_nothing_else_does()
    {
        using var folder = quickstart.Finished.Copy();
        var (mailing, warehouse) = (Lines(folder, "out/mailing.csv"), Lines(folder, "out/customers.jsonl"));
        var master = (await folder.HubAsync("--json", "search", "C-7801730")).With(0).Json[0].GetProperty("id").GetString()!;

        folder.Edit("in/crm.csv", Laura, Laura.Replace("2334 Cedar Lane,Springfield", "1 New Street,Shelbyville", StringComparison.Ordinal));
        var plan = (await folder.HubAsync("--json", "plan")).With(0).Json;
        Assert.Equal(mailing, Lines(folder, "out/mailing.csv"));
        var run = (await folder.HubAsync("--json", "run")).With(0).Json;

        run.AssertAddsUp();
        Assert.Equal(plan.Lines(), run.Lines());
        Assert.Equal(3, run.Effects());
        Assert.Equal(1, run.Pipelines()["crm"].Count("changed"));
        Assert.All(["to-mailing", "to-warehouse"], pipeline => Assert.Equal(master, Assert.Single(plan.Pipelines()[pipeline].GetProperty("writes").EnumerateArray()).GetProperty("key").GetString()));

        var (before, after) = OneDifference(mailing, Lines(folder, "out/mailing.csv"));
        Assert.Equal(before.Replace("Springfield", "Shelbyville", StringComparison.Ordinal), after);
        Assert.StartsWith(master + ",", after, StringComparison.Ordinal);
        (before, after) = OneDifference(warehouse, Lines(folder, "out/customers.jsonl"));
        Assert.Equal(before.Replace("2334 Cedar Lane", "1 New Street", StringComparison.Ordinal).Replace("Springfield", "Shelbyville", StringComparison.Ordinal), after);
    }

    [Fact]
    public async Task A_row_that_goes_takes_its_customer_from_both_targets()
    {
        using var folder = quickstart.Finished.Copy();
        var mailing = Lines(folder, "out/mailing.csv");
        var master = (await folder.HubAsync("--json", "search", "C-7801730")).With(0).Json[0].GetProperty("id").GetString()!;

        folder.Edit("in/crm.csv", Laura, "");
        var plan = (await folder.HubAsync("--json", "plan")).With(0).Json;
        var run = (await folder.HubAsync("--json", "run")).With(0).Json;

        run.AssertAddsUp();
        Assert.Equal(plan.Lines(), run.Lines());
        Assert.Single(plan.Pipelines(), pipeline => pipeline.Value.GetProperty("moves").GetArrayLength() > 0);
        Assert.Equal((1, 1, 1), (run.Pipelines()["crm"].Count("deleted"), run.Pipelines()["to-mailing"].Count("deleted"), run.Pipelines()["to-warehouse"].Count("deleted")));
        Assert.Equal(mailing.Where(line => !line.StartsWith(master + ",", StringComparison.Ordinal)), Lines(folder, "out/mailing.csv"));
        Assert.DoesNotContain(master, Customers(folder).Keys);
        Assert.Empty(StoreDump.Faults(folder));
    }

    [Fact]
    public async Task Two_folders_come_to_the_same_result_byte_for_byte()
    {
        using var other = HubFolder.Sample("quickstart");
        (await other.HubAsync("run")).With(0);

        StoreDump.AssertSame(StoreDump.Of(quickstart.Finished), StoreDump.Of(other), "in another folder");
        Assert.Equal(quickstart.Finished.Targets().Select(target => (target.Key, target.Value.Bytes)), other.Targets().Select(target => (target.Key, target.Value.Bytes)));
    }

    private static Dictionary<string, JsonElement> Customers(HubFolder folder) =>
        File.ReadLines(folder.In("out/customers.jsonl")).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToDictionary(customer => customer.GetProperty("id").GetString()!);

    private static string[] Lines(HubFolder folder, string file) => folder.Read(file).Split('\n');

    private static (string Before, string After) OneDifference(string[] before, string[] after)
    {
        Assert.Equal(before.Length, after.Length);
        return Assert.Single(before.Zip(after), pair => pair.First != pair.Second);
    }
}
