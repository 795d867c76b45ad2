using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;
using Crm.Integration.Mapping.Records;
using static Crm.Integration.Connectors.Tests.Pushes;

namespace Crm.Integration.Connectors.Tests.Csv;

public sealed class CsvWritingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_new_file_gets_a_header_and_its_rows_in_order()
    {
        var outcomes = await Open().PushAsync("out/t.csv", "id,name,tags", Create(7, "2", "Bob, \"B\"", Value.List("a", "b")), Create(8, "1", Value.Null, Value.Number(-5)));
        Assert.Equal("id,name,tags\r\n2,\"Bob, \"\"B\"\"\",a; b\r\n1,,-5\r\n", _folder.Read("out/t.csv"));
        Assert.Equal([7, 8], outcomes.Select(outcome => outcome.Id));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
    }

    [Fact]
    public async Task Rows_are_changed_where_they_stand_and_what_is_not_ours_stays()
    {
        _folder.Write("t.csv", "code;note;name\n1;\"theirs; own\";Ann\nX9;kept ;Foreign\n2;n2;Bob\n");
        await Open().PushAsync("t.csv", "code,name,city", Update(1, [false, true, false], "2", "Robert", "Oslo"), Create(2, "3", "Cy", "Rome"), Delete(3, "1"), Delete(4, "gone"));
        Assert.Equal("code;note;name;city\nX9;kept ;Foreign;\n2;n2;Robert;\n3;;Cy;Rome\n", _folder.Read("t.csv"));
    }

    [Fact]
    public async Task An_update_of_a_row_that_is_gone_makes_it_anew_with_all_its_fields()
    {
        _folder.Write("t.csv", "id,name,city\n1,Ann,Bonn\n");
        await Open().PushAsync("t.csv", "id,name,city", Update(1, [false, true, false], "2", "Bob", "Oslo"));
        Assert.Equal("id,name,city\n1,Ann,Bonn\n2,Bob,Oslo\n", _folder.Read("t.csv"));
    }

    [Theory]
    [InlineData("utf-8", "\r\n", ';')]
    [InlineData("utf-16", "\n", '\t')]
    [InlineData("gb18030", "\r\n", ',')]
    public async Task Encoding_mark_delimiter_and_line_end_of_a_file_are_kept(string name, string lineEnd, char delimiter)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        byte[] Bytes(string text) => [.. encoding.GetPreamble(), .. encoding.GetBytes(text.Replace("\n", lineEnd, StringComparison.Ordinal).Replace(',', delimiter))];
        _folder.Write("t.csv", Bytes("编号,姓名,城市\n1,张伟,上海\n2,王芳,北京\n"));
        await Open().PushAsync("t.csv", "编号,姓名", Update(1, [false, true], "2", "王小芳"));
        Assert.Equal(Bytes("编号,姓名,城市\n1,张伟,上海\n2,王小芳,北京\n"), await File.ReadAllBytesAsync(_folder["t.csv"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nothing_is_written_when_nothing_differs()
    {
        _folder.Write("t.csv", "id,name,phone\n1,\"'=Ann\",+49 30 123456\n2,Bob,\n");
        var before = File.GetLastWriteTimeUtc(_folder["t.csv"]);
        File.SetAttributes(_folder["t.csv"], FileAttributes.Normal);
        using var watcher = new FileSystemWatcher(_folder.Path) { EnableRaisingEvents = true };
        var events = 0;
        watcher.Created += (_, _) => events++;
        watcher.Renamed += (_, _) => events++;
        var outcomes = await Open().PushAsync("t.csv", "id,name,phone", Create(1, "1", "=Ann", "+49 30 123456"), Update(2, [false, true, true], "2", "Bob", Value.Null), Delete(3, "9"));
        await Open().PushAsync("none.csv", "id,name");
        Assert.Equal([1, 2, 3], outcomes.Select(outcome => outcome.Id));
        Assert.Equal(before, File.GetLastWriteTimeUtc(_folder["t.csv"]));
        Assert.Equal(0, events);
        Assert.False(File.Exists(_folder["none.csv"]));
    }

    [Fact]
    public async Task A_key_that_is_there_twice_is_changed_once_and_reported()
    {
        _folder.Write("t.csv", "id,name\n1,Ann\n1,Anna\n");
        var outcome = Assert.Single(await Open().PushAsync("t.csv", "id,name", Update(1, [false, true], "1", "Eve")));
        Assert.Null(outcome.Failure);
        Assert.Contains("line 3", outcome.Message, StringComparison.Ordinal);
        Assert.Equal("id,name\n1,Eve\n1,Anna\n", _folder.Read("t.csv"));
        await Open().PushAsync("t.csv", "id,name", Delete(1, "1"));
        Assert.Equal("id,name\n", _folder.Read("t.csv"));
    }

    [Fact]
    public async Task Several_writes_to_one_key_come_out_as_the_last_says()
    {
        await Open().PushAsync("t.csv", "id,name,city", Create(1, "1", "Ann", "Bonn"), Update(2, [false, true, false], "1", "Anna", "Bonn"), Create(3, "2", "Bob", ""), Delete(4, "2"));
        Assert.Equal("id,name,city\r\n1,Anna,Bonn\r\n", _folder.Read("t.csv"));
    }

    [Fact]
    public async Task Formulas_are_disarmed_and_read_back_as_they_were()
    {
        string[] texts = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\tx", " =1", "＝1", "'=1", "'quoted'", "-5", "-1,234.50", "+49 (30) 123-456", "+4915112345678", "'", "-", "a=b"];
        await Open().PushAsync(new PushRequest("t.csv", "id", ["id", "text"]), texts.Select((text, i) => Create(i, $"k{i}", text)));
        var rows = await Open().RowsAsync(new PullRequest("t.csv"));
        Assert.Equal(texts, rows.Select(row => row["text"].AsText));
        var lines = _folder.Read("t.csv").Split("\r\n");
        Assert.Equal(["k0,'=1+1", "k1,'@SUM(A1)", "k2,'+cmd|' /C calc'!A0", "k3,'-2+3+cmd"], lines[1..5]);
        Assert.Contains("k9,-5", lines);
        Assert.Contains("k12,+4915112345678", lines);
    }

    [Fact]
    public async Task A_value_that_the_files_encoding_lacks_refuses_that_record_alone()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        _folder.Write("t.csv", "id,name\n1,Müller\n", Encoding.GetEncoding(1252));
        var outcomes = await Open().PushAsync("t.csv", "id,name", Create(1, "2", "张伟"), Create(2, "3", "Jörg"), Create(3, "", "x"));
        Assert.Equal([FailureKind.Rejected, FailureKind.Rejected, null], outcomes.OrderBy(o => o.Id == 2).Select(outcome => outcome.Failure));
        Assert.Equal("name", outcomes.Single(outcome => outcome.Id == 1).Field);
        Assert.Equal("id,name\n1,Müller\n3,Jörg\n", Encoding.GetEncoding(1252).GetString(await File.ReadAllBytesAsync(_folder["t.csv"], TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("name,city\nAnn,Bonn\n", "no column 'id'")]
    [InlineData("id,name\n1,\"Ann\n2,Bob\n", "quote")]
    public async Task A_file_that_cannot_be_kept_up_is_left_alone_with_a_clear_word(string text, string expected)
    {
        _folder.Write("t.csv", text);
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => Open().PushAsync("t.csv", "id,name", Create(1, "9", "Eve")));
        Assert.Equal(FailureKind.Configuration, failure.Kind);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(text, _folder.Read("t.csv"));
        Assert.Equal(["t.csv"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_push_that_breaks_off_leaves_the_file_and_no_litter()
    {
        _folder.Write("t.csv", "id,name\n1,Ann\n");
        static IEnumerable<Write> Breaking()
        {
            yield return Create(1, "2", "Bob");
            throw new InvalidOperationException("the source failed");
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => Open().PushAsync(new PushRequest("t.csv", "id", ["id", "name"]), Breaking()));
        Assert.Equal("id,name\n1,Ann\n", _folder.Read("t.csv"));
        Assert.Equal(["t.csv"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_a_killed_hub_left_behind_is_removed_and_what_another_is_writing_is_not()
    {
        _folder.Write(".t.csv.0123.tmp", "half");
        _folder.Write(".u.csv.0123.tmp", "of another file");
        using (new FileStream(_folder[".t.csv.busy.tmp"], FileMode.CreateNew, FileAccess.Write, FileShare.None))
            await Open().PushAsync("t.csv", "id,name", Create(1, "1", "Ann"));
        Assert.Equal([".t.csv.busy.tmp", ".u.csv.0123.tmp", "t.csv"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Packed_files_are_kept_up_to_date_too()
    {
        await Open().PushAsync("t.csv.gz", "id,name", Create(1, "1", "Ann"));
        await Open().PushAsync("t.csv.gz", "id,name", Create(1, "2", "Bob"));
        Assert.Equal(0x1F, (await File.ReadAllBytesAsync(_folder["t.csv.gz"], TestContext.Current.CancellationToken))[0]);
        Assert.Equal(["1|Ann", "2|Bob"], (await Open().RowsAsync(new PullRequest("t.csv.gz"))).Select(row => row.Line()));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task The_rights_of_a_file_stay_as_they_were()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such rights");
        _folder.Write("t.csv", "id,name\n1,Ann\n");
        File.SetUnixFileMode(_folder["t.csv"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Open().PushAsync("t.csv", "id,name", Create(1, "2", "Bob"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["t.csv"]));
    }

    private IConnection Open(CsvSettings? settings = null) => new CsvConnector().Open(settings ?? new CsvSettings { Folder = "." }, _folder.Context);

    public void Dispose() => _folder.Dispose();
}
