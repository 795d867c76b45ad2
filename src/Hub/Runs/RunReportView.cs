using Crm.Integration.Hub.Cli;
using Spectre.Console;

namespace Crm.Integration.Hub.Runs;

/// <summary>The summary of a run: what was read and became of it, who the customers are, what went wrong, what to do next.</summary>
internal static class RunReportView
{
    private const int ReasonsShown = 8;

    /// <summary>Writes the summary.</summary>
    /// <param name="console">Where.</param>
    /// <param name="report">The report.</param>
    /// <param name="began">For a run of the past, when it began: then every reason is shown, and no next steps.</param>
    /// <param name="reasons">Whether to say what was found fault with even where it is what the run before said.</param>
    public static void Write(IAnsiConsole console, RunReport report, string? began = null, bool reasons = false)
    {
        var everything = began is not null;
        Headline(console, report, began);
        AccountingView.Write(console, report.Pipelines);
        Masters(console, report);
        if (report.Rehearsal)
            PlanView.Write(console, report);
        DriftView.Write(console, report);
        CallsView.Write(console, report);
        Conflicts(console, report);
        Webhooks(console, report);
        Problems(console, report);
        // What was rejected last night and is rejected again says nothing new: the quarantine keeps it.
        if (everything || reasons || report.Undoes is not null || !IsQuiet(report))
            Reasons(console, report, everything);
        Notes(console, report, everything);
        if (!everything)
            NextSteps(console, report);
    }

    private static void Headline(IAnsiConsole console, RunReport report, string? began)
    {
        var rows = report.Pipelines.Where(pipeline => pipeline.Inbound).Sum(pipeline => pipeline.Counts.Read);
        var (word, color) = StateWord(report.State);
        var rate = Words.Rate(rows, report.Took);
        var what = (report.Rehearsal ? "Plan" : FormattableString.Invariant($"Run {report.RunId}")) + (report.Undoes is { } undone ? FormattableString.Invariant($" (undo of run {undone})") : report.Verified is { } verified ? $" (verify {Markup.Escape(verified)})" : "");
        console.MarkupLine($"[bold]{what}[/] [{color}]{word}[/] in {Words.Duration(report.Took)}: {Words.Count(rows, "row")} read{(rate.Length > 0 ? $" [grey]({rate})[/]" : "")}{(began is null ? "" : $"[grey], began {began}[/]")}");
        if (report.Rehearsal)
            console.MarkupLine($"[grey]Nothing was kept and nothing was sent: this is what `hub {(report.Undoes is { } run ? FormattableString.Invariant($"undo {run}") : "run")}` would do.[/]");
        else if (IsQuiet(report) && report is { Undoes: null, Verified: null })
            console.MarkupLine("[grey]Nothing has changed since the last run.[/]");
    }

    private static void Masters(IAnsiConsole console, RunReport report)
    {
        var matching = report.Pipelines.Where(pipeline => pipeline.Matching is not null)
            .GroupBy(pipeline => pipeline.Entity, pipeline => pipeline.Matching!.Value)
            .ToDictionary(group => group.Key, group => group.Aggregate((a, b) => a + b));
        var entities = report.Totals.Where(total => total.SourceRecords > 0 || matching.ContainsKey(total.Entity)).ToList();
        if (entities.Count == 0)
            return;
        console.WriteLine();
        foreach (var total in entities)
        {
            var are = total.SourceRecords == 1 ? "is" : "are";
            var line = $"  {Words.Count(total.SourceRecords, total.Entity + " record")} {are} [bold]{Words.Count(total.Masters, total.Entity)}[/]";
            var happened = matching.TryGetValue(total.Entity, out var counts) ? Happened(counts, report.Rehearsal) : "";
            console.MarkupLine(line);
            if (happened.Length > 0)
                Indented(console, "    ", happened);
            if (total.OpenReviews > 0)
                console.MarkupLine($"  [yellow]{Words.Count(total.OpenReviews, "pair")}[/] of {Words.Plural(total.Entity)} {(total.OpenReviews == 1 ? "waits" : "wait")} for a person to say whether they are one");
        }
    }

    private static string Happened(MatchCounts counts, bool would)
    {
        (long Count, string Word)[] parts =
        [
            (counts.NewMasters, "new"), (counts.Linked, "joined a known one"), (counts.Merged, "merged"), (counts.Split, "split off"),
            (counts.Ended, "ended"), (counts.GoldenChanged, "changed"),
        ];
        var text = string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{Words.Number(part.Count)} {part.Word}"));
        return text.Length == 0 ? "" : (would ? "would be: " : "") + text;
    }

    private static void Conflicts(IAnsiConsole console, RunReport report)
    {
        var would = report.Rehearsal ? "would be " : "";
        foreach (var pipeline in report.Pipelines)
        {
            if (pipeline.Conflicts is not { } counts)
                continue;
            console.WriteLine();
            console.MarkupLine($"[bold]{Markup.Escape(pipeline.Name)}[/] [grey]({Markup.Escape(pipeline.Endpoint)})[/] {(counts is { Open: 0, Overruled: 0, Yielded: 0 } ? "customers with several records there" : "fields edited there while the hub says otherwise")}");
            if (counts.Open > 0)
                console.MarkupLine($"  [yellow]{Words.Count(counts.Open, "field")}[/] {(counts.Open == 1 ? "waits" : "wait")} for a person: `hub conflict list`");
            if (counts.Overruled > 0)
                console.MarkupLine($"  [yellow]{Words.Count(counts.Overruled, "edit")}[/] {would}written over with the hub's value: `hub conflict list --state settled` keeps what stood there");
            if (counts.Yielded > 0)
                console.MarkupLine($"  {Words.Count(counts.Yielded, "edit")} {would}taken by the golden record; the next run sends it on");
            if (counts.Duplicates > 0)
                console.MarkupLine($"  {Words.Count(counts.Duplicates, "record")} {(counts.Duplicates == 1 ? "is" : "are")} there once too often: `hub conflict list --state duplicate`");
        }
    }

    private static void Webhooks(IAnsiConsole console, RunReport report)
    {
        foreach (var pipeline in report.Pipelines.Where(pipeline => pipeline.Webhooks is not null || pipeline.Recovered > 0))
        {
            console.WriteLine();
            console.MarkupLine($"[bold]{Markup.Escape(pipeline.Name)}[/] [grey]({Markup.Escape(pipeline.Endpoint)})[/] {(pipeline.Webhooks is { } taken ? $"{Words.Count(taken.Messages, "webhook")} taken" : "was swept")}");
            if (pipeline.Webhooks is { Poison: > 0 } poison)
                console.MarkupLine($"  [red]{Words.Count(poison.Poison, "webhook")}[/] could not be read and {(poison.Poison == 1 ? "is" : "are")} put aside: `hub inbox list --state poison`");
            if (pipeline.Webhooks is { Stale: > 0 } stale)
                console.MarkupLine($"  {Words.Count(stale.Stale, "row")} {(stale.Stale == 1 ? "was" : "were")} older than what is stored, and changed nothing");
            if (pipeline.Recovered > 0)
                console.MarkupLine($"  [yellow]{Words.Count(pipeline.Recovered, "record")}[/] recovered by the sweep: no webhook had brought {(pipeline.Recovered == 1 ? "it" : "them")}");
        }
    }

    private static void Problems(IAnsiConsole console, RunReport report)
    {
        foreach (var pipeline in report.Pipelines.Where(pipeline => pipeline.Problem is not null))
        {
            var (word, color) = StateWord(pipeline.State);
            console.WriteLine();
            Paragraph(console, $"{pipeline.Name} {word}:", color, pipeline.Problem!);
            if (pipeline.Fix is { } fix)
                Paragraph(console, "fix:", "grey", fix);
        }
    }

    private static void Paragraph(IAnsiConsole console, string heading, string color, string text)
    {
        var lines = Words.Wrap($"{heading} {Tables.Visible(text)}", Math.Max(20, console.Profile.Width - 2)).Select(Markup.Escape).ToList();
        var start = Markup.Escape(heading);
        console.MarkupLine(lines[0].StartsWith(start, StringComparison.Ordinal) ? $"  [{color}]{start}[/]{lines[0][start.Length..]}" : $"  {lines[0]}");
        foreach (var line in lines.Skip(1))
            console.MarkupLine($"  {line}");
    }

    private static void Reasons(IAnsiConsole console, RunReport report, bool everything)
    {
        var reasons = report.Pipelines.SelectMany(pipeline => pipeline.Reasons.Select(reason => (pipeline.Name, Reason: reason)))
            .OrderByDescending(each => each.Reason.What is "rejected" or "refused")
            .ThenByDescending(each => each.Reason.Count)
            .ToList();
        if (reasons.Count == 0)
            return;
        console.WriteLine();
        console.MarkupLine("[bold]Found fault with[/]");
        var shown = everything ? reasons : reasons.Take(ReasonsShown).ToList();
        var width = shown.Max(each => Words.Number(each.Reason.Count).Length);
        foreach (var (pipeline, reason) in shown)
        {
            var color = reason.What is "rejected" or "refused" ? "red" : "yellow";
            var why = reason.Path is null ? $"rule {reason.Rule}" : $"{reason.Path}, rule {reason.Rule}";
            console.MarkupLine($"  {Words.Number(reason.Count).PadLeft(width)} [{color}]{reason.What}[/] in {Markup.Escape(pipeline)}: {Markup.Escape(why)}");
            var indent = new string(' ', width + 3);
            Indented(console, indent, "e.g. " + Example(reason.Example));
            if (reason.Fix is { } fix)
                Indented(console, indent, "fix: " + fix);
        }

        if (shown.Count < reasons.Count)
            console.MarkupLine($"  [grey]and {Words.Count(reasons.Count - shown.Count, "more reason")}: `hub runs {report.RunId}` lists all[/]");
    }

    private static void Notes(IAnsiConsole console, RunReport report, bool everything)
    {
        var notes = report.Pipelines.SelectMany(pipeline => pipeline.Notes.Select(note => $"{pipeline.Name}: {note}")).ToList();
        if (notes.Count == 0)
            return;
        console.WriteLine();
        console.MarkupLine("[bold]Noticed[/]");
        foreach (var note in everything ? notes : notes.Take(ReasonsShown))
            Indented(console, "  ", note);
        if (!everything && notes.Count > ReasonsShown)
            console.MarkupLine($"  [grey]and {Words.Number(notes.Count - ReasonsShown)} more[/]");
    }

    private static void NextSteps(IAnsiConsole console, RunReport report)
    {
        var next = NextStep.After(report);
        if (next.Count == 0)
            return;
        console.WriteLine();
        console.MarkupLine("[bold]Next[/]");
        var width = next.Max(step => step.Line.Length);
        foreach (var (line, purpose) in next)
            console.MarkupLine($"  {Markup.Escape(line.PadRight(width))}  [grey]{Markup.Escape(purpose)}[/]");
    }

    private static void Indented(IAnsiConsole console, string indent, string text)
    {
        foreach (var line in Words.Wrap(Tables.Visible(text), Math.Max(20, console.Profile.Width - indent.Length)))
            console.MarkupLine($"{indent}[grey]{Markup.Escape(line)}[/]");
    }

    // A message may begin with the place that it is shown behind.
    private static string Example(string example) =>
        example.IndexOf(": ", StringComparison.Ordinal) is > 0 and var at && example.AsSpan(at + 2).StartsWith(example.AsSpan(0, at), StringComparison.Ordinal)
            ? example[(at + 2)..]
            : example;

    private static bool IsQuiet(RunReport report) =>
        report is { Rehearsal: false, State: RunState.Done } && report.Pipelines.Count > 0 && report.Pipelines.All(IsQuiet);

    private static bool IsQuiet(PipelineReport pipeline) =>
        pipeline.State == RunState.Done && pipeline.Counts is { Created: 0, Changed: 0, Deleted: 0 } && pipeline.Matching is null or { NewMasters: 0, Linked: 0, Merged: 0, Split: 0, Ended: 0, GoldenChanged: 0 };

    /// <summary>A state as the reader of a sentence expects it, and its colour.</summary>
    public static (string Word, string Color) StateWord(RunState state) => state switch
    {
        RunState.Running => ("is running", "yellow"),
        RunState.Done => ("done", "green"),
        RunState.Failed => ("failed", "red"),
        RunState.Stopped => ("stopped by a limit", "yellow"),
        RunState.Paused => ("paused", "yellow"),
        RunState.Cancelled => ("cancelled", "yellow"),
        _ => ("skipped", "grey"),
    };
}
