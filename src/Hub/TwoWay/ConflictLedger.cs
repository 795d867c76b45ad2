using System.Text.Json;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>Writes conflicts down: those that wait for a person, and those that a policy settled, with who lost.</summary>
/// <param name="pipeline">The outbound pipeline.</param>
/// <param name="outbound">Its number in the store.</param>
/// <param name="run">The run.</param>
internal sealed class ConflictLedger(OutboundPipeline pipeline, long outbound, RunContext run)
{
    /// <summary>Before anything is sent: what waits for a person, what the golden record is to take, and what is over.</summary>
    /// <returns>How many fields the golden record takes.</returns>
    public int Keep(StoreTransaction transaction, PlannedDelivery one, IReadOnlyList<Mapping.Records.EntityField>[] paths)
    {
        var delivery = one.TwoWay!;
        var yielded = 0;
        foreach (var row in delivery.Conflicts)
        {
            var field = one.Fields.IndexOf(row.Field);
            if (field < 0 || !delivery.Decided.Exists(decided => decided.Field == field) && !delivery.Waits)
                End(transaction, row, delivery.Target!);
            else if (delivery.Decided.Find(decided => decided.Field == field) is { Fate: FieldFate.Yield })
                Settle(transaction, row, "source", row.Note);
        }

        foreach (var decided in delivery.Decided)
        {
            if (decided.Fate == FieldFate.Ask)
            {
                Ask(transaction, one, decided);
            }
            else if (decided.Fate == FieldFate.Yield)
            {
                yielded++;
                DecisionTable.Believe(transaction, pipeline.Entity.Type.Name, one.MasterId, delivery.Target!.RecordId, paths[decided.Field].Select(path => path.Path), run.Now, run.RunId);
                if (decided.Sides.OursChanged && !delivery.Conflicts.Any(row => row.Field == one.Fields[decided.Field]))
                    Insert(transaction, one, decided, "settled", "source");
            }
        }

        foreach (var duplicate in delivery.Duplicates)
        {
            transaction.Execute(
                """
                insert into field_conflict (outbound_id, master_id, record_id, field, policy, state, run_id, at, note)
                values (@outbound, @MasterId, @RecordId, '', '', 'duplicate', @RunId, @Now, @note)
                """,
                new { outbound, one.MasterId, duplicate.RecordId, run.RunId, run.Now, note = $"{delivery.Target!.Id} is the one that is kept up to date" });
        }

        return yielded;
    }

    /// <summary>Before writes are sent that go over edits: should the answer be lost, nobody could tell any more what stood there.</summary>
    public void Announce(StoreTransaction transaction, PlannedDelivery one)
    {
        foreach (var decided in Overruling(one).Where(decided => KnownOf(one, decided) is null))
            Insert(transaction, one, decided, "announced", "hub");
    }

    /// <summary>Whether a write goes over edits.</summary>
    public static bool Overrules(PlannedDelivery one) => Overruling(one).Count > 0;

    /// <summary>Once the destination has taken a write: whose edits it went over.</summary>
    /// <returns>How many.</returns>
    public int Overruled(StoreTransaction transaction, PlannedDelivery one)
    {
        var overruled = Overruling(one);
        foreach (var decided in overruled)
        {
            if (KnownOf(one, decided) is { } row)
                Settle(transaction, row, "hub", row.Note);
            else if (!SettleAnnounced(transaction, one, decided))
                Insert(transaction, one, decided, "settled", "hub");
        }

        return overruled.Count;
    }

    // What this run itself announced stands in the books since, and not in what was planned before.
    private bool SettleAnnounced(StoreTransaction transaction, PlannedDelivery one, DecidedField decided) => transaction.Execute(
        """
        update field_conflict set state = 'settled', winner = 'hub', decided_at = @Now, decided_by = @by
        where outbound_id = @outbound and record_id = @RecordId and field = @field and state = 'announced' and run_id = @RunId
        """,
        new { run.Now, by = FormattableString.Invariant($"run {run.RunId}"), outbound, one.TwoWay!.Target!.RecordId, field = one.Fields[decided.Field], run.RunId }) > 0;

    private static List<DecidedField> Overruling(PlannedDelivery one) => one.TwoWay?.Decided.FindAll(decided => decided.Fate == FieldFate.Overrule) ?? [];

    // What was written down of an earlier edit is not about this one.
    private static ConflictRow? KnownOf(PlannedDelivery one, DecidedField decided) =>
        one.TwoWay!.Conflicts.FirstOrDefault(row => row.Field == one.Fields[decided.Field] && FieldValues.Same(row.TheirsValue, decided.Sides.Theirs));

    // It was announced, and stands there: the destination had taken it though nobody heard the answer.
    private void End(StoreTransaction transaction, ConflictRow row, DestinationRecord target)
    {
        if (row.State == "announced" && target.Counterpart is { } counterpart && FieldValues.Same(counterpart.Theirs(row.Field), row.OursValue))
            Settle(transaction, row, "hub", row.Note);
        else
            Settle(transaction, row, "both", "no longer in conflict");
    }

    private void Ask(StoreTransaction transaction, PlannedDelivery one, DecidedField decided)
    {
        if (one.TwoWay!.Conflicts.FirstOrDefault(row => row.Field == one.Fields[decided.Field]) is not { } known)
        {
            Insert(transaction, one, decided, "open", null);
            return;
        }

        if (known.State == "open" && FieldValues.Same(known.TheirsValue, decided.Sides.Theirs) && FieldValues.Same(known.OursValue, decided.Sides.Ours) && known.MasterId == one.MasterId)
            return;
        transaction.Execute(
            "update field_conflict set master_id = @MasterId, ours = @ours, theirs = @theirs, ours_at = @oursAt, theirs_at = @theirsAt, state = 'open', winner = null where id = @Id",
            new { known.Id, one.MasterId, ours = Json(decided.Sides.Ours), theirs = Json(decided.Sides.Theirs), oursAt = Milliseconds(decided.OursAt), theirsAt = Milliseconds(decided.TheirsAt) });
    }

    private void Insert(StoreTransaction transaction, PlannedDelivery one, DecidedField decided, string state, string? winner)
    {
        var field = one.Fields[decided.Field];
        transaction.Execute(
            """
            insert into field_conflict (outbound_id, master_id, record_id, field, base, ours, theirs, ours_at, theirs_at, policy, state, winner, run_id, at, decided_at, decided_by)
            values (@outbound, @MasterId, @RecordId, @field, @agreed, @ours, @theirs, @oursAt, @theirsAt, @policy, @state, @winner, @RunId, @Now, @decidedAt, @by)
            """,
            new
            {
                outbound,
                one.MasterId,
                one.TwoWay!.Target!.RecordId,
                field,
                agreed = one.TwoWay.Target.Counterpart is { } counterpart && counterpart.HasBase(field) ? Json(counterpart.Sent![field]) : null,
                ours = Json(decided.Sides.Ours),
                theirs = Json(decided.Sides.Theirs),
                oursAt = Milliseconds(decided.OursAt),
                theirsAt = Milliseconds(decided.TheirsAt),
                policy = JsonNamingPolicy.CamelCase.ConvertName(decided.Policy.ToString()),
                state,
                winner,
                run.RunId,
                run.Now,
                decidedAt = winner is null ? (long?)null : run.Now,
                by = winner is null ? null : FormattableString.Invariant($"run {run.RunId}"),
            });
    }

    private void Settle(StoreTransaction transaction, ConflictRow row, string winner, string? note) => transaction.Execute(
        "update field_conflict set state = 'settled', winner = @winner, note = @note, decided_at = case when decided_at is null then @Now else decided_at end, decided_by = case when decided_by is null then @by else decided_by end where id = @Id",
        new { row.Id, winner, note, run.Now, by = FormattableString.Invariant($"run {run.RunId}") });

    private static long? Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    private static string? Json(Value value) => value.IsNull ? null : RecordJson.ToJson(value);
}
