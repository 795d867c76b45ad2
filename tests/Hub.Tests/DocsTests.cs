using System.Text.RegularExpressions;

namespace Crm.Integration.Hub.Tests;

/// <summary>What the documents point to is there.</summary>
public sealed partial class DocsTests
{
    [Fact]
    public void Every_link_of_the_documents_leads_somewhere()
    {
        var broken = Documents()
            .SelectMany(document => Link().Matches(File.ReadAllText(document)).Select(match => (Document: document, Target: match.Groups[1].Value.Split('#')[0])))
            .Where(link => link.Target.Length > 0 && !Path.Exists(Path.Combine(Path.GetDirectoryName(link.Document)!, link.Target)))
            .Select(link => $"{Path.GetRelativePath(RoomsTests.Root, link.Document)} points to {link.Target}, which is not there")
            .ToList();

        Assert.True(broken.Count == 0, string.Join(Environment.NewLine, broken));
    }

    [Fact]
    public void The_readme_gives_both_commands_of_a_fresh_clone()
    {
        var readme = File.ReadAllText(Path.Combine(RoomsTests.Root, "README.md"));

        Assert.Contains("dotnet run -c Release --project src/Hub -- --hub samples/quickstart run", readme, StringComparison.Ordinal);
        Assert.Contains("bash tests/run.sh", readme, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Documents() =>
        [Path.Combine(RoomsTests.Root, "README.md"), .. Directory.EnumerateFiles(Path.Combine(RoomsTests.Root, "docs"), "*.md", SearchOption.AllDirectories), .. Directory.EnumerateFiles(Path.Combine(RoomsTests.Root, "samples"), "*.md", SearchOption.AllDirectories)];

    [GeneratedRegex(@"\]\((?!https?://|mailto:)([^)\s]+)\)")]
    private static partial Regex Link();
}
