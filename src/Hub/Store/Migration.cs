using System.Globalization;
using System.Reflection;

namespace Crm.Integration.Hub.Store;

/// <summary>A step of the schema, in an engine's own SQL.</summary>
/// <param name="Version">The version of the schema after it: the number of its file.</param>
/// <param name="Script">The statements.</param>
internal sealed record Migration(int Version, string Script)
{
    /// <summary>The migrations of an engine, in order: the numbered files of its folder.</summary>
    /// <param name="engine">The name of the folder.</param>
    public static IReadOnlyList<Migration> Of(string engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $".{engine}.Migrations.";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(folder, StringComparison.Ordinal))
            .Select(name => new Migration(int.Parse(name[(name.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..].Split('.')[0], CultureInfo.InvariantCulture), Read(assembly, name)))
            .OrderBy(migration => migration.Version)];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
