using System.Diagnostics;
using System.Text.RegularExpressions;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Samples;

/// <summary>docs/add-a-connector.md, followed literally: its commands, one after the other, as they stand there.</summary>
public sealed partial class AddAConnectorTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_page_works_as_it_stands()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the page is written for a shell");
        var clone = Path.GetFullPath(Path.Combine(HubFolder.Samples, ".."));
        var script = string.Concat(Block().Matches(File.ReadAllText(Path.Combine(clone, "docs", "add-a-connector.md"))).Select(block => block.Groups[1].Value));
        Assert.Contains("certify ini", script, StringComparison.Ordinal);
        using var place = HubFolder.Empty();

        // The hub that these tests were built with, and a folder that goes with the test.
        script = HubLine().Replace(script, $"HUB='{AppContext.BaseDirectory.TrimEnd('/')}'").Replace("$(mktemp -d)", place.Path, StringComparison.Ordinal);
        var (code, output) = await BashAsync(clone, "set -e\n" + script);

        Assert.True(code == 0, output);
        Assert.Contains("ini 1.0.0 reaches Silver.", output, StringComparison.Ordinal);
        Assert.Contains("2 new", output, StringComparison.Ordinal);
        Assert.Contains("Ann Lee", output, StringComparison.Ordinal);

        // Two of one name: which one is meant, nobody can say.
        File.Copy(place.In("book/connectors/ini.dll"), place.In("book/connectors/copy.dll"));
        var twice = await HubProcess.RunAsync(place.In("book"), "validate");
        twice.With(2);
        Assert.Contains("connectors/ini.dll: there is a connector 'ini' already", twice.Output + twice.Errors, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> BashAsync(string folder, string script)
    {
        var start = new ProcessStartInfo("bash") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        // What a build of these tests sets for its own children has no business in the build of a user.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(s_patience);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^HUB=.*$", RegexOptions.Multiline)]
    private static partial Regex HubLine();
}
