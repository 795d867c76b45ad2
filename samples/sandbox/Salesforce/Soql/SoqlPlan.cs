namespace Crm.Integration.Sandbox.Salesforce.Soql;

/// <summary>A query whose names are looked up and whose types are checked: ready to run, as often as wanted.</summary>
internal sealed class SoqlPlan
{
    private readonly Func<SObject, bool>? _where;
    private readonly List<(SoqlPath Path, SoqlOrder Order)> _order;
    private readonly SoqlQuery _query;
    private readonly Org _org;

    private SoqlPlan(SoqlQuery query, SObjectType type, Org org, Visibility visibility)
    {
        (_query, Type, _org) = (query, type, org);
        Select = [.. query.Select.Select(path => SoqlPath.Find(path, type, org, visibility))];
        Tree = SelectNode.Tree(Select);
        _where = query.Where is null ? null : new SoqlFilter(type, org, visibility).Compile(query.Where);
        _order = [.. query.OrderBy.Select(order => (SoqlPath.Find(order.Path, type, org, visibility), order))];
        if (_order.FirstOrDefault(order => !order.Path.Field.Filterable) is { Path: { } path })
            throw new SalesforceError(400, "INVALID_FIELD", $"field '{path.Written}' can not be sorted in a query call");
        if (Select.GroupBy(path => string.Join('.', path.Steps)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new SalesforceError(400, "INVALID_FIELD", $"duplicate field selected: {twice.Key}");
    }

    public SObjectType Type { get; }

    /// <summary>The columns; none when the query only counts.</summary>
    public IReadOnlyList<SoqlPath> Select { get; }

    public IReadOnlyList<SelectNode> Tree { get; }

    public static SoqlPlan Make(string soql, Org org, Visibility visibility)
    {
        var query = SoqlParser.Parse(soql, org.Now);
        var type = org.Type(query.From) is { } found && visibility.Sees(found)
            ? found
            : throw new SalesforceError(400, "INVALID_TYPE", $"\nFROM {query.From}\n     ^\nERROR at Row:1:Column:1\nsObject type '{query.From}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.");
        return new SoqlPlan(query, type, org, visibility);
    }

    /// <summary>The serials of the records that match, in order, as of now.</summary>
    public List<int> Run(bool withDeleted)
    {
        var rows = Type.Rows;
        var found = new List<int>();
        for (var serial = 1; serial < rows.Count; serial++)
        {
            if (rows[serial] is { } row && (row.Deleted is null || (withDeleted && _org.Exists(row))) && (_where is null || _where(row)))
                found.Add(serial);
        }

        SoqlOrdering.Sort(found, Type, _order);
        if (_query.Offset > 0)
            found.RemoveRange(0, Math.Min(_query.Offset, found.Count));
        if (_query.Limit is { } limit && limit < found.Count)
            found.RemoveRange(limit, found.Count - limit);
        return found;
    }
}
