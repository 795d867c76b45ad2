using System.Globalization;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Mapping.Records;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Connectors.Tests.Http;

public sealed class CsvBodyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Rows_are_the_same_however_the_body_is_cut(int piece)
    {
        const string csv = "\uFEFFId,\"Na\"\"me\"\r\n\r\n1,\"a \"\"b\"\",\r\nc\"\n\"\",\"王小明 😀\"\n3,5\" pipe\r,\n\"\"\"\",\"last\"";

        var rows = await ReadAsync(Encoding.UTF8.GetBytes(csv), piece);

        Assert.Equal(["Id|Na\"me", "1|a \"b\",\r\nc", "|王小明 😀", "3|5\" pipe", "|", "\"|last"], rows);
    }

    [Fact]
    public async Task Any_table_is_read_as_CsvHelper_reads_it()
    {
        var random = new Random(7);
        string[] pieces = ["a", "Müller", "王", "😀", "\"", "\"\"", ",", "\n", "\r\n", " ", "", "2026-03-01T08:00:00.000Z", new('x', 3000)];
        for (var table = 0; table < 200; table++)
        {
            var text = new StringBuilder();
            var width = random.Next(2, 6);
            for (var row = random.Next(1, 30); row > 0; row--)
            {
                for (var cell = 0; cell < width; cell++)
                    text.Append(cell > 0 ? "," : "").Append('"').Append(string.Concat(random.GetItems(pieces, random.Next(4))).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
                text.Append(random.Next(2) == 0 ? "\n" : "\r\n");
            }

            Assert.Equal(ByCsvHelper(text.ToString()), await ReadAsync(Encoding.UTF8.GetBytes(text.ToString()), random.Next(1, 5000)));
        }
    }

    [Theory]
    [InlineData("1,\"cut", true, true)]
    [InlineData("1,\"ab\"c\n", true, false)]
    [InlineData("1,\"ab\"", false, true)]
    [InlineData("1,ab", false, true)]
    [InlineData("1,ab\n", false, false)]
    public async Task A_row_that_is_broken_or_cut_says_so(string text, bool isDamaged, bool isCut)
    {
        using var csv = new CsvBody(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        var read = false;
        while (!read && await csv.FillAsync(Token))
            read = csv.TryRead();

        Assert.Equal((true, 2, isDamaged, isCut), (read, csv.Count, csv.IsDamaged, csv.IsCut));
    }

    [Fact]
    public async Task Nul_is_no_character() =>
        Assert.Equal(["ab|\"\"c", "|d\"e"], await ReadAsync("a\0b,\0\"\"c\n\0,\"d\0\"\"e\"\n"u8.ToArray(), 3));

    [Fact]
    public async Task A_row_may_be_larger_than_the_buffer_but_not_without_end()
    {
        var large = new string('y', 900_000);
        Assert.Equal(["1|2", $"3|{large}", "4|5"], await ReadAsync(Encoding.UTF8.GetBytes($"1,2\n3,\"{large}\"\n4,5\n"), 10_000));

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => ReadAsync(Encoding.UTF8.GetBytes($"1,\"{new string('z', 40_000_000)}"), 1_000_000));
        Assert.Contains("larger than 32 MB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Remembered_cells_are_those_that_would_be_read()
    {
        var random = new Random(3);
        var made = 0;
        var cache = new CellCache(cell =>
        {
            made++;
            return Value.Text(Encoding.UTF8.GetString(cell));
        });

        // Few, then all different and of any length, then few again.
        for (var i = 0; i < 300_000; i++)
        {
            var text = i is > 50_000 and < 100_000 ? new string((char)('a' + random.Next(26)), random.Next(40)) + i : $"owner {random.Next(20)}";
            Assert.Equal(text, cache.Read(Encoding.UTF8.GetBytes(text)).AsText);
        }

        Assert.InRange(made, 50_000, 150_000);
    }

    private static async Task<List<string>> ReadAsync(byte[] bytes, int piece)
    {
        using var csv = new CsvBody(new Dripping(bytes, piece));
        var rows = new List<string>();
        while (await csv.FillAsync(Token))
        {
            while (csv.TryRead())
                rows.Add(string.Join('|', csv.Texts()));
        }

        return rows;
    }

    private static List<string> ByCsvHelper(string text)
    {
        using var parser = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture));
        var rows = new List<string>();
        while (parser.Read())
            rows.Add(string.Join('|', parser.Record!));
        return rows;
    }
}
