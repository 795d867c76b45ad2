namespace Crm.Integration.Sandbox.Salesforce.Soql;

/// <summary>What a query selects, as the tree in which it is answered: fields, and records referred to with fields of their own.</summary>
/// <param name="Name">The field, or the relationship.</param>
/// <param name="Depth">How many references lead here.</param>
/// <param name="Path">A path that passes here.</param>
/// <param name="Within">What is selected of the record referred to; empty for a field.</param>
internal sealed record SelectNode(string Name, int Depth, SoqlPath Path, IReadOnlyList<SelectNode> Within)
{
    public static IReadOnlyList<SelectNode> Tree(IEnumerable<SoqlPath> paths, int depth = 0) =>
        [.. paths.GroupBy(path => path.Steps[depth]).Select(group => new SelectNode(group.Key, depth, group.First(),
            group.First().Steps.Count == depth + 1 ? [] : Tree(group, depth + 1)))];
}
