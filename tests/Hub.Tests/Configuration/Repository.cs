namespace Crm.Integration.Hub.Tests.Configuration;

/// <summary>Where the repository is, for tests of what is committed in it.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Crm.Integration.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests run outside of the repository");
        return folder;
    }
}
