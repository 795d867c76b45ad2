using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Hub.Tests.Configuration;

public sealed class ReferencePagesTests
{
    public static TheoryData<string> Files => [.. ReferenceDocs.All().Select(page => page.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_committed_page_is_what_the_code_says(string file)
    {
        var expected = ReferenceDocs.All().Single(page => page.File == file).Text;
        var path = Path.Combine(Repository.Root, "docs", "reference", file);
        Assert.True(
            File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == expected,
            $"docs/reference/{file} is stale. Make it anew: dotnet run --project src/Hub -- schema --docs docs/reference");
    }

    [Fact]
    public void No_other_page_lies_among_them() =>
        Assert.Equal(
            ReferenceDocs.All().Select(page => page.File).Order(),
            Directory.EnumerateFiles(Folder, "*.md", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order());

    private static string Folder => Path.Combine(Repository.Root, "docs", "reference");
}
