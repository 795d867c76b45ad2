using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Cli;

/// <summary>Tries a connection with all that its pipelines need of it. Writes nothing to any system.</summary>
internal static class ConnectionCheck
{
    /// <summary>What was found.</summary>
    /// <param name="configured">The connection.</param>
    /// <param name="pipelines">All pipelines; null where the configuration has mistakes.</param>
    /// <param name="open">Opens a connection.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<CheckLine>> OfAsync(
        ConnectionConfiguration configured, IReadOnlyList<Pipeline>? pipelines, Func<ConnectionConfiguration, IConnection> open, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = open(configured);
            var lines = (await connection.CheckAsync(cancellationToken)).ToList();
            if (!configured.Connector.Declaration.Capabilities.HasFlag(ConnectorCapabilities.Discover))
                return lines;
            var pulled = pipelines?.OfType<InboundPipeline>().Where(pipeline => pipeline.Connection.Name == configured.Name).Select(pipeline => pipeline.Stream).Distinct(StringComparer.Ordinal).ToList() ?? [];

            // Of a folder that others share, only what is pulled through this connection is of interest.
            if (pulled.Count > 0)
                lines.RemoveAll(line => line.IsStream && !pulled.Contains(line.Subject));
            foreach (var stream in pulled)
                lines.Add(await StreamAsync(connection, stream, cancellationToken));

            // A file takes whatever fields it is given, and need not be there yet.
            foreach (var push in pipelines?.OfType<OutboundPipeline>().Where(pipeline => pipeline.Connection.Name == configured.Name && configured.Connector.Declaration.Hosts.Count > 0) ?? [])
            {
                if (await WriteCheck.OfAsync(connection, push, cancellationToken) is { } line)
                    lines.Add(line);
            }

            return lines;
        }
        catch (ConnectorException e)
        {
            return [new CheckLine("connection", false, $"{e.Message}; {e.Fix}")];
        }
    }

    // A folder that is missing is fine for a destination, and the end of the night for a source: the pipelines tell which it is.
    private static async Task<CheckLine> StreamAsync(IConnection connection, string stream, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var found in connection.DiscoverAsync(stream, cancellationToken))
                return new($"stream {stream}", found.Problem is null, found.Problem ?? $"{found.Fields.Count} fields.");
            return new($"stream {stream}", false, "A pipeline pulls it, but it is not there; `hub discover` lists what is.");
        }
        catch (ConnectorException e)
        {
            return new($"stream {stream}", false, $"{e.Message} {e.Fix}");
        }
    }
}
