using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Logging;

/// <summary>What a stretch of work is about: every line that is logged meanwhile carries it, whoever writes the line.</summary>
internal static class LogScopes
{
    /// <summary>Until the end of the returned object, lines carry these; what is null is left as it is around.</summary>
    /// <param name="log">The log.</param>
    /// <param name="runId">The run.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="record">Which record, as the hub numbers it; never what identifies a person at a source.</param>
    public static IDisposable? Within(this ILogger log, long? runId = null, string? pipeline = null, string? connection = null, long? record = null)
    {
        var about = new List<KeyValuePair<string, object>>(4);
        if (runId is { } run)
            about.Add(new("RunId", run));
        if (pipeline is not null)
            about.Add(new("Pipeline", pipeline));
        if (connection is not null)
            about.Add(new("Connection", connection));
        if (record is { } number)
            about.Add(new("Record", number));
        return log.BeginScope(about);
    }
}
