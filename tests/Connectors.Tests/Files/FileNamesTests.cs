using Crm.Integration.Connectors.DropFolder;
using Crm.Integration.Connectors.Files;

namespace Crm.Integration.Connectors.Tests.Files;

public sealed class FileNamesTests
{
    [Fact]
    public void Numbers_in_names_count_as_numbers()
    {
        string[] names = ["f10.csv", "f9.csv", "f09.csv", "f9a.csv", "e.csv", "f.csv", "f00000000000000000000000011.csv"];
        Assert.Equal(["e.csv", "f.csv", "f09.csv", "f9.csv", "f9a.csv", "f10.csv", "f00000000000000000000000011.csv"], names.Order(FileNames.Natural));
    }

    [Theory]
    [InlineData("x.csv.tmp", true)]
    [InlineData("x.PART", true)]
    [InlineData("~$x.csv", true)]
    [InlineData(".x.csv", true)]
    [InlineData("part.csv", false)]
    public void Unfinished_files_show_by_their_names(string name, bool expected) => Assert.Equal(expected, FileNames.IsUnfinished(name));

    [Theory]
    [InlineData("orders-2026-05-01.csv", "orders-*.csv")]
    [InlineData("orders_7.csv.gz", "orders_*.csv.gz")]
    [InlineData("20260501.jsonl", "*.jsonl")]
    [InlineData("stock.csv", "stock.csv")]
    public void A_pattern_takes_in_the_files_like_it(string name, string expected) => Assert.Equal(expected, DroppedFiles.PatternOf(name));
}
