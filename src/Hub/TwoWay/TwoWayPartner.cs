using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>An outbound pipeline as the inbound pipeline of the same stream sees it.</summary>
internal sealed class TwoWayPartner
{
    /// <summary>A partner.</summary>
    /// <param name="outbound">The outbound pipeline.</param>
    /// <param name="id">Its number in the store.</param>
    /// <param name="inbound">The inbound pipeline.</param>
    public TwoWayPartner(OutboundPipeline outbound, long id, InboundPipeline inbound)
    {
        Id = id;
        Name = outbound.Name;
        Fields = [.. outbound.Map.Select(field => field.Field)];
        Paths = FieldPaths.Inbound(inbound, Fields);
        GivesWay = Enumerable.Range(0, Fields.Length).Where(field => outbound.PolicyOf(Fields[field]) == ConflictPolicy.Source)
            .ToDictionary(field => Fields[field], field => Array.ConvertAll(FieldPaths.Outbound(outbound, field), path => path.Path), StringComparer.Ordinal);
    }

    /// <summary>Its number in the store.</summary>
    public long Id { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The fields it writes, the key field first.</summary>
    public string[] Fields { get; }

    /// <summary>The entity's fields that are made of them, and whether of them alone.</summary>
    public IReadOnlyList<(string Path, string[] Fields, bool All)> Paths { get; }

    /// <summary>The fields in which the destination is to have its way, each with the entity's fields it stands for.</summary>
    public IReadOnlyDictionary<string, string[]> GivesWay { get; }

    /// <summary>Its fields as a row has them. A field that the source does not give at all is not among them: nothing is known of it.</summary>
    public Dictionary<string, Value> Of(SourceRow row)
    {
        var values = new Dictionary<string, Value>(Fields.Length, StringComparer.Ordinal);
        foreach (var field in Fields)
        {
            if (Find(row, field) is { } value)
                values[field] = FieldValues.Plain(value);
        }

        return values;
    }

    private static Value? Find(SourceRow row, string field)
    {
        if (row.Shape.Find(field) is >= 0 and var ordinal)
            return row[ordinal];
        var dot = field.LastIndexOf('.');
        return dot > 0 && Find(row, field[..dot]) is { AsObject: { } members } && members.TryGetValue(field[(dot + 1)..], out var member) ? member : null;
    }
}
