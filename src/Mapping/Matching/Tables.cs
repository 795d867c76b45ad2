using System.Reflection;

namespace Crm.Integration.Mapping.Matching;

/// <summary>The reference tables that come with the program; see Data/NOTICE.md for their sources.</summary>
internal static class Tables
{
    /// <summary>The text of a table.</summary>
    public static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{typeof(Tables).Namespace}.Data.{name}")
            ?? throw new InvalidOperationException($"the table '{name}' is missing from the program; it was built without src/Mapping/Matching/Data");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The lines of a table that say something.</summary>
    public static IEnumerable<string> Lines(string name) =>
        Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A table of a canonical word and its variants a line, as variant → canonical; the first line that has a variant wins.</summary>
    public static Dictionary<string, string> Variants(string name)
    {
        var variants = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Lines(name))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var word in words)
                variants.TryAdd(Folding.Fold(word), Folding.Fold(words[0]));
        }

        return variants;
    }
}
