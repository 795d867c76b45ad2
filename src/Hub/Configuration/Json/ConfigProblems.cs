namespace Crm.Integration.Hub.Configuration.Json;

/// <summary>Collects what is wrong, so that a user hears it all at once.</summary>
internal sealed class ConfigProblems
{
    private readonly List<ConfigurationProblem> _problems = [];

    public int Count => _problems.Count;

    /// <summary>What was found, in the order of files, lines and columns, each once.</summary>
    public IReadOnlyList<ConfigurationProblem> All =>
    [
        .. _problems.Distinct()
            .OrderBy(problem => problem.File, StringComparer.Ordinal)
            .ThenBy(problem => problem.Line)
            .ThenBy(problem => problem.Column),
    ];

    /// <summary>A problem of a file as a whole.</summary>
    public void Add(string file, string message, string? fix) => _problems.Add(new(file, 0, 0, message, fix));

    /// <summary>A problem of a value.</summary>
    public void Add(ConfigNode node, string message, string? fix) => Add(node.Document, node.Offset, message, fix);

    /// <summary>A problem at a byte of a file.</summary>
    public void Add(ConfigDocument document, int offset, string message, string? fix)
    {
        var (line, column) = document.At(offset);
        _problems.Add(new(document.File, line, column, message, fix));
    }
}
