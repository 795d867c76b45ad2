using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Cli;

/// <summary>Compares what an outbound pipeline writes with what the destination says of its fields, before anything is written.</summary>
internal static class WriteCheck
{
    /// <summary>What is to be said of a pipeline; null where the destination makes no demands.</summary>
    public static async Task<CheckLine?> OfAsync(IConnection connection, OutboundPipeline pipeline, CancellationToken cancellationToken)
    {
        var subject = $"pipeline {pipeline.Name}";
        try
        {
            await foreach (var stream in connection.DiscoverAsync(pipeline.Stream, cancellationToken))
            {
                if (stream.Problem is not null || !stream.Fields.Any(field => field.Required || !field.Writable))
                    return null;
                var problems = Problems(pipeline, stream).ToList();
                return problems.Count > 0 ? new(subject, false, string.Join(" ", problems)) : new(subject, true, $"{pipeline.Stream} takes all of its {pipeline.Map.Count} fields.");
            }

            return null;
        }
        catch (ConnectorException e)
        {
            return new(subject, false, $"{e.Message} {e.Fix}");
        }
    }

    private static IEnumerable<string> Problems(OutboundPipeline pipeline, StreamDescription stream)
    {
        // Some systems do not mind case, and those that do say so when it is written.
        var fields = stream.Fields.DistinctBy(field => field.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);
        var mapped = pipeline.Map.Select(field => field.Field).ToHashSet(StringComparer.OrdinalIgnoreCase);

        // A path (Account.Hub_Id__c) leads to another object.
        foreach (var name in mapped.Where(name => !name.Contains('.', StringComparison.Ordinal)))
        {
            if (!fields.TryGetValue(name, out var field))
                yield return $"{stream.Name} has no field '{name}'; {Nearest(name, fields.Keys)}";
            else if (!field.Writable)
                yield return $"'{field.Name}' of {stream.Name} cannot be written; take it out of pipelines/{pipeline.Name}.json, or give the user of the connection the right to edit it.";
        }

        var demanded = fields.Values.Where(field => field is { Required: true, Writable: true } && !mapped.Contains(field.Name)).Select(field => $"'{field.Name}'").ToList();
        if (demanded.Count > 0)
            yield return $"{stream.Name} demands {string.Join(", ", demanded)} of each new record; map {(demanded.Count == 1 ? "it" : "them")} in pipelines/{pipeline.Name}.json, otherwise new records are refused.";
    }

    private static string Nearest(string name, IEnumerable<string> known) =>
        Mapping.Maps.Spelling.Nearest(name, known) is { } nearest ? $"did you mean '{nearest}'?" : "`hub discover` lists those it has.";
}
