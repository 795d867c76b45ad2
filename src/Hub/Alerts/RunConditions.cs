using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Alerts;

/// <summary>What the last run of each pipeline says: whether it failed, and whether its counts are unlike those before it. Reads each report once.</summary>
internal sealed class RunConditions
{
    private const int Page = 200;

    // As many as it takes to know what is usual for a pipeline that runs once a day beside one that runs every hour.
    private const int FirstLook = 2000;

    private readonly Dictionary<string, History> _pipelines = new(StringComparer.Ordinal);
    private long _seen = -1;

    /// <summary>What is not as it should be.</summary>
    /// <param name="store">The store.</param>
    /// <param name="configuration">Only pipelines that it has are spoken of.</param>
    public IEnumerable<Condition> Look(MasterStore store, HubConfiguration configuration)
    {
        ReadNew(store);
        foreach (var pipeline in configuration.Pipelines)
        {
            if (!_pipelines.TryGetValue(pipeline.Name, out var history) || history.Last is not { } last)
                continue;
            if (last.Report.State is RunState.Failed or RunState.Stopped)
            {
                yield return new Condition(
                    $"run:{pipeline.Name}",
                    AlertSeverity.Error,
                    last.Report.State == RunState.Stopped ? $"{pipeline.Name} was stopped by a limit" : $"{pipeline.Name} failed",
                    $"{last.Report.Problem ?? "no reason was kept"} ({FormattableString.Invariant($"run {last.Run}")}, {last.Report.Endpoint})",
                    $"{last.Report.Fix ?? "look at the log"}; {FormattableString.Invariant($"`hub runs {last.Run}`")} shows the run");
            }

            if (history.Anomaly is { } anomaly)
            {
                yield return new Condition(
                    $"counts:{pipeline.Name}",
                    AlertSeverity.Warning,
                    $"{pipeline.Name} is unlike the runs before it",
                    $"{anomaly} ({FormattableString.Invariant($"run {history.DoneRun}")}, {last.Report.Endpoint})",
                    FormattableString.Invariant($"`hub runs {history.DoneRun}` shows the run; look whether the source is complete. What is usual is learned anew from the runs that follow"));
            }
        }
    }

    private void ReadNew(MasterStore store)
    {
        if (_seen < 0)
            _seen = Math.Max(0, (store.Scalar<long?>("select max(id) from run") ?? 0) - FirstLook);
        while (true)
        {
            // A run that is still at work ends the look, so that it is not passed over; unless it is one that nobody ends any more.
            var page = store.Query<Ended>("select id, state, report from run where id > @seen order by id limit @Page", new { seen = _seen, Page });
            foreach (var run in page)
            {
                if (run.State == "running" && run.Id > (store.Scalar<long?>("select max(id) from run") ?? 0) - Page)
                    return;
                _seen = run.Id;
                if (run.Report is not null)
                    Take(run.Id, RunHistory.ReportOf(run.Report));
            }

            if (page.Count < Page)
                return;
        }
    }

    private void Take(long run, RunReport report)
    {
        if (report.Verified is not null || report.Undoes is not null)
            return;
        foreach (var pipeline in report.Pipelines.Where(pipeline => pipeline.State is RunState.Done or RunState.Failed or RunState.Stopped))
        {
            if (!_pipelines.TryGetValue(pipeline.Name, out var history))
                _pipelines.Add(pipeline.Name, history = new History());
            history.Take(run, pipeline);
        }
    }

    private sealed class Ended
    {
        public long Id { get; init; }

        public string State { get; init; } = "";

        public string? Report { get; init; }
    }

    private sealed class History
    {
        private readonly Queue<Counts> _done = new();

        public (long Run, PipelineReport Report)? Last { get; private set; }

        public long DoneRun { get; private set; }

        public string? Anomaly { get; private set; }

        public void Take(long run, PipelineReport report)
        {
            // What a report says at length is not needed any more.
            report.Notes = [];
            Last = (run, report);

            // How many webhooks come in a second is nobody's habit.
            if (report.State != RunState.Done || report.Webhooks is not null)
                return;
            Anomaly = CountAnomaly.Find([.. _done], report.Counts);
            DoneRun = run;
            _done.Enqueue(report.Counts);
            if (_done.Count > CountAnomaly.Most)
                _done.Dequeue();
        }
    }
}
