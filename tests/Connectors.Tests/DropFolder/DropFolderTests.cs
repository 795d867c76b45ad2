using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.DropFolder;

namespace Crm.Integration.Connectors.Tests.DropFolder;

public sealed class DropFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Receipts _receipts = new();

    [Fact]
    public async Task Files_are_taken_in_natural_order_each_once_and_moved_when_stored()
    {
        Drop("orders-10.csv", "id,name\n3,Cy\n");
        Drop("orders-9.csv", "id,name\n1,Ann\n2,Bob\n");
        Drop("customers-1.csv", "id\n9\n");
        Assert.Equal(["1|Ann", "2|Bob", "3|Cy"], Lines(await RunAsync()));
        Assert.Equal(["customers-1.csv"], Names(""));
        Assert.Equal(["orders-10.csv", "orders-9.csv"], Names("done"));
        Drop("orders-11.csv", "name,id,city\nDi,4,Rome\n");
        Drop("orders-12.csv", "id,name\n3,Cy\n");
        var rows = (await RunAsync()).SelectMany(page => page.Rows).ToList();
        Assert.Equal("4", Assert.Single(rows)["id"].AsText);
        Assert.Contains("orders-12.csv", Names("done"));
    }

    [Fact]
    public async Task Columns_of_all_files_share_one_shape_by_name()
    {
        Drop("orders-1.csv", "id,name\n1,Ann\n");
        Drop("orders-2.csv", "city,name,id\nRome,Bob,2\n");
        var rows = (await RunAsync()).SelectMany(page => page.Rows).ToList();
        Assert.Same(rows[0].Shape, rows[1].Shape);
        Assert.Equal(["id", "name", "city"], rows[0].Shape.Names);
        Assert.Equal("2|Bob|Rome", rows[1].Line());
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_a_file_reads_it_again_and_one_before_the_move_only_moves()
    {
        Drop("orders-1.csv", "id\n" + string.Concat(Enumerable.Range(1, 10).Select(i => $"{i}\n")));
        var first = await RunAsync(pageSize: 4, commit: false);
        Assert.Equal([null, null], first[..2].Select(page => page.Receipt));
        Assert.NotNull(first[^1].Receipt);
        Assert.Equal(10, (await RunAsync(pageSize: 4, commit: false)).Sum(page => page.Rows.Count));
        _receipts.Add(first[^1].Receipt!);
        Assert.Empty(Lines(await RunAsync()));
        Assert.Equal(["orders-1.csv"], Names("done"));
    }

    [Fact]
    public async Task Marked_files_stay_and_are_not_taken_again_and_deleted_ones_are_gone()
    {
        Drop("orders-1.csv", "id\n1\n");
        var mark = Settings with { Afterwards = Afterwards.Mark };
        Assert.Single(Lines(await RunAsync(mark)));
        Assert.Empty(Lines(await RunAsync(mark)));
        Assert.Equal(["orders-1.csv"], Names(""));
        Drop("orders-2.csv", "id\n2\n");
        Assert.Single(Lines(await RunAsync(Settings with { Afterwards = Afterwards.Delete })));
        Assert.Empty(Names(""));
    }

    [Fact]
    public async Task Half_written_files_are_left_alone()
    {
        Drop("orders-1.csv.tmp", "id\n1\n");
        Drop("~$orders-1.csv", "id\n1\n");
        Drop(".orders-1.csv", "id\n1\n");
        Drop("orders-2.csv", "id\n2\n", age: 1);
        var pages = await RunAsync(stream: "*");
        Assert.Empty(Lines(pages));
        Assert.Contains(pages.SelectMany(page => page.Notes), note => note.Contains("orders-2.csv was changed", StringComparison.Ordinal));
        Assert.Equal(4, Names("").Count);
    }

    [Fact]
    public async Task A_file_waits_for_its_marker_which_goes_with_it()
    {
        Drop("orders-1.csv", "id\n1\n");
        var settings = Settings with { ReadyMarker = ".done" };
        Assert.Empty(Lines(await RunAsync(settings, stream: "*")));
        Drop("orders-1.csv.done", "");
        Assert.Single(Lines(await RunAsync(settings, stream: "*")));
        Assert.Empty(Names(""));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_goes_to_the_error_folder_with_its_reason_and_the_others_are_taken()
    {
        Drop("orders-1.csv", "PK\u0003\u0004");
        Drop("orders-2.csv", "id\n2\n");
        var rows = (await RunAsync()).SelectMany(page => page.Rows).ToList();
        Assert.Equal(("unreadable-file", "orders-1.csv"), (rows[0].Fault!.Code, rows[0].Position.File));
        Assert.Equal("2", rows[1].Line());
        Assert.Equal(["orders-1.csv", "orders-1.csv.error.txt"], Names("error"));
        Assert.Contains("ZIP", _folder.Read("error/orders-1.csv.error.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_file_that_stays_in_place_is_not_refused_by_every_run()
    {
        Drop("orders-1.csv", "PK\u0003\u0004");
        var mark = Settings with { Afterwards = Afterwards.Mark };
        Assert.Single((await RunAsync(mark)).SelectMany(page => page.Rows));
        Assert.Empty((await RunAsync(mark)).SelectMany(page => page.Rows));
    }

    [Fact]
    public async Task A_new_file_of_the_same_name_is_not_moved_in_place_of_the_one_taken()
    {
        Drop("orders-1.csv", "id\n1\n");
        var pages = await RunAsync(commit: false);
        Drop("orders-1.csv", "id\n22\n");
        await pages[^1].AfterCommit!(TestContext.Current.CancellationToken);
        Assert.Equal(["orders-1.csv"], Names(""));
        Assert.Equal(["22"], Lines(await RunAsync()));
        Drop("orders-1.csv", "id\n333\n");
        await RunAsync();
        Assert.Equal(2, Names("done").Count);
    }

    [Fact]
    public async Task Json_lines_are_taken_the_same_way_and_no_pull_claims_to_be_a_snapshot()
    {
        Drop("a.jsonl", "{\"id\":1}\n{\"id\":2}\n");
        var pages = await RunAsync(Settings with { Format = DropFormat.Jsonl }, stream: "*.jsonl");
        Assert.Equal(["1", "2"], Lines(pages));
        Assert.DoesNotContain(pages, page => page.CompletesSnapshot);
    }

    [Fact]
    public async Task Discovery_proposes_a_pattern_for_files_that_differ_in_numbers()
    {
        Drop("orders-2026-05-01.csv", "id,name\n1,Ann\n");
        Drop("orders-2026-05-02.csv", "id,name\n2,Bob\n");
        Drop("stock.csv", "sku\nX\n");
        var found = new List<StreamDescription>();
        await foreach (var stream in Open(Settings).DiscoverAsync(null, TestContext.Current.CancellationToken))
            found.Add(stream);
        Assert.Equal(["orders-*.csv", "stock.csv"], found.Select(stream => stream.Name));
        Assert.Equal(["id", "name"], found[0].Fields.Select(field => field.Name));
    }

    private static DropFolderSettings Settings => new() { Folder = ".", Format = DropFormat.Csv };

    private IConnection Open(DropFolderSettings settings) => new DropFolderConnector().Open(settings, _folder.Context);

    // What the hub does: store the page, then its receipt, then call it back.
    private async Task<List<Page>> RunAsync(DropFolderSettings? settings = null, string stream = "orders-*.csv", int pageSize = 100, bool commit = true)
    {
        var pages = await Open(settings ?? Settings).PagesAsync(new PullRequest(stream) { Receipts = _receipts, PageSize = pageSize });
        foreach (var page in commit ? pages : [])
        {
            if (page.Receipt is { } receipt)
                _receipts.Add(receipt);
            if (page.AfterCommit is { } afterwards)
                await afterwards(TestContext.Current.CancellationToken);
        }

        return pages;
    }

    private void Drop(string name, string text, int age = 60)
    {
        _folder.Write(name, text);
        File.SetLastWriteTimeUtc(_folder[name], TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-age));
    }

    private List<string> Names(string folder) => [.. Directory.GetFiles(_folder[folder]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static List<string> Lines(IEnumerable<Page> pages) => [.. pages.SelectMany(page => page.Rows).Select(row => row.Line())];

    public void Dispose() => _folder.Dispose();

    private sealed class Receipts : IReceipts
    {
        private readonly HashSet<string> _ids = [];

        public void Add(string id) => _ids.Add(id);

        public ValueTask<bool> ContainsAsync(string id, CancellationToken cancellationToken) => ValueTask.FromResult(_ids.Contains(id));
    }
}
