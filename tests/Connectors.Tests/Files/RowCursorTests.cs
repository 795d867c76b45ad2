using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;

namespace Crm.Integration.Connectors.Tests.Files;

public sealed class RowCursorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("9,10,11", "10", "10,11")]
    [InlineData("2024-01-09,2024-01-10 08:00:00,2024-01-10T09:00:00+08:00", "2024-01-10T01:00:00Z", "2024-01-10 08:00:00,2024-01-10T09:00:00+08:00")]
    [InlineData("09.01.2024,1.2.2024,02.01.2024", "01.02.2024", "1.2.2024")]
    [InlineData("a,b,c", "b", "b,c")]
    public async Task Cursors_compare_by_what_they_look_like(string values, string reached, string expected)
    {
        Put($"{reached}");
        var cursor = (await Pull(null))[^1].Cursor;
        Put(values.Split(','));
        Assert.Equal(expected.Split(','), (await Pull(cursor)).SelectMany(page => page.Rows).Select(row => row["at"].AsText));
    }

    [Theory]
    [InlineData("2024-05-01T12:00:00Z", "2024-05-01T11:55:00Z", "2024-05-01T11:54:59Z")]
    [InlineData("1714564800", "1714564500", "1714564499")]
    [InlineData("1714564800000", "1714564500000", "1714564499999")]
    public async Task The_lag_reads_back_behind_the_mark(string mark, string inside, string outside)
    {
        Put(mark);
        var cursor = (await Pull(null))[^1].Cursor;
        Put(outside, inside);
        Assert.Equal([inside], (await Pull(cursor, lagSeconds: 300)).SelectMany(page => page.Rows).Select(row => row["at"].AsText));
    }

    [Fact]
    public async Task A_row_without_a_readable_cursor_is_given_each_time()
    {
        Put("2024-01-01", "", "soon", "2024-01-02");
        var pages = await Pull(null);
        Assert.Equal(4, pages.Sum(page => page.Rows.Count));
        Assert.Contains(pages.SelectMany(page => page.Notes), note => note.Contains("t.csv line 3", StringComparison.Ordinal));
        Assert.Equal(3, (await Pull(pages[^1].Cursor)).Sum(page => page.Rows.Count));
    }

    [Fact]
    public async Task A_date_in_the_far_future_does_not_become_the_mark()
    {
        Put("2024-01-01", "2999-01-01");
        var cursor = (await Pull(null))[^1].Cursor;
        Put("2024-01-02", "2999-01-01");
        Assert.Equal(2, (await Pull(cursor)).Sum(page => page.Rows.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"kind":"instant","after":7}""")]
    [InlineData("""{"kind":"instant","after":"9999-12-31T00:00:00Z"}""")]
    [InlineData("""{"kind":"number","after":"5"}""")]
    public async Task A_cursor_that_makes_no_sense_starts_over_and_says_so(string cursor)
    {
        Put("2024-01-01", "2024-01-02");
        var pages = await Pull(cursor);
        Assert.Equal(2, pages.Sum(page => page.Rows.Count));
        Assert.NotEmpty(pages.SelectMany(page => page.Notes));
    }

    [Fact]
    public async Task Dates_that_may_be_day_first_or_month_first_are_refused()
    {
        Put("01/02/2024");
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Pull(null));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
    }

    [Fact]
    public async Task A_cursor_field_that_is_not_there_is_named()
    {
        Put("1");
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Open().PagesAsync(new PullRequest("t.csv") { CursorField = "changed" }));
        Assert.Contains("no field 'changed'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("id, at", failure.Fix, StringComparison.Ordinal);
    }

    private void Put(params string[] values) => _folder.Write("t.csv", "id,at\n" + string.Concat(values.Select((value, i) => $"k{i},{value}\n")));

    private Task<List<Page>> Pull(string? cursor, int lagSeconds = 0) =>
        Open().PagesAsync(new PullRequest("t.csv") { CursorField = "at", KeyField = "id", Cursor = cursor, Lag = TimeSpan.FromSeconds(lagSeconds) });

    private IConnection Open() => new CsvConnector().Open(new CsvSettings { Folder = "." }, _folder.Context);

    public void Dispose() => _folder.Dispose();
}
