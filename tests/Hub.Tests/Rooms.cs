using System.Text.RegularExpressions;

namespace Crm.Integration.Hub.Tests;

/// <summary>
/// Which folder of src may mention which. Mentions are found in using lines, in fully qualified names, and in names that the
/// enclosing namespace completes (<c>Store.MasterStore</c> inside Crm.Integration.Hub).
/// </summary>
/// <param name="table">A folder and what it may mention besides itself; the longest folder that fits counts. A star stands for one folder; a slash at the end leaves subfolders out.</param>
internal sealed partial class Rooms((string Folder, string[] May)[] table)
{
    private const string RootNamespace = "Crm.Integration";

    /// <summary>What is wrong, a line each, the offending file first.</summary>
    /// <param name="sources">Files by their path below src, with forward slashes.</param>
    public IReadOnlyList<string> Violations(IReadOnlyCollection<(string Path, string Text)> sources)
    {
        var folders = sources.Select(source => FolderOf(source.Path)).Distinct().OrderByDescending(folder => folder.Length).ToList();
        var types = sources
            .SelectMany(source => DeclaredType().Matches(WithoutComments(source.Text)).Select(match => (Folder: FolderOf(source.Path), Name: match.Groups[1].Value)))
            .ToHashSet();
        var violations = new List<string>();
        foreach (var (path, text) in sources)
        {
            var folder = FolderOf(path);
            var code = WithoutComments(text);
            var expected = $"{RootNamespace}.{folder.Replace('/', '.')}";
            if (DeclaredNamespace().Match(code) is { Success: true } declared && declared.Groups[1].Value != expected)
                violations.Add($"{path}: its namespace is {declared.Groups[1].Value}, its folder asks for {expected}");

            if (LineFor(folder) is not { } line)
            {
                violations.Add($"{path}: no line of the table says what {folder} may mention");
                continue;
            }

            foreach (var mentioned in Mentions(folder, code, folders, types).Distinct().Where(mentioned => !Allows(line, folder, mentioned)))
                violations.Add($"{path}: {folder} may not mention {mentioned}; it may mention {(line.May.Length == 0 ? "no other folder" : string.Join(", ", line.May))}");
        }

        return violations;
    }

    private static IEnumerable<string> Mentions(string folder, string code, List<string> folders, HashSet<(string Folder, string Name)> types)
    {
        foreach (Match match in QualifiedName().Matches(code))
        {
            var parts = match.Value.Split('.');

            // A full name says its folder; any other is completed by this file's namespace or one of those around it.
            IEnumerable<string> candidates = match.Value.StartsWith(RootNamespace + ".", StringComparison.Ordinal)
                ? [string.Join('/', parts.Skip(2))]
                : Enclosing(folder).Select(outer => outer + string.Join('/', parts));
            foreach (var candidate in candidates)
            {
                if (folders.Find(known => candidate == known || candidate.StartsWith(known + "/", StringComparison.Ordinal)) is not { } found)
                    continue;
                var rest = candidate[found.Length..].TrimStart('/').Split('/')[0];
                if (match.Value.StartsWith(RootNamespace + ".", StringComparison.Ordinal) || types.Contains((found, rest)))
                    yield return found;
            }
        }
    }

    /// <summary>"Hub/Store/", "Hub/", "" for "Hub/Store".</summary>
    private static IEnumerable<string> Enclosing(string folder)
    {
        for (var outer = folder; outer.Length > 0; outer = outer.Contains('/', StringComparison.Ordinal) ? outer[..outer.LastIndexOf('/')] : "")
            yield return outer + "/";
        yield return "";
    }

    private (string Folder, string[] May)? LineFor(string folder)
    {
        var lines = table.Where(line => Within(folder, line.Folder)).OrderByDescending(line => line.Folder.Split('/').Length).ThenBy(line => line.Folder.Contains('*', StringComparison.Ordinal)).ToList();
        return lines.Count == 0 ? null : lines[0];
    }

    private static bool Allows((string Folder, string[] May) line, string folder, string mentioned)
    {
        var depth = line.Folder.TrimEnd('/').Split('/').Length;
        var own = string.Join('/', folder.Split('/').Take(depth));
        return (line.Folder.EndsWith('/') ? mentioned == folder : Within(mentioned, own)) || line.May.Any(may => Within(mentioned, may));
    }

    private static bool Within(string folder, string pattern)
    {
        if (pattern.EndsWith('/'))
            return folder == pattern[..^1];
        var (have, want) = (folder.Split('/'), pattern.Split('/'));
        return have.Length >= want.Length && want.Zip(have).All(pair => pair.First == "*" || pair.First == pair.Second);
    }

    private static string FolderOf(string path) => path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"(?<![:""\w])//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+struct|\s+class)?)\s+([A-Z]\w*)")]
    private static partial Regex DeclaredType();

    // Not behind a dot: in settings.Store.Provider, Store is a property.
    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)+")]
    private static partial Regex QualifiedName();
}
