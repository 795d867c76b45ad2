using System.IO.Compression;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Csv;

public sealed class CsvReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("id,name\n1,Ann\n2,Bob\n", "1|Ann,2|Bob")]
    [InlineData("id;name\r\n1;Ann, the first\r\n2;Bob\r\n", "1|Ann, the first,2|Bob")]
    [InlineData("id\tname\n1\tAnn\n2\tBob", "1|Ann,2|Bob")]
    [InlineData("id|name\r1|Ann\r2|Bob\r", "1|Ann,2|Bob")]
    [InlineData("sep=;\r\nid;name\r\n1;Ann\r\n", "1|Ann")]
    [InlineData("id;amount\n1;12,50\n2;13,00\n3;14,10\n", "1|12,50,2|13,00,3|14,10")]
    [InlineData("'id','name'\n'1','Ann, B'\n'2','Bob'\n", "1|Ann, B,2|Bob")]
    public async Task The_delimiter_and_the_quote_are_found(string text, string expected) =>
        Assert.Equal(expected, string.Join(",", (await Rows(text)).Select(row => row.Line())));

    [Fact]
    public async Task Fields_stay_text_and_empty_cells_are_null()
    {
        var row = Assert.Single(await Rows("id,zip,phone,note,quoted\n007,01067,\"=\"\"00123\"\"\",,\"\"\n"));
        Assert.Equal("007|01067|00123|~|~", row.Line());
    }

    [Fact]
    public async Task Quoted_values_hold_delimiters_quotes_and_line_breaks_and_lines_are_counted_truly()
    {
        var rows = await Rows("id,note\n1,\"a \"\"b\"\", c\"\n\n2,\"x\r\ny\nz\"\n3,end\n");
        Assert.Equal(["a \"b\", c", "x\r\ny\nz", "end"], rows.Select(row => row["note"].AsText));
        Assert.Equal([2, 4, 7], rows.Select(row => row.Position.Line));
        Assert.Equal("t.csv line 7", rows[2].Position.ToString());
    }

    [Fact]
    public async Task Headers_are_cleaned_and_repeated_or_missing_names_are_told_apart()
    {
        var page = (await Pages("\uFEFFid , name,name,,name_2\n1,a,b,c,d\n")).Single();
        Assert.Equal(["id", "name", "name_2", "column_4", "name_2_2"], page.Rows[0].Shape.Names);
        Assert.Contains(page.Notes, note => note.Contains("column 3 is called name_2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_before_the_header_are_skipped_and_counted()
    {
        var row = Assert.Single(await Rows("Report of 1 May\nby ERP\nid,name\n1,Ann\n", new CsvSettings { Folder = _folder.Path, SkipLines = 2 }));
        Assert.Equal(4, row.Position.Line);
        Assert.Equal("Ann", row["name"].AsText);
    }

    [Fact]
    public async Task Without_a_header_columns_are_numbered_and_the_first_line_is_a_row()
    {
        var rows = await Rows("1,Ann\n2,Bob\n", new CsvSettings { Folder = _folder.Path, NoHeader = true });
        Assert.Equal(["column_1", "column_2"], rows[0].Shape.Names);
        Assert.Equal(["1|Ann", "2|Bob"], rows.Select(row => row.Line()));
        Assert.Equal([1, 2], rows.Select(row => row.Position.Line));
    }

    [Fact]
    public async Task A_ragged_row_is_a_fault_of_its_own_and_the_others_go_on()
    {
        var rows = await Rows("id,name,city\n1,Ann,Bonn\n2,Bob\n3,Cy,Rome,Italy\n4,Di,Oslo\n");
        Assert.Equal([null, "ragged-row", "ragged-row", null], rows.Select(row => row.Fault?.Code));
        Assert.Equal("t.csv line 3 has 2 cells; the header has 3.", rows[1].Fault!.Message);
        Assert.Equal("2,Bob", rows[1].Fault!.RawText);
        Assert.Equal("4|Di|Oslo", rows[3].Line());
    }

    [Fact]
    public async Task Empty_cells_behind_the_header_are_ignored_with_a_note()
    {
        var page = (await Pages("id,name\n1,Ann,\n2,Bob,\n")).Single();
        Assert.All(page.Rows, row => Assert.Null(row.Fault));
        Assert.Single(page.Notes, note => note.Contains("all of them empty", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stray_quote_costs_one_row_and_not_its_neighbours()
    {
        var rows = await Rows("id,name\n1,Ann\n2,\"Bob\n3,\"Cy\"\n4,Di\n5,5\" pipe\n");
        Assert.Equal(["1", "4", "5"], rows.Where(row => row.Fault is null).Select(row => row["id"].AsText).Where(id => id != "3"));
        var broken = Assert.Single(rows, row => row.Fault is not null);
        Assert.Equal(("bad-quotes", 3L, "2,\"Bob"), (broken.Fault!.Code, broken.Position.Line, broken.Fault.RawText));
        Assert.Contains(rows, row => row.Fault is null && row["id"].AsText == "3" && row["name"].AsText == "Cy" && row.Position.Line == 4);
        Assert.Equal("5\" pipe", rows[^1]["name"].AsText);
    }

    [Fact]
    public async Task Rows_that_a_stray_quote_swallowed_are_checked_like_all_others()
    {
        _folder.Write("t.csv", [.. "id,name\n1,é ü ö ä ß\n2,\"Bob\n3,C"u8, 0xFF, .. "y\n4,a,b\n5,Eve\n"u8]);
        var rows = await Open().RowsAsync(new PullRequest("t.csv"));
        Assert.Equal([null, "bad-quotes", "bad-bytes", "ragged-row", null], rows.Select(row => row.Fault?.Code));
        Assert.Equal(["1", "2", "3", "4", "5"], rows.Select(row => row["id"].AsText));
    }

    [Fact]
    public async Task A_quote_never_closed_costs_one_row()
    {
        var rows = await Rows("id,name\n1,Ann\n2,\"Bob\n3,Cy\n4,Di\n");
        Assert.Equal(["1", "3", "4"], rows.Where(row => row.Fault is null).Select(row => row["id"].AsText));
        Assert.Equal([2, 3, 4, 5], rows.Select(row => row.Position.Line));
    }

    [Fact]
    public async Task A_quote_never_closed_in_a_large_file_costs_one_row()
    {
        var lines = Enumerable.Range(1, 30_000).Select(i => i is 7 or 20_000 ? $"{i},\"Name of number {i}" : $"{i},Name of number {i}").ToList();
        lines.Insert(5, "");
        var rows = await Rows("id,name\n" + string.Join('\n', lines) + "\n", new CsvSettings { Folder = _folder.Path, MaxFieldKilobytes = 64 });
        Assert.Equal(Enumerable.Range(1, 30_000).Select(i => $"{i}"), rows.Select(row => row["id"].AsText));
        Assert.Equal([(7, 9L), (20_000, 20_002L)], rows.Where(row => row.Fault?.Code == "bad-quotes").Select(row => (int.Parse(row["id"].AsText!, null), row.Position.Line)));
        Assert.Equal(30_002, rows[^1].Position.Line);
    }

    [Fact]
    public async Task Bad_bytes_are_a_fault_of_their_row()
    {
        byte[] bytes = [.. "id,name\n1,Müller\n2,Jörg\n3,K"u8, 0xFC, .. "hn\n4,Ärmel\n5,Öl\n6,Größe\n7,ß\n"u8];
        _folder.Write("t.csv", bytes);
        var rows = await Open().RowsAsync(new PullRequest("t.csv"));
        Assert.Equal(["3"], rows.Where(row => row.Fault?.Code == "bad-bytes").Select(row => row["id"].AsText));
        Assert.Equal("t.csv line 4 holds bytes that are not utf-8.", rows[2].Fault!.Message);
        Assert.Equal("Größe", rows[5]["name"].AsText);
    }

    [Fact]
    public async Task Nul_characters_are_a_fault_of_their_row()
    {
        var rows = await Rows("id,name\n1,An\0n\n2,Bob\n");
        Assert.Equal(["bad-bytes", null], rows.Select(row => row.Fault?.Code));
    }

    [Fact]
    public async Task A_giant_field_ends_the_file_without_being_held_in_memory()
    {
        using (var file = File.CreateText(_folder["t.csv"]))
        {
            await file.WriteAsync("id,name\n1,Ann\n2,\"");
            var chunk = new string('x', 1 << 20);
            for (var i = 0; i < 100; i++)
                await file.WriteAsync(chunk);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var text = Connectors.Files.TextFile.Open(_folder["t.csv"], "t.csv", new CsvSettings { Folder = "." });
        using var reading = new CsvReading(text, new CsvSettings { Folder = "." }, new Shape());
        Assert.Equal("1|Ann", reading.Read()!.Line());
        var failure = Assert.Throws<ConnectorException>(reading.Read);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50 << 20);
        Assert.Equal(FailureKind.Rejected, failure.Kind);
        Assert.Contains("begins at line 3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_never_ends_is_refused_too()
    {
        _folder.Write("t.csv", "id,name\n1,Ann\n2," + string.Concat(Enumerable.Repeat("abc,", 1_000_000)));
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Open(new CsvSettings { Folder = ".", MaxFieldKilobytes = 64 }).RowsAsync(new PullRequest("t.csv")));
        Assert.Equal(FailureKind.Rejected, failure.Kind);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("gb18030", false)]
    public async Task The_encoding_is_found(string name, bool withMark)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        byte[] mark = withMark ? encoding.GetPreamble() : [];
        _folder.Write("t.csv", [.. mark, .. encoding.GetBytes("编号,姓名,城市\n1,张伟,上海\n2,王芳,北京市朝阳区\n")]);
        var rows = await Open().RowsAsync(new PullRequest("t.csv"));
        Assert.Equal(["编号", "姓名", "城市"], rows[0].Shape.Names);
        Assert.Equal("张伟", rows[0]["姓名"].AsText);
    }

    [Theory]
    [InlineData(1252, null, "Müller,Façade,Straße 5,José")]
    [InlineData(1251, "ru", "Иванов,Пётр")]
    [InlineData(932, "ja", "山田,太郎")]
    public async Task Old_encodings_are_found_by_their_bytes_or_by_the_region(int codePage, string? region, string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        _folder.Write("t.csv", $"id;name\n1;{name}\n2;{name}\n", Encoding.GetEncoding(codePage));
        var pages = await Open(new CsvSettings { Folder = ".", Region = region }).PagesAsync(new PullRequest("t.csv"));
        Assert.Equal(name, pages[0].Rows[0]["name"].AsText);
        Assert.Contains(pages[0].Notes, note => note.Contains("encoding", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gzip_is_unpacked_and_a_cut_off_file_is_no_snapshot()
    {
        var packed = Gzip("id,name\n" + string.Concat(Enumerable.Range(1, 9000).Select(i => $"{i},Name {i * 7919}\n")));
        _folder.Write("t.csv", packed);
        Assert.Equal(9000, (await Open().RowsAsync(new PullRequest("t.csv"))).Count);
        _folder.Write("t.csv", [.. packed, .. Gzip("9001,Last\n")]);
        Assert.Equal(9001, (await Open().RowsAsync(new PullRequest("t.csv"))).Count);
        _folder.Write("t.csv", packed[..^12]);
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Open().PagesAsync(new PullRequest("t.csv")));
        Assert.Equal(FailureKind.Rejected, failure.Kind);
    }

    [Theory]
    [InlineData("PK\u0003\u0004rest", "ZIP")]
    [InlineData("%PDF-1.7 x", "PDF")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("a\0\0\0\0b\0\0c\0\0\0\0\0\0\0\0\0\0\0", "binary")]
    public async Task Files_that_are_no_text_are_refused_by_name(string content, string what)
    {
        _folder.Write("t.csv", content);
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Open().PagesAsync(new PullRequest("t.csv")));
        Assert.Equal(FailureKind.Rejected, failure.Kind);
        Assert.Contains(what, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_bytes_are_no_text_and_a_delimiter_of_control_characters_is()
    {
        var noise = new byte[20_000];
        new Random(7).NextBytes(noise);
        _folder.Write("t.csv", noise);
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Open().PagesAsync(new PullRequest("t.csv")));
        Assert.Contains("binary", failure.Message, StringComparison.Ordinal);

        _folder.Write("t.csv", string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i}\u0001x\n")));
        Assert.NotEmpty(await Open().RowsAsync(new PullRequest("t.csv")));
    }

    [Fact]
    public async Task An_empty_file_is_refused_and_one_of_a_header_alone_is_a_snapshot_of_nothing()
    {
        _folder.Write("t.csv", "");
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Open().PagesAsync(new PullRequest("t.csv")));
        Assert.Contains("empty", failure.Message, StringComparison.Ordinal);
        var page = (await Pages("id,name\n")).Single();
        Assert.Empty(page.Rows);
        Assert.True(page.CompletesSnapshot);
    }

    private static byte[] Gzip(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return memory.ToArray();
    }

    private IConnection Open(CsvSettings? settings = null) => new CsvConnector().Open(settings ?? new CsvSettings { Folder = "." }, _folder.Context);

    private Task<List<Page>> Pages(string text, CsvSettings? settings = null)
    {
        _folder.Write("t.csv", text);
        return Open(settings).PagesAsync(new PullRequest("t.csv"));
    }

    private async Task<List<SourceRow>> Rows(string text, CsvSettings? settings = null) => [.. (await Pages(text, settings)).SelectMany(page => page.Rows)];

    public void Dispose() => _folder.Dispose();
}
