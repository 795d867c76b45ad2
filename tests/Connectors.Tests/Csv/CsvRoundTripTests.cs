using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;
using FsCheck;
using FsCheck.Fluent;
using static Crm.Integration.Connectors.Tests.Pushes;

namespace Crm.Integration.Connectors.Tests.Csv;

public sealed class CsvRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Whatever_is_pushed_is_pulled_again_as_it_was_and_pushing_it_again_writes_nothing()
    {
        var text = Gen.Elements("a", "\"", ",", ";", "\r", "\n", "\r\n", "'", "=", "张", "é", " ", "\t", "0", "😀", "sep=").ArrayOf().Select(parts => string.Concat(parts));
        var table = Gen.Zip(text, text).ArrayOf().Select(rows => rows.Take(12).ToArray());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(table.ToArbitrary(), rows =>
        {
            File.Delete(_folder["t.csv"]);
            var writes = rows.Select((row, i) => Create(i, $"k{i}", row.Item1, row.Item2)).ToArray();
            Push(writes);
            if (rows.Length == 0)
                return;
            var read = new CsvConnector().Open(new CsvSettings { Folder = "." }, _folder.Context).RowsAsync(new PullRequest("t.csv")).GetAwaiter().GetResult();
            Assert.Equal(rows, read.Select(row => (row["a"].AsText ?? "", row["b"].AsText ?? "")));
            var before = File.GetLastWriteTimeUtc(_folder["t.csv"]);
            Push(writes);
            Assert.Equal(before, File.GetLastWriteTimeUtc(_folder["t.csv"]));
        }));
    }

    private void Push(Write[] writes)
    {
        var connection = new CsvConnector().Open(new CsvSettings { Folder = "." }, _folder.Context);
        Assert.All(connection.PushAsync("t.csv", "id,a,b", writes).GetAwaiter().GetResult(), outcome => Assert.Null(outcome.Failure));
    }

    public void Dispose() => _folder.Dispose();
}
