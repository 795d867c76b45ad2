using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Insightly;
using Crm.Integration.Connectors.Tests.Http;

namespace Crm.Integration.Connectors.Tests.Insightly;

public sealed class InsightlyScanTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 100)]
    [InlineData(99, 100)]
    [InlineData(100, 100)]
    [InlineData(101, 100)]
    [InlineData(1234, 100)]
    [InlineData(1500, 500)]
    [InlineData(40, 1)]
    public async Task Every_record_comes_whatever_the_size_of_a_page(int count, int top)
    {
        var records = Enumerable.Range(1, count).ToList();

        Assert.Equal(records, await ScanAsync(records, top, _ => { }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(300)]
    public async Task Records_that_are_removed_meanwhile_pass_over_no_other(int removed)
    {
        var records = Enumerable.Range(1, 1000).ToList();
        var rest = records.Skip(removed).ToList();

        var seen = await ScanAsync(records, 400, page =>
        {
            if (page == 1)
                records.RemoveRange(0, removed);
        });

        Assert.Empty(rest.Except(seen));
    }

    [Fact]
    public async Task Records_that_are_removed_from_the_end_do_not_keep_it_from_ending()
    {
        var records = Enumerable.Range(1, 1000).ToList();

        var seen = await ScanAsync(records, 400, page =>
        {
            if (page == 1)
                records.RemoveRange(300, 700);
        });

        Assert.Empty(records.Except(seen));
    }

    [Fact]
    public async Task It_goes_on_from_a_position()
    {
        var records = Enumerable.Range(1, 1000).ToList();
        await using var server = await ServeAsync(records, _ => { });
        var first = Scan(server, 400);
        await foreach (var page in first.PagesAsync(TestContext.Current.CancellationToken))
            break;
        records.RemoveRange(0, 10);

        var second = Scan(server, 400);
        Assert.True(second.GoOn(first.Position));

        Assert.Equal(Enumerable.Range(401, 600), await IdsAsync(second));
        Assert.True(first.Position.Length < 500);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("x:1,2")]
    [InlineData("7:")]
    public async Task What_is_no_position_is_none(string position)
    {
        await using var server = await ServeAsync([], _ => { });

        Assert.False(Scan(server, 100).GoOn(position));
    }

    private static async Task<List<int>> ScanAsync(List<int> records, int top, Action<int> afterPage)
    {
        await using var server = await ServeAsync(records, afterPage);
        var scan = Scan(server, top);
        var ids = await IdsAsync(scan);
        Assert.True(scan.SawAll);
        return ids;
    }

    private static InsightlyScan Scan(TestServer server, int top) =>
        new(new InsightlyApi(server.Client()), new InsightlyStream(InsightlyObjects.All[0], new Dictionary<string, InsightlyField>()), since: null, top, brief: true);

    private static async Task<List<int>> IdsAsync(InsightlyScan scan)
    {
        var ids = new List<int>();
        await foreach (var page in scan.PagesAsync(TestContext.Current.CancellationToken))
            ids.AddRange(page.Select(record => record.GetProperty("CONTACT_ID").GetInt32()));
        return ids;
    }

    private static Task<TestServer> ServeAsync(List<int> records, Action<int> afterPage) => TestServer.StartAsync(async (context, number) =>
    {
        int Number(string name) => int.Parse(context.Request.Query[name].ToString(), CultureInfo.InvariantCulture);
        context.Response.Headers["X-Total-Count"] = records.Count.ToString(CultureInfo.InvariantCulture);
        await context.Json(new JsonArray([.. records.Skip(Number("skip")).Take(Number("top")).Select(id => new JsonObject { ["CONTACT_ID"] = id })]).ToJsonString());
        afterPage(number);
    });
}
