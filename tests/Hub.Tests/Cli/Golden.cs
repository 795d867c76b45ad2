using System.Runtime.CompilerServices;

namespace Crm.Integration.Hub.Tests.Cli;

/// <summary>Compares a text with the file beside the test that says what it shall be. With UPDATE_GOLDEN=1 it writes the file.</summary>
internal static class Golden
{
    public static void Equal(string name, string actual, [CallerFilePath] string testFile = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(testFile)!, "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual + "\n");
        }

        Assert.True(File.Exists(file), $"{file} is missing: look at what is shown, and keep it by running the test with UPDATE_GOLDEN=1");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd('\n'), actual);
    }
}
