using System.Text;
using Crm.Integration.Hub.Configuration.Json;

namespace Crm.Integration.Hub.Configuration.Binding;

/// <summary>
/// Replaces <c>${env:NAME}</c>, <c>${file:PATH}</c> and <c>${secret:NAME}</c> in texts, and remembers every value so found: the logs mask them all,
/// since which of them are secret only their owner knows. <c>$${</c> stands for the characters <c>${</c>.
/// </summary>
/// <param name="folder">The hub folder; relative paths start there.</param>
/// <param name="environment">Environment variables by name.</param>
/// <param name="problems">References that lead nowhere are added here.</param>
internal sealed class ReferenceResolver(string folder, Func<string, string?> environment, ConfigProblems problems)
{
    /// <summary>Looks up the hub's own secrets; null while hub.json is read, which says where they are.</summary>
    public Func<string, (string? Value, string Problem, string Fix)>? Secrets { get; set; }

    private const int MaxFileBytes = 64 * 1024;

    private readonly HashSet<string> _values = new(StringComparer.Ordinal);

    /// <summary>Every value that a reference gave.</summary>
    public IReadOnlyCollection<string> Values => _values;

    /// <summary>The tree with its references replaced.</summary>
    public ConfigNode Resolve(ConfigNode node) => node.Kind switch
    {
        ConfigKind.Text when node.Text.Contains("${", StringComparison.Ordinal) => ResolveText(node),
        ConfigKind.List => new(node.Document, node.Kind, node.Offset) { Items = [.. node.Items.Select(Resolve)] },
        ConfigKind.Object => new(node.Document, node.Kind, node.Offset) { Members = [.. node.Members.Select(member => member with { Value = Resolve(member.Value) })] },
        _ => node,
    };

    private ConfigNode ResolveText(ConfigNode node)
    {
        var text = node.Text;
        var resolved = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (string.CompareOrdinal(text, at, "$${", 0, 3) == 0)
            {
                resolved.Append("${");
                at += 3;
            }
            else if (string.CompareOrdinal(text, at, "${", 0, 2) == 0)
            {
                var end = text.IndexOf('}', at);
                if (end < 0)
                {
                    problems.Add(node.Document, node.OffsetOf(at), "this reference has no closing brace", "write ${env:NAME}, or $${ for the characters ${");
                    break;
                }

                if (Find(node, at, text[(at + 2)..end]) is { } value)
                {
                    resolved.Append(value);
                    if (value.Length > 0)
                        _values.Add(value);
                }

                at = end + 1;
            }
            else
            {
                resolved.Append(text[at++]);
            }
        }

        return new(node.Document, ConfigKind.Text, node.Offset) { Text = resolved.ToString(), Reference = text };
    }

    private string? Find(ConfigNode node, int at, string reference)
    {
        var (kind, name) = reference.IndexOf(':') is var colon and >= 0 ? (reference[..colon], reference[(colon + 1)..].Trim()) : (reference, "");
        (string Message, string Fix) problem;
        switch (kind)
        {
            case "env":
                if (environment(name) is { } value)
                    return value;
                problem = ($"the environment variable {name} is not set", $"set {name} for the account that runs the hub, then start it anew");
                break;
            case "file":
                if (ReadFile(name, out problem) is { } content)
                    return content;
                break;
            case "secret":
                var secret = Secrets?.Invoke(name) ?? (null, "hub.json says where the hub's own secrets are, so it cannot use one itself", "use ${env:NAME} or ${file:PATH} here");
                if (secret.Value is not null)
                    return secret.Value;
                problem = (secret.Problem, secret.Fix);
                break;
            default:
                problem = ($"'{kind}' is no kind of reference", "write ${env:NAME}, ${file:PATH} or ${secret:NAME}; write $${ for the characters ${");
                break;
        }

        problems.Add(node.Document, node.OffsetOf(at), problem.Message, problem.Fix);
        return null;
    }

    private string? ReadFile(string name, out (string Message, string Fix) problem)
    {
        problem = ("the path is missing", "write ${file:PATH}");
        if (name.Length == 0)
            return null;
        try
        {
            var path = Path.GetFullPath(Path.Combine(folder, name));
            if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes })
            {
                problem = ($"the file {name} is larger than {MaxFileBytes / 1024} KB, more than any secret", "check the path");
                return null;
            }

            // Editors and `echo` end a file with a line break that is no part of the secret.
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var missing = e is FileNotFoundException or DirectoryNotFoundException;
            problem = missing
                ? ($"the file {name} does not exist", "check the path; a relative one starts at the hub folder")
                : ($"the file {name} cannot be read: {e.GetType().Name}", "give the account that runs the hub the right to read it");
            return null;
        }
    }
}
