using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.JsonLines;
using Crm.Integration.Mapping.Records;
using static Crm.Integration.Connectors.Tests.Pushes;

namespace Crm.Integration.Connectors.Tests.JsonLines;

public sealed class JsonLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Values_keep_their_kinds_and_names_are_learnt_on_the_way()
    {
        _folder.Write("t.jsonl", "\uFEFF{\"id\":\"007\",\"n\":1.50,\"ok\":true,\"none\":null}\r\n\r\n{\"id\":12345678901234567890123456789012,\"list\":[\"a\",{\"b\":2}],\"o\":{\"p\":{\"q\":\"r\"}}}");
        var rows = await Open().RowsAsync(new PullRequest("t.jsonl"));
        Assert.Equal("007|1.5|true|~", rows[0].Line());
        Assert.Equal(["id", "n", "ok", "none", "list", "o"], rows[1].Shape.Names);
        Assert.Equal("12345678901234567890123456789012", rows[1]["id"].AsText);
        Assert.Equal(2, rows[1]["list"].AsList[1].AsObject!["b"].AsNumber);
        Assert.Equal("r", rows[1]["o"].AsObject!["p"].AsObject!["q"].AsText);
        Assert.Equal([1, 3], rows.Select(row => row.Position.Line));
    }

    [Theory]
    [InlineData("{\"id\":1", "bad-json")]
    [InlineData("[1,2]", "bad-json")]
    [InlineData("{\"id\":1} {\"id\":2}", "bad-json")]
    [InlineData("nonsense", "bad-json")]
    public async Task A_broken_line_is_a_fault_of_its_own_and_the_others_go_on(string line, string code)
    {
        _folder.Write("t.jsonl", $"{{\"id\":0}}\n{line}\n{{\"id\":9}}\n");
        var pages = await Open().PagesAsync(new PullRequest("t.jsonl"));
        Assert.Equal([null, code, null], pages[0].Rows.Select(row => row.Fault?.Code));
        Assert.Equal((line, 2L), (pages[0].Rows[1].Fault!.RawText, pages[0].Rows[1].Position.Line));
        Assert.True(pages[^1].CompletesSnapshot);
    }

    [Fact]
    public async Task A_line_longer_than_allowed_is_refused_and_the_next_is_read()
    {
        _folder.Write("t.jsonl", $"{{\"id\":1}}\n{{\"id\":\"{new string('x', 300_000)}\"}}\n{{\"id\":3}}\n");
        var rows = await Open(new JsonLinesSettings { Folder = ".", MaxLineKilobytes = 100 }).RowsAsync(new PullRequest("t.jsonl"));
        Assert.Equal([null, "field-too-large", null], rows.Select(row => row.Fault?.Code));
        Assert.Equal(3, rows[2]["id"].AsNumber);
        Assert.Equal(3, rows[2].Position.Line);
    }

    [Fact]
    public async Task Line_separators_inside_texts_end_no_line()
    {
        _folder.Write("t.jsonl", "{\"id\":1,\"t\":\"a\u2028b\u0085c\"}\n{\"id\":2}\n");
        Assert.Equal(["a\u2028b\u0085c", null], (await Open().RowsAsync(new PullRequest("t.jsonl"))).Select(row => row["t"].AsText));
    }

    [Fact]
    public async Task Lines_are_changed_where_they_stand_and_what_is_not_ours_stays()
    {
        _folder.Write("t.jsonl", "{\"id\": \"1\",  \"own\": [1, 2.50],\"name\":\"Ann\"}\n{\"x\":1}\nnot json\n{\"id\":\"2\",\"name\":\"Bob\",\"gone\":1}\n");
        await Open().PushAsync("t.jsonl", "id,name,age,tags", Update(1, [false, true, false, false], "1", "Anna", Value.Null, Value.Null), Create(2, "3", Value.Null, Value.Number(7), Value.List("a")), Delete(3, "2"));
        Assert.Equal("{\"id\":\"1\",\"own\":[1, 2.50],\"name\":\"Anna\"}\n{\"x\":1}\nnot json\n{\"id\":\"3\",\"name\":null,\"age\":7,\"tags\":[\"a\"]}\n", _folder.Read("t.jsonl"));
    }

    [Fact]
    public async Task Nothing_is_written_when_nothing_differs()
    {
        await Open().PushAsync("t.jsonl", "id,name,born", Create(1, "1", "Zoë", Value.Date(new DateOnly(2000, 1, 2))));
        var before = (File.GetLastWriteTimeUtc(_folder["t.jsonl"]), _folder.Read("t.jsonl"));
        await Open().PushAsync("t.jsonl", "id,name,born", Create(1, "1", "Zoë", Value.Date(new DateOnly(2000, 1, 2))));
        Assert.Equal(before, (File.GetLastWriteTimeUtc(_folder["t.jsonl"]), _folder.Read("t.jsonl")));
        Assert.Equal("{\"id\":\"1\",\"name\":\"Zoë\",\"born\":\"2000-01-02\"}\n", before.Item2);
    }

    private IConnection Open(JsonLinesSettings? settings = null) => new JsonLinesConnector().Open(settings ?? new JsonLinesSettings { Folder = "." }, _folder.Context);

    public void Dispose() => _folder.Dispose();
}
