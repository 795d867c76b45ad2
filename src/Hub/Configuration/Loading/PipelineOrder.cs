namespace Crm.Integration.Hub.Configuration.Loading;

/// <summary>
/// The order in which pipelines run when all of them do: inbound before outbound, entities that others refer to before those
/// others (an order finds its customer already there), then by name.
/// </summary>
internal static class PipelineOrder
{
    public static IReadOnlyList<Pipeline> Sort(IReadOnlyList<Pipeline> pipelines)
    {
        var entities = pipelines.Select(pipeline => pipeline.Entity.Type).DistinctBy(type => type.Name).ToDictionary(type => type.Name, StringComparer.Ordinal);
        Dictionary<string, int> depths = new(StringComparer.Ordinal);
        return
        [
            .. pipelines.OrderBy(pipeline => pipeline is InboundPipeline ? 0 : 1)
                .ThenBy(pipeline => Depth(pipeline.Entity.Type.Name))
                .ThenBy(pipeline => pipeline.Name, StringComparer.Ordinal),
        ];

        int Depth(string name)
        {
            if (depths.TryGetValue(name, out var depth))
                return depth;

            // Entities may refer to each other in a circle (a manager is a customer too): whoever was met first stays first.
            depths[name] = 0;
            if (!entities.TryGetValue(name, out var type))
                return 0;
            foreach (var referred in type.Fields.Select(field => field.References).OfType<string>().Where(referred => referred != name))
                depth = Math.Max(depth, Depth(referred) + 1);
            return depths[name] = depth;
        }
    }
}
