using Crm.Integration.Hub.Alerts;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Tests.Alerts;

public sealed class CountAnomalyTests
{
    [Fact]
    public void A_source_that_suddenly_gives_nothing_is_told_of() =>
        Assert.Equal("it read nothing; the 6 runs before it read 1,000 as a rule", CountAnomaly.Find(Usual(1000, 1010, 990, 1000, 1005, 995), Read(0)));

    [Fact]
    public void Half_of_what_a_steady_source_gives_is_told_of() =>
        Assert.StartsWith("400 rows read", CountAnomaly.Find(Usual(1000, 1010, 990, 1000, 1005, 995), Read(400)), StringComparison.Ordinal);

    [Theory]
    [InlineData(900)]
    [InlineData(1150)]
    public void What_is_within_a_pipelines_habit_is_not(long read) => Assert.Null(CountAnomaly.Find(Usual(1000, 1010, 990, 1000, 1005, 995), Read(read)));

    [Fact]
    public void A_pipeline_whose_counts_have_no_habit_is_left_alone() => Assert.Null(CountAnomaly.Find(Usual(10, 4000, 0, 800, 12_000, 90), Read(15_000)));

    [Fact]
    public void Small_numbers_are_left_alone() => Assert.Null(CountAnomaly.Find(Usual(1, 2, 0, 3, 1), Read(40)));

    [Fact]
    public void Many_rejects_where_there_never_were_any_are_told_of() =>
        Assert.StartsWith("200 rows rejected", CountAnomaly.Find(Usual(1000, 1000, 1000, 1000, 1000), new Counts(0, 0, 800, 0, 200, 0)), StringComparison.Ordinal);

    [Fact]
    public void Before_there_is_a_history_nothing_is_told() => Assert.Null(CountAnomaly.Find(Usual(1000, 1000, 1000, 1000), Read(0)));

    private static Counts Read(long rows) => new(0, 0, rows, 0, 0, 0);

    private static List<Counts> Usual(params long[] rows) => [.. rows.Select(Read)];
}
