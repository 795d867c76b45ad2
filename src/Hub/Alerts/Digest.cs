using System.Globalization;
using System.Net;
using System.Text;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Alerts;

/// <summary>What the last day was like: a line a pipeline, what waits for people, what is open. No personal data.</summary>
internal static class Digest
{
    private static readonly TimeSpan s_span = TimeSpan.FromDays(1);

    /// <summary>Writes it.</summary>
    /// <param name="store">The master store.</param>
    /// <param name="service">Where the service keeps its own.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="clock">The time.</param>
    public static AlertMessage Write(MasterStore store, ServiceStore service, HubConfiguration configuration, TimeProvider clock)
    {
        var lines = Lines(store, configuration, clock.GetUtcNow() - s_span);
        var troubles = lines.Count(line => line.Last is RunState.Failed or RunState.Stopped);
        var waiting = Waiting(store, service);
        var open = service.Read(tables => tables.Query<string>("select title from alert where closed_at is null order by id"));
        var runs = lines.Sum(line => line.Runs);
        var title = troubles > 0 ? FormattableString.Invariant($"{troubles} of {lines.Count} pipelines ended badly") : runs == 0 ? "nothing ran in the last day" : FormattableString.Invariant($"{runs} runs in the last day, all well");
        return new AlertMessage { Event = AlertEvent.Digest, Title = title, Hub = AlertLedger.HubName(configuration), Text = Plain(lines, waiting, open), Html = Html(title, lines, waiting, open) };
    }

    private static List<Line> Lines(MasterStore store, HubConfiguration configuration, DateTimeOffset since)
    {
        var lines = configuration.Pipelines.ToDictionary(pipeline => pipeline.Name, pipeline => new Line(pipeline.Name), StringComparer.Ordinal);
        var from = since.ToUnixTimeMilliseconds();
        foreach (var report in store.Stream<string>("select report from run where ended_at >= @since and report is not null order by id", new { since = from }).Select(RunHistory.ReportOf))
        {
            foreach (var pipeline in report.Pipelines.Where(pipeline => pipeline.State != RunState.Skipped))
            {
                if (lines.TryGetValue(pipeline.Name, out var line))
                    line.Add(pipeline);
            }
        }

        return [.. lines.Values];
    }

    private static List<(string What, long Number, string Command)> Waiting(MasterStore store, ServiceStore service) =>
    [
        .. new (string What, long Number, string Command)[]
        {
            ("rows in quarantine", store.Scalar<long>("select count(*) from quarantine where state = 'open'"), "hub quarantine list"),
            ("pairs for review", store.Scalar<long>("select count(*) from review where state = 'open'"), "hub review list"),
            ("webhooks set aside", service.Read(tables => tables.Scalar<long>("select count(*) from inbox where state = 2")), "hub inbox list --state poison"),
        }.Where(one => one.Number > 0),
    ];

    private static string Plain(List<Line> lines, List<(string What, long Number, string Command)> waiting, List<string> open)
    {
        var text = new StringBuilder();
        var width = lines.Count == 0 ? 0 : lines.Max(line => line.Pipeline.Length);
        foreach (var line in lines)
            text.AppendLine(CultureInfo.InvariantCulture, $"{line.Pipeline.PadRight(width)}  {line.Words}");
        foreach (var (what, number, command) in waiting)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{number:N0} {what}: {command}");
        if (open.Count > 0)
            text.AppendLine().AppendLine().Append("Still open: ").AppendJoin("; ", open);
        return text.ToString().TrimEnd();
    }

    private static string Html(string title, List<Line> lines, List<(string What, long Number, string Command)> waiting, List<string> open)
    {
        var html = new StringBuilder("<html><body style=\"font-family:sans-serif;font-size:14px;color:#222\">");
        html.Append(CultureInfo.InvariantCulture, $"<h2 style=\"font-size:18px\">{Text(title)}</h2><table cellpadding=\"6\" style=\"border-collapse:collapse\"><tr style=\"color:#777;text-align:left\"><th>pipeline</th><th>runs</th><th>last</th>");
        foreach (var heading in (string[])["created", "changed", "deleted", "rejected"])
            html.Append(CultureInfo.InvariantCulture, $"<th style=\"text-align:right\">{heading}</th>");
        html.Append("</tr>");
        foreach (var line in lines)
        {
            var color = line.Last is RunState.Failed ? "#b00020" : line.Last is RunState.Stopped or RunState.Paused ? "#8a6d00" : "#222";
            html.Append(CultureInfo.InvariantCulture, $"<tr style=\"border-top:1px solid #ddd\"><td>{Text(line.Pipeline)}</td><td style=\"text-align:right\">{line.Runs:N0}</td><td style=\"color:{color}\">{Text(line.State)}</td>");
            foreach (var number in (long[])[line.Counts.Created, line.Counts.Changed, line.Counts.Deleted, line.Counts.Rejected])
                html.Append(CultureInfo.InvariantCulture, $"<td style=\"text-align:right\">{number:N0}</td>");
            html.Append("</tr>");
        }

        html.Append("</table>");
        foreach (var (what, number, command) in waiting)
            html.Append(CultureInfo.InvariantCulture, $"<p>{number:N0} {Text(what)}: <code>{Text(command)}</code></p>");
        if (open.Count > 0)
            html.Append("<p>Still open:</p><ul>").AppendJoin("", open.Select(one => $"<li>{Text(one)}</li>")).Append("</ul>");
        return html.Append("</body></html>").ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private sealed class Line(string pipeline)
    {
        public string Pipeline { get; } = pipeline;

        public long Runs { get; private set; }

        public RunState? Last { get; private set; }

        public Counts Counts { get; private set; }

        public string State => Last is { } state ? RunReportView.StateWord(state).Word : "did not run";

        public string Words => Runs == 0 ? State : FormattableString.Invariant(
            $"{State}; {Runs:N0} {(Runs == 1 ? "run" : "runs")}: created {Counts.Created:N0}, changed {Counts.Changed:N0}, deleted {Counts.Deleted:N0}, rejected {Counts.Rejected:N0}");

        public void Add(PipelineReport report)
        {
            Runs++;
            Last = report.State;
            Counts += report.Counts;
        }
    }
}
