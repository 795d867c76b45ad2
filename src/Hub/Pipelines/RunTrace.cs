using System.Diagnostics;
using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Telemetry;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>
/// A stretch of a run, told to the log and to traces: run, pipeline, page, match, push, and within these the calls of connectors. Costs nothing
/// where nobody traces.
/// </summary>
internal sealed class RunTrace : IDisposable
{
    private readonly IDisposable? _scope;
    private readonly Activity? _activity;

    private RunTrace(IDisposable? scope, Activity? activity)
    {
        _scope = scope;
        _activity = activity;
    }

    /// <summary>A run.</summary>
    public static RunTrace OfRun(ILogger log, long runId)
    {
        var activity = HubTelemetry.Traces.StartActivity("hub.run");
        activity?.SetTag("hub.run.id", runId);
        return new(log.Within(runId: runId), activity);
    }

    /// <summary>A pipeline of a run.</summary>
    public static RunTrace OfPipeline(ILogger log, Pipeline pipeline)
    {
        var activity = HubTelemetry.Traces.StartActivity("hub.pipeline");
        activity?.SetTag("hub.pipeline", pipeline.Name);
        activity?.SetTag("hub.connection", pipeline.Connection.Name);
        activity?.SetTag("hub.stream", pipeline.Stream);
        return new(log.Within(pipeline: pipeline.Name, connection: pipeline.Connection.Name), activity);
    }

    /// <summary>A step of a pipeline: "match", "push".</summary>
    public static Activity? Step(string name) => HubTelemetry.Traces.StartActivity("hub." + name);

    /// <summary>The same pages, each traced with the calls that brought it.</summary>
    public static async IAsyncEnumerable<Page> Pages(IAsyncEnumerable<Page> pages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var page = pages.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            using (var activity = HubTelemetry.Traces.StartActivity("hub.page"))
            {
                if (!await page.MoveNextAsync())
                    yield break;
                activity?.SetTag("hub.page.rows", page.Current.Rows.Count);
            }

            yield return page.Current;
        }
    }

    /// <summary>How it ended.</summary>
    public void End(RunState state)
    {
        _activity?.SetTag("hub.state", RunReportView.StateWord(state).Word);
        if (state == RunState.Failed)
            _activity?.SetStatus(ActivityStatusCode.Error);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _activity?.Dispose();
        _scope?.Dispose();
    }
}
