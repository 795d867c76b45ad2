using System.Diagnostics.Metrics;
using System.Text.Json;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Telemetry;
using Crm.Integration.Hub.Triggers;

namespace Crm.Integration.Hub.Service;

/// <summary>Counts what the runs of the service did, pipeline by pipeline.</summary>
internal sealed class RunMeters : IRunObserver
{
    private static readonly Counter<long> s_ended = HubTelemetry.Meter.CreateCounter<long>("hub.pipeline.ended", "{run}", "Pipelines that ran, by how that ended and why they ran.");
    private static readonly Histogram<double> s_took = HubTelemetry.Meter.CreateHistogram<double>("hub.pipeline.duration", "s", "How long a pipeline took.");
    private static readonly Counter<long> s_rows = HubTelemetry.Meter.CreateCounter<long>("hub.pipeline.rows", "{row}", "Rows of sources that pipelines looked at, by what became of them.");
    private static readonly Counter<long> s_pushes = HubTelemetry.Meter.CreateCounter<long>("hub.pipeline.pushes", "{record}", "Records that pipelines compared with a destination, by what became of them there.");
    private static readonly Gauge<double> s_last = HubTelemetry.Meter.CreateGauge<double>("hub.pipeline.last_done.timestamp", "s", "When a pipeline last ran to its end, in seconds since 1970.");

    /// <inheritdoc/>
    public Task EndedAsync(RunRequest request, RunReport report, CancellationToken cancellationToken)
    {
        // A plan did nothing.
        foreach (var pipeline in report.Rehearsal ? [] : report.Pipelines)
        {
            var name = new KeyValuePair<string, object?>("pipeline", pipeline.Name);
            s_ended.Add(1, name, new("state", Word(pipeline.State)), new("cause", Word(request.Cause)));
            if (pipeline.State == RunState.Skipped)
                continue;
            s_took.Record(pipeline.Took.TotalSeconds, name);
            var fates = pipeline.Inbound ? s_rows : s_pushes;
            foreach (var (fate, count) in Fates(pipeline.Counts))
                fates.Add(count, name, new("fate", fate));
            if (pipeline.State == RunState.Done && request.EndedAt is { } at)
                s_last.Record(at.ToUnixTimeMilliseconds() / 1000.0, name);
        }

        return Task.CompletedTask;
    }

    private static (string Fate, long Count)[] Fates(Counts counts) =>
    [
        ("created", counts.Created), ("changed", counts.Changed), ("unchanged", counts.Unchanged), ("deleted", counts.Deleted), ("rejected", counts.Rejected), ("filtered", counts.Filtered),
    ];

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
