using Crm.Integration.Hub.Configuration;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>Which of an entity's fields and a destination's belong together, by what the maps of a two-way stream read.</summary>
internal static class FieldPaths
{
    /// <summary>The destination's fields that an inbound pipeline makes each entity field of.</summary>
    public static IReadOnlyList<(string Path, string[] Fields, bool All)> Inbound(InboundPipeline pipeline, IReadOnlyCollection<string> fields)
    {
        List<(string Path, string[] Fields, bool All)> mapped =
        [
            .. pipeline.Map.Reads.Select(read =>
            {
                string[] known = [.. read.Paths.Select(path => fields.FirstOrDefault(field => Covers(field, path))).OfType<string>().Distinct(StringComparer.Ordinal)];
                return (read.Field.Path, known, All: known.Length > 0 && read.Paths.All(path => known.Any(field => Covers(field, path))));
            }).Where(read => read.known.Length > 0),
        ];

        // A list that is not mapped has its primary value.
        var lists = pipeline.Entity.Type.Fields.Where(field => field.Primary is not null && pipeline.Map.Reads.All(read => read.Field != field));
        return [.. mapped, .. lists.SelectMany(list => mapped.Where(read => read.Path == list.Primary).Select(read => read with { Path = list.Path }))];
    }

    /// <summary>The entity's fields that a destination's field stands for.</summary>
    public static EntityField[] Outbound(OutboundPipeline pipeline, int field) =>
    [
        .. (pipeline.Map[field].Expression?.Paths ?? [])
            .Select(path => pipeline.Entity.Type.Find(path) ?? pipeline.Entity.Type.Find(path + "[]")).OfType<EntityField>().Distinct(),
    ];

    // A field may be an object, of which a path names a member.
    private static bool Covers(string field, string path) =>
        path.StartsWith(field, StringComparison.Ordinal) && (path.Length == field.Length || path[field.Length] is '.' or '[');
}
