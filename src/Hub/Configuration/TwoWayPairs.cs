namespace Crm.Integration.Hub.Configuration;

/// <summary>Finds the streams that are pulled and pushed: an inbound and an outbound pipeline that name the same connection, stream and entity.</summary>
internal static class TwoWayPairs
{
    /// <summary>The pipelines, each with its counterparts.</summary>
    public static IReadOnlyList<Pipeline> Of(IReadOnlyList<Pipeline> pipelines) =>
    [
        .. pipelines.Select(pipeline => pipeline switch
        {
            InboundPipeline inbound => inbound with { Counterparts = [.. pipelines.OfType<OutboundPipeline>().Where(other => Meet(inbound, other))] },
            OutboundPipeline outbound => outbound with { Counterparts = [.. pipelines.OfType<InboundPipeline>().Where(other => Meet(other, outbound))] },
            _ => pipeline,
        }),
    ];

    private static bool Meet(InboundPipeline inbound, OutboundPipeline outbound) =>
        inbound.Connection.Name == outbound.Connection.Name && inbound.Stream == outbound.Stream && inbound.Entity.Type.Name == outbound.Entity.Type.Name;
}
