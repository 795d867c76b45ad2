using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>What a row of a two-way stream says to all outbound pipelines that write there, and to the record that is made of it.</summary>
internal sealed class RowArrival
{
    private readonly HashSet<string> _agreed = new(StringComparer.Ordinal);

    /// <summary>By pipeline that writes there.</summary>
    public List<(TwoWayPartner Partner, Arrival Arrival)> Parts { get; } = [];

    /// <summary>The entity's fields that somebody has edited there.</summary>
    public HashSet<string> EditedPaths { get; } = new(StringComparer.Ordinal);

    /// <summary>The delivery whose record it is, where the record is new to the hub.</summary>
    public (long Master, bool Made)? Delivered { get; set; }

    /// <summary>Whether a write came back with it, so that it is to be looked at though it looks as before.</summary>
    public bool WasAwaited => Parts.Exists(part => part.Arrival.WasAwaited);

    /// <summary>Whether it is nothing but the hub's own writes coming back.</summary>
    public bool IsWholeEcho => Parts.Exists(part => part.Arrival.IsWholeEcho) && Parts.TrueForAll(part => part.Arrival.Edited.Count == 0);

    /// <summary>Takes in what the row says to one pipeline.</summary>
    public void Add(TwoWayPartner partner, Arrival arrival)
    {
        Parts.Add((partner, arrival));
        _agreed.UnionWith(arrival.Agreed);
        foreach (var (path, fields, _) in partner.Paths)
        {
            if (fields.Any(arrival.Edited.Contains))
                EditedPaths.Add(path);
        }
    }

    /// <summary>Whether an entity field says what the hub wrote there: a difference is its own doing.</summary>
    public bool IsEcho(string path)
    {
        if (EditedPaths.Contains(path))
            return false;
        if (IsWholeEcho)
            return true;
        var reads = Parts.SelectMany(part => part.Partner.Paths).Where(read => read.Path == path).ToList();
        return reads.Exists(read => read.All && read.Fields.All(_agreed.Contains));
    }

    /// <summary>The row as the hub means it: what a destination writes its own way stands there as it was sent.</summary>
    public SourceRow Meant(SourceRow row)
    {
        Value[]? values = null;
        foreach (var (field, value) in Parts.SelectMany(part => part.Arrival.Meant))
        {
            if (row.Shape.Find(field) is >= 0 and var ordinal && ordinal < row.Values.Length)
                (values ??= [.. row.Values])[ordinal] = value;
        }

        return values is null ? row : new SourceRow(row.Shape, values) { Position = row.Position, Version = row.Version };
    }
}
