using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Undo;

/// <summary>
/// What has to be written to take back what a run wrote: what it made is removed, what it changed gets the values from before, what it removed is made
/// again. What somebody has changed since, a person or a later run, is left as it is and said.
/// </summary>
/// <param name="pipeline">The pipeline that wrote.</param>
/// <param name="outbound">Its number in the store.</param>
/// <param name="run">The run.</param>
internal sealed class UndoPlan(OutboundPipeline pipeline, long outbound, long run)
{
    private readonly List<string> _fields = [.. pipeline.Map.Select(field => field.Field)];
    private readonly DestinationRecords? _records = pipeline.Counterparts.Count == 0 ? null : new DestinationRecords(pipeline, outbound);

    /// <summary>The run.</summary>
    public long Run => run;

    /// <summary>Makes the masters that the run wrote to those to be looked at.</summary>
    public void AddCandidates(StoreTransaction transaction) => transaction.Execute(
        "insert into candidate (master_id) select w.master_id from run_write w where w.run_id = @run and w.outbound_id = @outbound and w.outcome <> 'r'", new { run, outbound });

    /// <summary>What some masters need.</summary>
    public List<PlannedDelivery> Of(StoreTransaction transaction, List<DeliveryRow> page, List<byte[]?> sent)
    {
        var written = WrittenRecord.Since(transaction, outbound, run, [.. page.Select(row => row.MasterId)]);
        var known = _records?.Of(transaction, page);
        return [.. page.Select((row, i) => Plan(new UndoneRecord(row, sent[i] is { } json ? PlannedDelivery.FromJson(_fields, json) : [], known), [.. written[row.MasterId]]))];
    }

    private PlannedDelivery Plan(UndoneRecord record, IReadOnlyList<WrittenRecord> written)
    {
        var (own, later) = (written[0], written.Skip(1).ToList());
        return own.Outcome switch
        {
            "c" when own.Fields.GetValueOrDefault(_fields[0]) is { Before.IsNull: false } key && !FieldValues.Same(key.Before, key.After) => Rename(record, own, later),
            "c" => Unmake(record, own, later),
            "d" => Remake(record, own, later),
            _ => Restore(record, own, later),
        };
    }

    /// <summary>The record that the run made is removed, if it is as the hub left it.</summary>
    private PlannedDelivery Unmake(UndoneRecord record, WrittenRecord own, List<WrittenRecord> later)
    {
        var row = record.Row;
        if (IsUndone(later))
            return Leave(row);
        if (Elsewhere(record, own, later) is { } why)
            return Leave(row, (null, why));
        if (!row.Made)
            return Leave(row, (null, "it was there before: the run found it by its key, and did not make it"));
        if (_fields.Find(field => record.Target?.Counterpart?.WasEdited(field) == true) is { } edited)
            return Leave(row, (edited, "somebody has edited it there since: the record stays"));
        return new PlannedDelivery(row.MasterId, DeliveryFate.Delete)
        {
            Key = row.Key,
            Fields = _fields,
            Sent = record.Sent,
            ExternalId = row.ExternalId,
            TwoWay = record.TwoWay([]),
            Hold = row.Values is null ? null : new Hold(HoldKind.Make, Would(row, _ => true)),
        };
    }

    /// <summary>The record that the run removed is made again, of what was there; it gets another id.</summary>
    private PlannedDelivery Remake(UndoneRecord record, WrittenRecord own, List<WrittenRecord> later)
    {
        var row = record.Row;
        if (IsUndone(later))
            return Leave(row);
        if (record.IsThere || Last(later) is not null)
            return Leave(row, (null, Last(later) is { } last ? By(last) : "it is there again"));
        var values = Before(own, record.Sent);
        if (Array.TrueForAll(values, value => value.IsNull))
            return Leave(row, (null, "the run kept nothing of what was there"));
        return new PlannedDelivery(row.MasterId, DeliveryFate.Create)
        {
            Key = values[0].ToText() is { Length: > 0 } key ? key : row.Key,
            Fields = _fields,
            Values = values,
            TwoWay = record.IsTwoWay ? new TwoWayDelivery { Row = row, Target = null, Fates = [.. values.Select(_ => (FieldFate?)FieldFate.Write)] } : null,
            Hold = row.Values is null ? new Hold(HoldKind.Remove, new Dictionary<string, Value>()) : Fields(row, values, _ => true),
        };
    }

    /// <summary>The run gave the record another key, which made it another record: it is made again under the one from before.</summary>
    private PlannedDelivery Rename(UndoneRecord record, WrittenRecord own, List<WrittenRecord> later)
    {
        var row = record.Row;
        if (IsUndone(later))
            return Leave(row);
        if (Elsewhere(record, own, later) is { } why)
            return Leave(row, (null, why));
        var values = Before(own, []);
        return new PlannedDelivery(row.MasterId, DeliveryFate.Create) { Key = values[0].ToText() ?? "", OldKey = row.Key, Values = values, Sent = record.Sent, Hold = Fields(row, values, _ => true) };
    }

    /// <summary>The fields that the run changed get the values from before, but for those that somebody has changed since.</summary>
    private PlannedDelivery Restore(UndoneRecord record, WrittenRecord own, List<WrittenRecord> later)
    {
        var row = record.Row;
        if (own.Changes is null)
            return Leave(row, (null, "the run kept nothing of what was there: it is from before an upgrade of the hub"));
        if (Last(later, "") is null && Gone(record, own, later) is { } why)
            return Leave(row, (null, why));
        var kept = new List<(string?, string)>();
        var back = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (field, (before, after)) in own.Fields)
        {
            var last = Last(later, field);
            if (last?.Undoes == run || FieldValues.Same(before, after))
                continue;
            if (last is not null)
                kept.Add((field, By(last)));
            else if (!_fields.Contains(field))
                kept.Add((field, $"pipelines/{pipeline.Name}.json does not map it any more, and the hub writes only what is mapped"));
            else if (!record.Is(field, _fields, after))
                kept.Add((field, "somebody has changed it there since"));
            else
                back.Add(field, before);
        }

        if (back.Count == 0)
            return Leave(row, [.. kept]);
        Value[] values = [.. _fields.Select((field, i) => back.TryGetValue(field, out var before) ? before : record.Now(field, i))];
        return new PlannedDelivery(row.MasterId, DeliveryFate.Update)
        {
            Key = row.Key,
            Fields = _fields,
            Values = values,
            Sent = record.Sent,
            ExternalId = row.ExternalId,
            TwoWay = record.TwoWay([.. _fields.Select(field => (FieldFate?)(back.ContainsKey(field) ? FieldFate.Write : FieldFate.Stays))]),
            Hold = Fields(row, values, back.ContainsKey),
            Kept = kept,
        };
    }

    private static PlannedDelivery Leave(DeliveryRow row, params IReadOnlyList<(string? Field, string Why)> kept) => new(row.MasterId, DeliveryFate.Unchanged) { Key = row.Key, Kept = kept };

    private bool IsUndone(List<WrittenRecord> later) => Last(later)?.Undoes == run;

    /// <summary>Who wrote the record last of those whose writes stand: a run and the run that took it back are as if neither had been.</summary>
    private static WrittenRecord? Last(List<WrittenRecord> later) =>
        later.SelectMany(one => one.Fields.Keys).Distinct(StringComparer.Ordinal).Append("").Select(field => Last(later, field)).OfType<WrittenRecord>().MaxBy(one => one.RunId);

    private static WrittenRecord? Last(List<WrittenRecord> later, string field)
    {
        var stands = new List<WrittenRecord>();
        foreach (var one in later.Where(one => one.Touches(field)))
        {
            if (stands.RemoveAll(other => other.RunId == one.Undoes) == 0)
                stands.Add(one);
        }

        return stands.LastOrDefault();
    }

    private static string By(WrittenRecord later) => FormattableString.Invariant($"run {later.RunId} has written it since: `hub undo {later.RunId}` first");

    private static string? Elsewhere(UndoneRecord record, WrittenRecord own, List<WrittenRecord> later) => Last(later) is { } last ? By(last) : Gone(record, own, later);

    private static string? Gone(UndoneRecord record, WrittenRecord own, List<WrittenRecord> later) =>
        record.Row.MergedInto is not null ? "it was merged into another customer since, whose record it is now"
        : !record.IsThere ? "it is no longer there"
        : own.ExternalId is not null && record.Row.ExternalId != own.ExternalId && !later.Exists(one => one.Outcome == "c" && one.ExternalId == record.Row.ExternalId) ? "the customer is another record there by now"
        : null;

    /// <summary>What the record was before, field by field.</summary>
    private Value[] Before(WrittenRecord own, Value[] otherwise) =>
        [.. _fields.Select((field, i) => own.Fields.TryGetValue(field, out var change) ? change.Before : own.Changes is null && i < otherwise.Length ? otherwise[i] : Value.Null)];

    private Dictionary<string, Value> Would(DeliveryRow row, Func<string, bool> which) =>
        Enumerable.Range(0, _fields.Count).Where(i => which(_fields[i])).ToDictionary(i => _fields[i], i => row.Values![i], StringComparer.Ordinal);

    /// <summary>What was held before and is not written now, and of what is written that which the hub would write otherwise.</summary>
    private Hold? Fields(DeliveryRow row, Value[] values, Func<string, bool> isWritten)
    {
        if (row.Values is null)
            return row.Hold;
        var held = Would(row, field => isWritten(field) ? !FieldValues.Same(row.Values[_fields.IndexOf(field)], values[_fields.IndexOf(field)]) : row.Hold is { Kind: HoldKind.Write } hold && hold.Holds(field));
        return held.Count == 0 ? null : new Hold(HoldKind.Write, held);
    }
}
