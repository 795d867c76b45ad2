using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;

namespace Crm.Integration.Hub.Bench;

/// <summary>The inbound pipelines without a store: rows are pulled, mapped, validated and written as JSON into memory.</summary>
internal static class MappingOnly
{
    /// <summary>Runs every inbound pipeline.</summary>
    /// <returns>The rows mapped.</returns>
    public static async Task<long> RunAsync(HubConfiguration configuration, TimeProvider clock, CancellationToken cancellationToken)
    {
        var rows = 0L;
        foreach (var pipeline in configuration.Pipelines.OfType<InboundPipeline>())
        {
            await using var connection = pipeline.Connection.Connector.Open(pipeline.Connection.Settings, new ConnectionContext(pipeline.Connection.Name, configuration.Folder, clock));
            using var mapper = new RowMapper(pipeline, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
            var work = new PageWork();
            var mapping = Task.CompletedTask;
            await foreach (var page in connection.PullAsync(new PullRequest(pipeline.Stream), cancellationToken))
            {
                await mapping;
                mapping = Task.Run(() => Map(mapper, work, page), cancellationToken);
                rows += page.Rows.Count;
            }

            await mapping;
        }

        return rows;
    }

    private static void Map(RowMapper mapper, PageWork work, Page page)
    {
        work.Take(page.Rows);
        for (var i = 0; i < page.Rows.Count; i++)
        {
            if (page.Rows[i].Fault is not null)
                continue;
            mapper.Identify(page.Rows[i], ref work.Rows[i]);
            if (work.Rows[i].Fate != RowFate.Pulled)
                continue;
            mapper.Map(page.Rows[i], ref work.Rows[i]);
            if (work.Rows[i].Record is not null)
                mapper.Serialise(ref work.Rows[i], work.Json);
        }
    }
}
