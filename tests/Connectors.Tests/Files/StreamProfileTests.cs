using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;

namespace Crm.Integration.Connectors.Tests.Files;

public sealed class StreamProfileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Types_rates_and_lengths_are_told_by_the_values()
    {
        _folder.Write("t.csv", "name;zip;amount;active;born;changed;email\nAnn;01067;12.5;yes;1990-05-01;2024-05-01T10:00:00Z;a@x.com\nAnn;10115;-7;no;01.02.1991;2024-05-01 11:00;b@x.com\n;80331;;yes;;;c@x.com\n");
        var stream = await DescribeAsync();
        Assert.Equal(
            [StreamFieldType.Text, StreamFieldType.Text, StreamFieldType.Number, StreamFieldType.Boolean, StreamFieldType.Date, StreamFieldType.Instant, StreamFieldType.Text],
            stream.Fields.Select(field => field.Type));
        Assert.Equal((2.0 / 3, 3, false), (stream.Fields[0].FillRate!.Value, stream.Fields[0].MaxLength!.Value, stream.Fields[0].Unique));
        Assert.Equal(["01067", "10115", "80331"], stream.Fields[1].Examples);
        Assert.Equal(["zip", "email"], stream.KeyCandidates);
        Assert.Equal(3, stream.ApproximateCount);
        Assert.Equal("utf-8, delimiter ;, quote \"", stream.Notes[0]);
    }

    [Fact]
    public async Task Encoding_and_odd_rows_are_noted_once_each()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        _folder.Write("t.csv", "编号,客户姓名\n1,张伟\n2\n3\n4,李娜\n", Encoding.GetEncoding(54936));
        var stream = await DescribeAsync();
        Assert.Contains("gb18030", stream.Notes[0], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("t.csv line 3 has 1 cell; the header has 2. One more row is like that.", stream.Notes);
        Assert.Equal("编号", stream.KeyCandidates[0]);
    }

    [Fact]
    public async Task A_large_file_is_sampled_and_its_rows_are_estimated()
    {
        _folder.Write("t.csv", "id,note\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i:D6},{new string('x', 60)}\n")));
        var stream = await DescribeAsync();
        Assert.InRange(stream.ApproximateCount!.Value, 80_000, 120_000);
        Assert.Equal("id", stream.KeyCandidates[0]);
    }

    private async Task<StreamDescription> DescribeAsync()
    {
        await foreach (var stream in new CsvConnector().Open(new CsvSettings { Folder = "." }, _folder.Context).DiscoverAsync("t.csv", TestContext.Current.CancellationToken))
            return stream;
        throw new InvalidOperationException("no stream was found");
    }

    public void Dispose() => _folder.Dispose();
}
