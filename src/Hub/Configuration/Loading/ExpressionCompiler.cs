using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>Compiles the expressions of a pipeline; what is wrong in one is reported at its character in the file.</summary>
/// <param name="environment">What the expressions may refer to.</param>
/// <param name="problems">What is wrong is added here.</param>
internal sealed class ExpressionCompiler(MapEnvironment environment, ConfigProblems problems)
{
    /// <summary>The master id, in expressions over golden records.</summary>
    public const string MasterId = "id";

    public MapEnvironment Environment { get; } = environment;

    /// <summary>Compiles a setting.</summary>
    /// <param name="node">The setting; nothing is done when it is missing or not text, which has been reported.</param>
    /// <param name="over">The entity whose fields it reads; null for a source, whose fields only the source knows.</param>
    /// <param name="name">Whether the setting is mostly the plain name of a field.</param>
    public Expression? Compile(ConfigNode? node, EntityType? over = null, bool name = false)
    {
        if (node is not { Kind: ConfigKind.Text })
            return null;

        if (string.IsNullOrWhiteSpace(node.Text))
        {
            problems.Add(node, "the expression is empty", "write the name of a field, or remove the key");
            return null;
        }

        List<MapProblem> found = [];
        var expression = Expression.Compile(node.Text, Environment, found);
        if (found.Count > 0 && name && IsName(node.Text))
        {
            problems.Add(node, $"'{node.Text}' is not an expression", $"a name with blanks or signs stands in back-ticks: \"`{node.Text}`\"");
            return null;
        }

        foreach (var problem in found)
            problems.Add(node.Document, node.OffsetOf(problem.Offset), problem.Message, problem.Fix);
        if (expression is not null && over is not null)
            CheckPaths(node, expression, over);
        return expression;
    }

    /// <summary>"did you mean 'name.given'?" for a path that an entity does not have.</summary>
    public static string? SuggestField(string path, EntityType type)
    {
        var paths = type.Fields.Select(field => field.Path).ToList();

        // "given" or "firstName.given" is nearer to name.given than spelling alone can tell.
        var last = path.Split('.')[^1];
        var byLast = paths.Where(known => known.EndsWith($".{last}", StringComparison.OrdinalIgnoreCase)).ToList();
        return SettingsBinder.Nearest(path, paths) ?? (byLast.Count == 1 ? $"did you mean '{byLast[0]}'?" : null);
    }

    private void CheckPaths(ConfigNode node, Expression expression, EntityType type)
    {
        foreach (var path in expression.Paths)
        {
            if (path == MasterId || Knows(type, path))
                continue;
            var at = Find(node.Text, path);
            problems.Add(node.Document, node.OffsetOf(at), $"'{type.Name}' has no field '{path}'", SuggestField(path, type) ?? $"its fields are listed by `hub schema`, and under '{type.Name}' in docs/reference/configuration.md");
        }
    }

    // emails[0] reads an element of the list emails[].
    private static bool Knows(EntityType type, string path)
    {
        if (type.Find(path) is not null)
            return true;
        var bracket = path.IndexOf('[', StringComparison.Ordinal);
        return bracket > 0 && path[^1] == ']' && type.Find(path[..bracket] + "[]") is not null;
    }

    // The place of a path as a word of its own: 'name' is not found inside 'name.full'.
    private static int Find(string text, string path)
    {
        for (var at = text.IndexOf(path, StringComparison.Ordinal); at >= 0; at = text.IndexOf(path, at + 1, StringComparison.Ordinal))
        {
            var end = at + path.Length;
            if ((at == 0 || !IsPart(text[at - 1])) && (end == text.Length || !IsPart(text[end])))
                return at;
        }

        return 0;

        static bool IsPart(char character) => char.IsLetterOrDigit(character) || character is '.' or '_' or '[';
    }

    private static bool IsName(string text) => text.All(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_' or '#' or '/' or '.' or ':');
}
