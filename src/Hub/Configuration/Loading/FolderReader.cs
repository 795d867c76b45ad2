using Crm.Integration.Hub.Configuration.Json;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Reads the files of a hub folder.</summary>
/// <param name="folder">The hub folder.</param>
/// <param name="problems">What is wrong is added here.</param>
internal sealed class FolderReader(string folder, ConfigProblems problems)
{
    /// <summary>One file.</summary>
    public ConfigNode? Read(string file) => ConfigReader.ReadFile(folder, file, problems);

    /// <summary>The JSON files of a folder by the names that they give to what is in them; null for one that could not be read.</summary>
    public IReadOnlyList<NamedFile> ReadAll(string subfolder)
    {
        var names = Names(subfolder);
        foreach (var group in names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            // On Windows and macOS only one of them would survive a copy.
            problems.Add($"{subfolder}/{group.Last()}.json", $"there is also {group.First()}.json: two names that differ only in upper and lower case", "rename one of them");
        }

        return [.. names.Select(name => new NamedFile(name, $"{subfolder}/{name}.json", Read($"{subfolder}/{name}.json")))];
    }

    private List<string> Names(string subfolder)
    {
        var path = Path.Combine(folder, subfolder);
        if (!Directory.Exists(path))
            return [];
        try
        {
            return
            [
                .. Directory.EnumerateFiles(path, "*.json")
                    .Select(file => Path.GetFileNameWithoutExtension(file))
                    .Where(name => name.Length > 0 && !name.StartsWith('.'))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(subfolder, $"the folder cannot be read: {e.Message}", "give the account that runs the hub the right to read it");
            return [];
        }
    }
}

/// <summary>A file and the name that it gives to what is in it.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="File">The file, relative to the hub folder.</param>
/// <param name="Root">What is in it, or null when that could not be read.</param>
internal sealed record NamedFile(string Name, string File, ConfigNode? Root);
