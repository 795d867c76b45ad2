using Crm.Integration.Benchmarks.Generator;

namespace Crm.Integration.Hub.Tests;

/// <summary>The bundled sample is what its generator makes, and holds what it promises.</summary>
public sealed class QuickstartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quickstart").FullName;

    [Fact]
    public void The_sample_is_byte_for_byte_what_the_generator_makes()
    {
        Assert.Equal(0, MadeUpCompany.MakeQuickstart(_folder));

        foreach (var file in new[] { "in/crm.csv", "in/erp.csv", "in/shop.csv", "in/crm-cn.csv", "truth.csv" })
            Assert.True(File.ReadAllBytes(Path.Combine(_folder, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(Sample, file))), $"{file} differs; make it again: dotnet run -c Release --project tests/Benchmarks -- make-quickstart samples/quickstart");
    }

    [Fact]
    public void Every_mailbox_of_the_sample_is_reserved_for_examples()
    {
        var mailboxes = File.ReadAllLines(Path.Combine(Sample, "in/shop.csv")).Concat(File.ReadAllLines(Path.Combine(Sample, "in/crm.csv")))
            .SelectMany(line => line.Split(',')).Where(cell => cell.Contains('@', StringComparison.Ordinal) && cell.Contains('.', StringComparison.Ordinal)).ToList();

        Assert.True(mailboxes.Count > 1000);
        Assert.All(mailboxes, mailbox => Assert.Matches("(?i)(\\.example@?|^test@test\\.com|@[a-z]+)$", mailbox));
    }

    [Fact]
    public void Another_size_gives_as_many_rows_and_a_truth_for_each_that_can_be_read()
    {
        Assert.Equal(0, MadeUpCompany.MakeData(_folder, ["--rows", "300", "--seed", "7"]));

        var rows = File.ReadLines(Path.Combine(_folder, "erp.csv")).Count() + File.ReadLines(Path.Combine(_folder, "shop.csv")).Count() + File.ReadLines(Path.Combine(_folder, "crm-cn.csv")).Count() - 3;
        var truth = File.ReadLines(Path.Combine(_folder, "truth.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.InRange(truth.Count, 290, 310);
        Assert.InRange(truth.Count(row => row[0] != "crm"), rows - 5, rows);
    }

    [Theory]
    [InlineData("--rows")]
    [InlineData("--rows", "many")]
    [InlineData("--sead", "7")]
    public void Options_that_are_not_understood_are_refused(params string[] options) =>
        Assert.Equal(2, MadeUpCompany.MakeData(_folder, options));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Sample => Path.Combine(RoomsTests.Root, "samples", "quickstart");
}
