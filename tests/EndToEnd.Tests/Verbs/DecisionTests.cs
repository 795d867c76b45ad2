using System.Text.Json;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Verbs;

/// <summary>A decision about who is who is about records: it holds when everything is read again, and when a record goes and comes back.</summary>
public sealed class DecisionTests : IDisposable
{
    private const string Header = "id,first,last,born,email,phone,street,zip,city\n";

    // 1 and K1 are plainly one; 2 and K2 nobody would link; 3 and K3 are for a person to say.
    private const string Crm = Header
        + "1,Anna,Muster,1980-02-03,anna@berg.example,+436641234567,Alte Gasse 1,1010,Wien\n"
        + "2,Josef,Stein,1971-05-06,josef@stein.example,+436647654321,Berg 2,8010,Graz\n"
        + "3,Maria,Feldbacher,1966-07-08,,,Seestrasse 12,6900,Bregenz\n";

    private const string Shop = Header
        + "K1x,Anna,Muster,1980-02-03,anna@berg.example,+436641234567,Alte Gasse 1,1010,Wien\n"
        + "K2x,Rosa,Wald,1990-01-02,rosa@wald.example,+436502223334,Feldweg 3,5020,Salzburg\n"
        + "K3x,Maria,Feldbacher,,,,Seestrasse 12,6900,Bregenz\n";

    private readonly HubFolder _folder = HubFolder.Empty();

    public DecisionTests()
    {
        _folder.Write("hub.json", "{}");
        foreach (var source in (string[])["crm", "shop"])
        {
            _folder.Write($"connections/{source}.json", """{ "connector": "csv", "folder": "in" }""");
            _folder.Write($"pipelines/{source}.json", $$"""
                {
                  "from": { "connection": "{{source}}", "stream": "{{source}}.csv", "key": "id" },
                  "entity": "customer",
                  "map": { "name.given": "first", "name.family": "last", "birthDate": "born | date('yyyy-MM-dd')", "email": "email", "phone": "phone", "address.line": "street", "address.postalCode": "zip", "address.city": "city" }
                }
                """);
        }

        _folder.Write("in/crm.csv", Crm);
        _folder.Write("in/shop.csv", Shop);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_merge_holds()
    {
        await RunAsync();
        (await _folder.HubAsync("merge", await MasterAsync("crm/crm.csv/2"), await MasterAsync("shop/shop.csv/K2x"))).With(0);

        await AssertHoldsAsync(async () => Assert.Equal(await MasterAsync("crm/crm.csv/2"), await MasterAsync("shop/shop.csv/K2x")), "K2x");
    }

    [Fact]
    public async Task A_split_holds()
    {
        await RunAsync();
        var whole = await MasterAsync("crm/crm.csv/1");
        Assert.Equal(whole, await MasterAsync("shop/shop.csv/K1x"));
        (await _folder.HubAsync("split", whole, "shop/shop.csv/K1x")).With(0);

        await AssertHoldsAsync(async () => Assert.NotEqual(await MasterAsync("crm/crm.csv/1"), await MasterAsync("shop/shop.csv/K1x")), "K1x");
    }

    [Theory]
    [InlineData("accept", true)]
    [InlineData("reject", false)]
    public async Task What_was_said_of_a_pair_in_review_holds(string verb, bool same)
    {
        // Whatever the weights of the day make of the pair: here it is one to be reviewed.
        _folder.Write("model/customer.json", """{ "matching": { "link": 0.9999999, "review": 0.1 } }""");
        await RunAsync();
        var pair = (await _folder.HubAsync("--json", "review", "list")).With(0).Json.GetProperty("pairs").EnumerateArray().First();
        var (a, b) = (await RecordAsync(pair.GetProperty("a").GetString()!), await RecordAsync(pair.GetProperty("b").GetString()!));
        (await _folder.HubAsync("review", verb, pair.GetProperty("id").ToString())).With(0);

        await AssertHoldsAsync(
            async () =>
            {
                Assert.Equal(same, await MasterAsync(a) == await MasterAsync(b));
                Assert.DoesNotContain(
                    (await _folder.HubAsync("--json", "review", "list")).With(0).Json.GetProperty("pairs").EnumerateArray(),
                    open => open.GetProperty("id").ToString() == pair.GetProperty("id").ToString());
            },
            b.Split('/')[^1]);
    }

    private async Task AssertHoldsAsync(Func<Task> holds, string leaving)
    {
        await holds();
        await RunAsync();
        await holds();

        foreach (var pipeline in (string[])["crm", "shop"])
            (await _folder.HubAsync("state", "reset", pipeline)).With(0);
        await RunAsync();
        await holds();

        // The record disappears for a night and comes back under the same id, changed a little.
        _folder.Write("in/crm.csv", Without(Crm, leaving));
        _folder.Write("in/shop.csv", Without(Shop, leaving));
        await RunAsync();
        _folder.Write("in/crm.csv", Crm.Replace("Alte Gasse 1,", "Alte Gasse 1 A,", StringComparison.Ordinal));
        _folder.Write("in/shop.csv", Shop.Replace("Alte Gasse 1,", "Alte Gasse 1 A,", StringComparison.Ordinal));
        await RunAsync();
        await holds();

        // Everything is mapped anew.
        _folder.Edit("pipelines/shop.json", "\"city\" }", "\"city | trim\" }");
        await RunAsync();
        await holds();
        Assert.Equal(0, (await _folder.HubAsync("--json", "run")).With(0).Json.Effects());
        Assert.Empty(StoreDump.Faults(_folder));
    }

    private static string Without(string csv, string id) => string.Join('\n', csv.Split('\n').Where(line => !line.StartsWith(id + ",", StringComparison.Ordinal)));

    private async Task RunAsync() => (await _folder.HubAsync("--json", "run", "--ignore-limits")).With(0).Json.AssertAddsUp();

    private async Task<string> MasterAsync(string record)
    {
        var links = (await _folder.HubAsync("export", "links")).With(0).Output;
        var parts = record.Split('/');
        return links.Split('\n').Select(line => line.Split(',')).Single(cells => cells.Length == 5 && cells[1] == parts[0] && cells[3] == parts[^1])[4].Trim();
    }

    private async Task<string> RecordAsync(string master)
    {
        JsonElement record = (await _folder.HubAsync("--json", "show", master)).With(0).Json.GetProperty("records")[0];
        return $"{record.GetProperty("connection").GetString()}/{record.GetProperty("stream").GetString()}/{record.GetProperty("sourceId").GetString()}";
    }
}
