namespace Crm.Integration.Hub.Runs;

/// <summary>What a person may want to do after a run, the most urgent first.</summary>
/// <param name="Line">The command line.</param>
/// <param name="Purpose">What for.</param>
internal sealed record NextStep(string Line, string Purpose)
{
    private const int Most = 4;

    /// <summary>The steps that make sense after a run.</summary>
    public static IReadOnlyList<NextStep> After(RunReport report)
    {
        var steps = new List<NextStep>();
        if (report.Undoes is { } undone)
            return Undo(report, undone);
        if (report.Verified is { } verified)
            return report.Pipelines.Any(pipeline => pipeline.Drift is { Recovered: 0, Total: > 0 }) ? [new($"hub verify {verified} --repair", "put it right, under the limits of a run")] : [];
        if (report.State == RunState.Stopped)
            steps.Add(new("hub plan", "see what was held back; `hub run --ignore-limits` goes on"));
        if (report.Pipelines.Max(pipeline => pipeline.PausedUntil) is { } until)
            steps.Add(new("hub run", FormattableString.Invariant($"after {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC: everything done is saved, it goes on from there")));
        if (report.State == RunState.Failed)
            steps.Add(new("hub run", "after the fix: goes on where it stopped, nothing is done twice"));
        if (report.State == RunState.Cancelled)
            steps.Add(new("hub run", "goes on where it stopped"));
        if (report.Rehearsal && report.State == RunState.Done)
            steps.Add(new("hub run", "do it"));
        if (report.Totals.Sum(total => total.OpenQuarantine) is > 0 and var waiting)
            steps.Add(new("hub quarantine list", $"{Cli.Words.Count(waiting, "rejected row")} {(waiting == 1 ? "waits" : "wait")} to be put right"));
        if (report.Totals.Sum(total => total.OpenReviews) is > 0 and var reviews)
            steps.Add(new("hub review list", $"{Cli.Words.Count(reviews, "pair")} {(reviews == 1 ? "waits" : "wait")}: one customer or two?"));
        if (!report.Rehearsal && report.Totals.FirstOrDefault(total => total.Masters > 0) is { } found)
        {
            steps.Add(new("hub search NAME", $"look up a {found.Entity}, then `hub show` and `hub explain`"));
            steps.Add(new("hub export " + found.Entity, $"all {Cli.Words.Plural(found.Entity)} as CSV"));
        }

        return [.. steps.Take(Most)];
    }

    private static IReadOnlyList<NextStep> Undo(RunReport report, long undone) => report switch
    {
        { State: RunState.Stopped } => [new(FormattableString.Invariant($"hub undo {undone} --plan --ignore-limits"), "see what was held back; without --plan it is done")],
        { State: not RunState.Done } => [new(FormattableString.Invariant($"hub undo {undone}"), "after the fix: goes on where it stopped, nothing is done twice")],
        { Rehearsal: true } => [new(FormattableString.Invariant($"hub undo {undone}"), "do it")],
        _ =>
        [
            new(FormattableString.Invariant($"hub undo {undone} --release"), "let the next run send it all the same"),
            new(FormattableString.Invariant($"hub undo {report.RunId}"), "take the undo back"),
        ],
    };
}
