using System.Text.RegularExpressions;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Tests.Cli;

namespace Crm.Integration.Hub.Tests;

/// <summary>The README shows what the bundled sample really gives. With UPDATE_GOLDEN=1 it is brought up to date.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly Cli.TemporaryFolder _folder = new();

    [Fact]
    public async Task What_the_readme_says_of_the_sample_is_what_a_run_says()
    {
        var readme = Path.Combine(RoomsTests.Root, "README.md");
        var text = (await File.ReadAllTextAsync(readme, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        var sample = Path.Combine(RoomsTests.Root, "samples", "quickstart");
        foreach (var file in Directory.EnumerateFiles(sample, "*.*", SearchOption.AllDirectories).Where(file => Part(sample, file) is not ("data" or "out")))
        {
            var copy = Path.Combine(_folder.Path, Path.GetRelativePath(sample, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var (code, output, error) = await CommandLine.RunAsync("--hub", _folder.Path, "run");

        Assert.True(code == ExitCode.Done, error);
        var shown = string.Join('\n', Counts().Match(output).Value.Split('\n').Select(line => line.Length == 0 ? "" : "    " + line.TrimEnd()));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(readme, ShownCounts().Replace(text, _ => shown, 1), TestContext.Current.CancellationToken);
        else
            Assert.Contains(shown, text, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Part(string folder, string file) => Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0];

    // From the accounting to the last word on who the customers are; the time it took stands before, what was rejected behind.
    [GeneratedRegex(@"^In  .*?(?=\n\n(?:Found|Noticed|Next))", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Counts();

    [GeneratedRegex(@"^    In  .*?(?=\n\nand goes on)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShownCounts();
}
