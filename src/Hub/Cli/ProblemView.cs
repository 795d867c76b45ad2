using System.Text.RegularExpressions;
using Crm.Integration.Hub.Configuration;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>Shows mistakes in the configuration as compilers do: the place, the words and, on a terminal, the line with a caret.</summary>
internal static partial class ProblemView
{
    private const int Widest = 100;

    /// <summary>Writes the problems.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="hubFolder">The hub folder, to find the lines in.</param>
    /// <param name="problems">The problems.</param>
    /// <param name="withLines">Whether to show the lines at fault.</param>
    /// <param name="redact">Masks secrets.</param>
    public static void Write(IAnsiConsole console, string hubFolder, IReadOnlyList<ConfigurationProblem> problems, bool withLines, Func<string, string> redact)
    {
        Dictionary<string, string[]> files = new(StringComparer.Ordinal);
        foreach (var problem in problems)
        {
            console.WritePlain(redact(problem.ToString()));
            if (!withLines || problem.Line == 0)
                continue;
            if (!files.TryGetValue(problem.File, out var lines))
                files[problem.File] = lines = LinesOf(Path.Combine(hubFolder, problem.File));
            if (problem.Line <= lines.Length && !MaySpeakOfSecrets().IsMatch(lines[problem.Line - 1]))
                WriteLine(console, redact(lines[problem.Line - 1]), problem.Column);
        }
    }

    private static void WriteLine(IAnsiConsole console, string line, int column)
    {
        // A long line is cut to the part around the mistake.
        var start = column > Widest - 20 ? column - (Widest / 2) : 0;
        var shown = (line.Length > start ? line[start..Math.Min(line.Length, start + Widest)] : "").Replace('\t', ' ');
        console.MarkupLineInterpolated($"[grey]    {shown}[/]");
        console.MarkupLineInterpolated($"[red]    {new string(' ', Math.Max(0, column - 1 - start))}^[/]");
        console.WriteLine();
    }

    private static string[] LinesOf(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The problem itself says that the file cannot be read.
            return [];
        }
    }

    // A line that cannot be parsed may still hold a password, and nobody could know it to be one.
    [GeneratedRegex("password|secret|token|credential|apikey|connectionString", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MaySpeakOfSecrets();
}
