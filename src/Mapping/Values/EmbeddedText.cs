using System.Text;

namespace Crm.Integration.Mapping.Values;

/// <summary>The tables that are built into this assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>The lines of a table, without comments (#) and empty lines.</summary>
    /// <param name="name">The folders and the file, with dots: <c>Values.Data.phones.tsv</c>.</param>
    public static IEnumerable<string> Lines(string name)
    {
        var assembly = typeof(EmbeddedText).Assembly;
        using var stream = assembly.GetManifestResourceStream("Crm.Integration.Mapping." + name)
            ?? throw new InvalidOperationException($"the table {name} is missing from {assembly.GetName().Name}: the build is incomplete");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line;
        }
    }
}
