using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>
/// Runs an outbound pipeline: looks at the masters that changed, compares what they shall be at the destination with what was
/// sent last, and pushes the difference. Once to count, for the limits; then for real.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="run">The run.</param>
internal sealed class OutboundRun(MasterStore store, OutboundPipeline pipeline, RunContext run)
{
    private const int SaveOutcomes = 4096;

    // The connector reads writes and answers them on tasks of its own; the store is for one at a time.
    private readonly Lock _storeLock = new();
    private readonly Reasons _reasons = new();
    private readonly HashSet<long> _refused = [];
    private Counts _counts;

    /// <summary>Pushes.</summary>
    /// <param name="report">The counts go here, also when the push fails.</param>
    /// <param name="cancellationToken">Ends the push; what the destination had accepted is remembered.</param>
    public async Task PushAsync(PipelineReport report, CancellationToken cancellationToken)
    {
        var deliveries = new Deliveries(store, pipeline, run);
        report.Conflicts = null;
        if (deliveries.Held > 0 && run.Options.Undo is null)
            report.Notes = [.. report.Notes, $"of {deliveries.Held:N0} records something is held, since an undo took it back: `hub runs` shows which, `hub undo RUN --release` lets it go"];
        var planned = Count(deliveries, report, cancellationToken);
        CheckLimits(planned, deliveries.Delivered);
        await PushForecast.CheckAsync(pipeline, planned, report, run, cancellationToken);
        try
        {
            if (run.Options.Rehearsal)
                Pretend(deliveries);
            else if (planned.Created + planned.Changed + planned.Deleted > 0)
                await SendAsync(deliveries, planned, cancellationToken);
            deliveries.Finish();
        }
        finally
        {
            report.Counts = _counts + new Counts(0, 0, planned.Unchanged, 0, planned.Rejected, planned.Filtered);
            report.Reasons = _reasons.Top(20);
            report.Conflicts = deliveries.Conflicts;
        }
    }

    private Counts Count(Deliveries deliveries, PipelineReport report, CancellationToken cancellationToken)
    {
        var counts = new Counts();
        var shown = new List<PlannedWrite>();
        var refused = new List<(long, string)>();
        var total = Math.Max(1, deliveries.Count());
        foreach (var page in deliveries.Plan())
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var one in page)
            {
                counts += one.Fate switch
                {
                    DeliveryFate.Create => new Counts(1, 0, 0, 0, 0, 0),
                    DeliveryFate.Update => new Counts(0, 1, 0, 0, 0, 0),
                    DeliveryFate.Delete => new Counts(0, 0, 0, 1, 0, 0),
                    DeliveryFate.Refused => new Counts(0, 0, 0, 0, 1, 0),
                    DeliveryFate.Filtered => new Counts(0, 0, 0, 0, 0, 1),
                    _ => new Counts(0, 0, 1, 0, 0, 0),
                };
                if (Refuse(one))
                    refused.Add((one.MasterId, one.Refusal!));
                foreach (var (field, why) in one.Kept)
                    _reasons.Add("kept", "undo", field, Id(one), why, null);
                if (run.Options.Rehearsal && shown.Count < run.Options.ShowWrites && one.IsWrite)
                    shown.Add(Show(deliveries, one));
            }

            deliveries.SaveFacts(page);
            run.Progress.Report(new RunProgress(pipeline.Name, "compare", counts.Read, (double)counts.Read / total));
        }

        deliveries.SaveRefused(refused);
        report.Writes = shown;
        return counts;
    }

    private void CheckLimits(Counts planned, long delivered)
    {
        if (run.Options.IgnoreLimits)
            return;
        Check("change", planned.Changed, pipeline.Limits.ChangePercent, "limits.changePercent");
        Check("delete", planned.Deleted, pipeline.Limits.DeletePercent, "limits.deletePercent");

        void Check(string what, long count, double percent, string setting)
        {
            var allowed = Math.Max(pipeline.Limits.AlwaysAllowed, (long)(delivered * percent / 100));
            if (count > allowed)
            {
                throw new LimitException(
                    $"this run would {what} {count:N0} of the {delivered:N0} records at {pipeline.Connection.Name}/{pipeline.Stream}; {allowed:N0} are allowed without being asked ({setting}). Nothing was sent",
                    $"look at `{(run.Options.Undo is { } undone ? FormattableString.Invariant($"hub undo {undone} --plan") : $"hub plan {pipeline.Name}")} --ignore-limits`; if it is right, run again with --ignore-limits");
            }
        }
    }

    private async Task SendAsync(Deliveries deliveries, Counts planned, CancellationToken cancellationToken)
    {
        using var step = RunTrace.Step("push");
        await using var connection = run.Connections.Open(pipeline.Connection);
        var outcomes = new Dictionary<long, WriteOutcome>();
        var total = planned.Created + planned.Changed + planned.Deleted;
        var answered = 0L;
        try
        {
            var request = new PushRequest(pipeline.Stream, deliveries.Fields[0], deliveries.Fields);
            await foreach (var answer in connection.PushAsync(request, WritesAsync(deliveries, cancellationToken), cancellationToken))
            {
                var outcome = answer.Message is { } message ? answer with { Message = run.Options.Redact(message) } : answer;
                var (master, fate) = PlannedDelivery.Of(outcome.Id);
                if (fate == DeliveryFate.Rekey)
                    continue;
                outcomes[master] = outcome;
                answered++;
                Account(master, fate, outcome);
                lock (_storeLock)
                {
                    if (outcomes.Count >= SaveOutcomes)
                    {
                        deliveries.Save(outcomes);
                        outcomes.Clear();
                    }
                }

                if (answered % 256 == 0)
                    run.Progress.Report(new RunProgress(pipeline.Name, "push", answered, (double)answered / total));
            }
        }
        finally
        {
            lock (_storeLock)
                deliveries.Save(outcomes);
        }
    }

    private async IAsyncEnumerable<Write> WritesAsync(Deliveries deliveries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var pages = deliveries.Plan().GetEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<PlannedDelivery> page;
            lock (_storeLock)
            {
                if (!pages.MoveNext())
                    yield break;
                page = pages.Current;
                RefuseLate(deliveries, page);
                deliveries.Announce(page.FindAll(one => one.IsWrite));
            }

            foreach (var one in page.Where(one => one.IsWrite))
            {
                if (one.Removal() is { } removal)
                    yield return removal;
                yield return one.ToWrite();
            }

            await Task.Yield();
        }
    }

    private bool Refuse(PlannedDelivery one)
    {
        if (one.Refusal is not { } refusal || !_refused.Add(one.MasterId))
            return false;
        _reasons.Add("refused", "key", pipeline.Map[0].Field, Id(one), refusal, one.Fix);
        return true;
    }

    /// <summary>What only showed once everything had been counted: a record that was there already turned out to be another master's.</summary>
    private void RefuseLate(Deliveries deliveries, List<PlannedDelivery> page)
    {
        var late = page.FindAll(Refuse);
        _counts += new Counts(0, 0, 0, 0, late.Count, 0);
        deliveries.SaveRefused([.. late.Select(one => (one.MasterId, one.Refusal!))]);
    }

    private void Account(long master, DeliveryFate fate, WriteOutcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            _counts += new Counts(0, 0, 0, 0, 1, 0);
            _reasons.Add(
                "refused", failure.ToString().ToLowerInvariant(), outcome.Field, MasterId.Of(pipeline.Entity.Type, master), outcome.Message ?? "",
                outcome.Fault == WriteFault.ChangedMeanwhile ? "somebody has just edited it there: the next run reads that first"
                : outcome.Fault == WriteFault.NotFound ? "it is not there under the id that the hub knows: the next run sees whether it was removed or merged into another one"
                : failure == FailureKind.Transient ? "it is tried again by the next run" : "correct the record at its source or the mapping; it is sent again when it changes");
            return;
        }

        _counts += fate switch
        {
            DeliveryFate.Create => new Counts(1, 0, 0, 0, 0, 0),
            DeliveryFate.Delete => new Counts(0, 0, 0, 1, 0, 0),
            _ => new Counts(0, 1, 0, 0, 0, 0),
        };
    }

    /// <summary>A rehearsal: as if the destination took everything.</summary>
    private void Pretend(Deliveries deliveries)
    {
        foreach (var page in deliveries.Plan())
        {
            RefuseLate(deliveries, page);
            var outcomes = new Dictionary<long, WriteOutcome>();
            deliveries.Announce(page.FindAll(one => one.IsWrite));
            foreach (var one in page.Where(one => one.IsWrite))
            {
                outcomes[one.MasterId] = new WriteOutcome(PlannedDelivery.Number(one.MasterId, one.Fate));
                Account(one.MasterId, one.Fate, outcomes[one.MasterId]);
            }

            deliveries.Save(outcomes);
        }
    }

    private PlannedWrite Show(Deliveries deliveries, PlannedDelivery one)
    {
        var kind = one.Fate switch { DeliveryFate.Create => "create", DeliveryFate.Update => "change", _ => "delete" };
        var changed = one.Changed();
        var fields = one.Values
            .Select((value, i) => (Index: i, Field: new PlannedField(deliveries.Fields[i], one.Before(i).ToText(), value.ToText())))
            .Where(field => changed[field.Index] && (field.Field.Before is not null || field.Field.After is not null))
            .Select(field => field.Field);
        return new PlannedWrite(kind, Id(one), one.Key, [.. fields]);
    }

    private string Id(PlannedDelivery one) => MasterId.Of(pipeline.Entity.Type, one.MasterId);
}
