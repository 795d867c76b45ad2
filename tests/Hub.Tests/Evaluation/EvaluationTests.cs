using System.Text.Json;
using System.Xml.Linq;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Evaluation;
using Crm.Integration.Hub.Tests.Cli;

namespace Crm.Integration.Hub.Tests.Evaluation;

/// <summary>How right matching is, counted another way and compared; and what is told to whoever brings a truth that does not fit.</summary>
public sealed class EvaluationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EvaluationTests()
    {
        _folder.Write("hub.json", "{ }");
        foreach (var source in (string[])["crm", "shop"])
        {
            _folder.Write($"connections/{source}.json", """{ "connector": "csv", "folder": "in" }""");
            _folder.Write($"pipelines/{source}.json", $$"""
                {
                  "from": { "connection": "{{source}}", "stream": "{{source}}.csv", "key": "id" },
                  "entity": "customer",
                  "map": { "name.given": "first", "name.family": "last", "email": "email", "phone": "phone" }
                }
                """);
        }

        _folder.Write("in/crm.csv", "id,first,last,email,phone\n1,Anna,Berg,anna@berg.at,+436641234567\n2,Josef,Stein,josef@stein.at,\n3,Rosa,Wald,rosa@wald.at,+436502223334\n");
        _folder.Write("in/shop.csv", "id,first,last,email,phone\nA1,Anna,Berg,anna@berg.at,+436641234567\nA2,Johanna,Feld,j@feld.at,\nA3,Rosa,Wald,rosa@wald.at,+436502223334\n");
    }

    private const string Truth = "connection,stream,source_id,entity_id\ncrm,crm.csv,1,a\nshop,shop.csv,A1,a\ncrm,crm.csv,2,b\nshop,shop.csv,A2,b\ncrm,crm.csv,3,c\nshop,shop.csv,A3,d\n";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pairs_and_B_cubed_are_what_counting_one_by_one_gives()
    {
        var random = new Random(7);
        int[] customers = [.. Enumerable.Range(0, 200).Select(_ => random.Next(-1, 60))];
        long[] masters = [.. customers.Select(customer => random.Next(5) == 0 ? random.Next(80) : (long)Math.Max(customer, 0))];

        var quality = ClusterQuality.Of(customers, masters);

        int[] labelled = [.. Enumerable.Range(0, 200).Where(i => customers[i] >= 0)];
        var pairs = labelled.SelectMany(a => labelled.Where(b => b > a), (a, b) => (Same: customers[a] == customers[b], Found: masters[a] == masters[b])).ToList();
        Assert.Equal((pairs.Count(pair => pair.Same), pairs.Count(pair => pair.Found), pairs.Count(pair => pair.Same && pair.Found)), ((int)quality.TruePairs, (int)quality.FoundPairs, (int)quality.RightPairs));
        Assert.Equal(labelled.Average(a => labelled.Count(b => masters[a] == masters[b] && customers[a] == customers[b]) / (double)labelled.Count(b => masters[a] == masters[b])), quality.BCubedPrecision, 9);
        Assert.Equal(labelled.Average(a => labelled.Count(b => masters[a] == masters[b] && customers[a] == customers[b]) / (double)labelled.Count(b => customers[a] == customers[b])), quality.BCubedRecall, 9);
        Assert.Equal(labelled.GroupBy(a => customers[a]).Count(group => group.Select(a => masters[a]).Distinct().Count() == 1 && labelled.Count(b => masters[b] == masters[group.First()]) == group.Count()), quality.ExactCustomers);
    }

    [Fact]
    public async Task Masters_are_compared_with_the_truth_and_mistakes_named_by_kind()
    {
        await RunAsync();
        _folder.Write("truth.csv", Truth);

        var json = JsonDocument.Parse((await HubAsync("--json", "match", "evaluate", "--truth", In("truth.csv"), "--svg", In("sweep.svg"))).Out).RootElement;

        Assert.Equal((6, 0), (json.GetProperty("records").GetProperty("labelled").GetInt32(), json.GetProperty("records").GetProperty("missing").GetInt32()));
        var pairs = json.GetProperty("masters").GetProperty("pairs");
        Assert.Equal((2, 2, 1), (pairs.GetProperty("truePairs").GetInt32(), pairs.GetProperty("found").GetInt32(), pairs.GetProperty("right").GetInt32()));
        Assert.Equal("agree in all that is filled in", json.GetProperty("wrong").GetProperty("kinds")[0].GetProperty("kind").GetString());
        Assert.Equal("no key in common: too little alike", json.GetProperty("missed").GetProperty("kinds")[0].GetProperty("kind").GetString());
        Assert.Equal(0.5, json.GetProperty("blocking").GetProperty("recall").GetDouble());

        var svg = XDocument.Load(In("sweep.svg"));
        Assert.Equal(3, svg.Descendants().Count(element => element.Name.LocalName == "path"));
        Assert.DoesNotContain("href", File.ReadAllText(In("sweep.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_reads_holds_ids_and_nothing_else_of_the_records()
    {
        await RunAsync();
        _folder.Write("truth.csv", Truth);

        var text = (await HubAsync("match", "evaluate", "--truth", In("truth.csv"))).Out;

        Golden.Equal("evaluate", text);
        Assert.DoesNotContain("Berg", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("source,record_id,person\ncrm,1,a\nshop,A1,a\n")]
    [InlineData("source_id;cluster\n1;a\nA1;a\n")]
    [InlineData("left,right\ncrm/crm.csv/1,shop/shop.csv/A1\n")]
    [InlineData("left,right,same\n1,A1,1\n1,A3,0\n")]
    [InlineData("source_id_l,source_id_r,source_l,source_r\n1,A1,crm,shop\n")]
    public async Task A_truth_may_be_written_in_many_ways(string truth)
    {
        await RunAsync();
        _folder.Write("truth.csv", truth);

        var json = JsonDocument.Parse((await HubAsync("--json", "match", "evaluate", "--truth", In("truth.csv"))).Out).RootElement;

        var pairs = json.GetProperty("masters").GetProperty("pairs");
        Assert.Equal((1, 1), (pairs.GetProperty("truePairs").GetInt32(), pairs.GetProperty("right").GetInt32()));
    }

    [Fact]
    public async Task What_the_hub_exports_as_links_is_a_truth_and_agrees_with_itself()
    {
        await RunAsync();
        Assert.Equal(ExitCode.Done, (await HubAsync("export", "links", "--out", In("links.csv"))).Code);

        var json = JsonDocument.Parse((await HubAsync("--json", "match", "evaluate", "--truth", In("links.csv"))).Out).RootElement;

        Assert.Equal(1, json.GetProperty("masters").GetProperty("pairs").GetProperty("f1").GetDouble());
        Assert.Equal(0, json.GetProperty("wrong").GetProperty("total").GetInt32() + json.GetProperty("missed").GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("", "truth.csv is empty")]
    [InlineData("a1,b1,c1\n1,2,3\n", "the columns a1, b1, c1 are not understood")]
    [InlineData("connection,source_id,entity_id\n", "has a header and nothing below it")]
    [InlineData("connection,source_id,entity_id\ncrm,1\n", "truth.csv line 2 has 2 columns, the header has 3")]
    [InlineData("connection,source_id,entity_id\ncrm,,a\n", "truth.csv line 2: the id of the record or of its customer is empty")]
    [InlineData("connection,source_id,entity_id\ncrm,1,a\ncrm,1,b\n", "truth.csv line 3: the record is another customer here than on a line before")]
    [InlineData("connection,source_id,entity_id\nerp,1,a\n", "truth.csv names no record that the store has")]
    public async Task A_truth_that_does_not_fit_is_refused_with_what_would(string truth, string message)
    {
        await RunAsync();
        _folder.Write("truth.csv", truth);

        var (code, _, error) = await HubAsync("match", "evaluate", "--truth", In("truth.csv"));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, string.Join(' ', error.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("fix:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_truth_or_with_one_that_is_not_there_the_way_is_shown()
    {
        await RunAsync();

        Assert.Contains("--truth FILE.csv", (await HubAsync("match", "evaluate")).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await HubAsync("match", "evaluate", "--truth", In("nowhere.csv"))).Error, StringComparison.Ordinal);
        Assert.Contains("records of order are not matched", (await HubAsync("match", "evaluate", "--truth", In("nowhere.csv"), "--entity", "order")).Error, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    private async Task RunAsync() => Assert.Equal(ExitCode.Done, (await HubAsync("run")).Code);

    private Task<(ExitCode Code, string Out, string Error)> HubAsync(params string[] arguments) => CommandLine.RunAsync(["--hub", _folder.Path, .. arguments]);
}
