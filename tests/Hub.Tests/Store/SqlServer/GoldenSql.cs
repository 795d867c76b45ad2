using System.Runtime.CompilerServices;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>Compares statements with a file that says what they shall be. With UPDATE_GOLDEN=1 it writes the file.</summary>
internal static class GoldenSql
{
    /// <summary>Compares.</summary>
    /// <param name="name">The file's name, without the ending.</param>
    /// <param name="about">What stands at its beginning.</param>
    /// <param name="statements">In the order in which they stand there.</param>
    /// <param name="testFile">Not to be given.</param>
    public static void Equal(string name, string about, IEnumerable<string> statements, [CallerFilePath] string testFile = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(testFile)!, "..", "..", "Golden", "SqlServer", name + ".sql");
        List<string> actual = [.. statements.Select(statement => string.Join('\n', statement.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)))];
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, $"-- {about}\n\n" + string.Join("\n\n", actual.Select(statement => statement.TrimEnd(';') + ";")) + "\n");
        }

        var known = Read(file);
        var changed = actual.Select(statement => statement.TrimEnd(';')).Except(known).Select(statement => "new: " + statement)
            .Concat(known.Except(actual.Select(statement => statement.TrimEnd(';'))).Select(statement => "gone: " + statement)).ToList();
        Assert.True(changed.Count == 0, $"{Path.GetFullPath(file)} says something else; no SQL Server is at hand to object, so look well, and keep it by running with UPDATE_GOLDEN=1\n\n{string.Join("\n\n", changed)}");
    }

    /// <summary>All statements of all files.</summary>
    public static IEnumerable<string> All([CallerFilePath] string testFile = "") =>
        Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(testFile)!, "..", "..", "Golden", "SqlServer"), "*.sql").Order(StringComparer.Ordinal).SelectMany(Read);

    private static List<string> Read(string file) => !File.Exists(file) ? [] :
        [.. File.ReadAllText(file).ReplaceLineEndings("\n").Split("\n\n").Skip(1).Select(statement => statement.Trim().TrimEnd(';')).Where(statement => statement.Length > 0)];
}
