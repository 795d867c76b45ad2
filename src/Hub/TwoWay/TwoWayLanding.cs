using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Survivorship;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>
/// What a two-way stream does while its rows land: keeps what stands at the destination, tells the hub's own writes from edits, and joins records
/// that the hub made with the masters it made them for.
/// </summary>
internal sealed class TwoWayLanding
{
    private readonly IReadOnlyList<TwoWayPartner> _partners;
    private readonly OwnRecords _own;
    private readonly RunContext _run;

    /// <summary>For an inbound pipeline that has counterparts.</summary>
    public TwoWayLanding(StoreTransaction transaction, InboundPipeline pipeline, RunContext run)
    {
        _run = run;
        _partners = [.. pipeline.Counterparts.Select(outbound => new TwoWayPartner(outbound, OutboundState.Load(transaction, outbound).Id, pipeline))];
        _own = new OwnRecords(run);
        Wanted = unchecked((long)ContentHash.Of(string.Join('\u001f', _partners.SelectMany(partner => partner.Fields.Prepend($"{partner.Id}:")))));
    }

    /// <summary>The hash of what is to be known of each record; when it is another one, everything has to be read again.</summary>
    public long Wanted { get; }

    /// <summary>How many rows were nothing but the hub's own writes.</summary>
    public long Echoes { get; private set; }

    /// <summary>Compares a page with what is known of the records at the other end.</summary>
    public void Compare(StoreTransaction transaction, PageWork page)
    {
        var rows = new List<int>();
        for (var i = 0; i < page.Rows.Length; i++)
        {
            if (page.Rows[i].Fate is RowFate.ToMap or RowFate.Unchanged && page.Rows[i].Key is { Length: > 0 } && page.Source[i] is { Fault: null, IsDelete: false, IsSighting: false })
                rows.Add(i);
        }

        if (rows.Count == 0)
            return;
        var keys = rows.ConvertAll(i => page.Rows[i].Key!);
        foreach (var partner in _partners)
        {
            var known = CounterpartTable.Read(transaction, partner.Id, keys);
            var unknown = rows.FindAll(i => page.Rows[i].RecordId == 0 || page.Rows[i].WasGone || !known.ContainsKey(page.Rows[i].Key!));
            var delivered = OwnRecords.Delivered(transaction, partner, unknown.ConvertAll(i => page.Rows[i].Key!));
            foreach (var i in rows)
            {
                ref var work = ref page.Rows[i];
                if (!known.TryGetValue(work.Key!, out var counterpart))
                    counterpart = new Counterpart { ExternalId = work.Key! };
                else if (work.Fate == RowFate.Unchanged && !counterpart.Awaits && counterpart.Seen is not null && counterpart.Version == page.Source[i].Version)
                    continue;
                var arrival = work.Arrival ??= new RowArrival();
                if (delivered.TryGetValue(work.Key!, out var delivery))
                {
                    arrival.Delivered ??= (delivery.Master, delivery.Made);

                    // From the time before the stream was a two-way one.
                    counterpart.Sent ??= delivery.Sent;
                }

                arrival.Add(partner, counterpart.Arrive(partner.Of(page.Source[i]), page.Source[i].Version));
            }
        }

        foreach (var i in rows)
        {
            ref var work = ref page.Rows[i];
            if (work.Arrival is { WasAwaited: true } && work.Fate == RowFate.Unchanged)
                work.Fate = RowFate.ToMap;
            if (work.Arrival is { IsWholeEcho: true })
                Echoes++;
        }
    }

    /// <summary>Writes down what a page brought, once its records have their numbers.</summary>
    /// <returns>How many rows were written.</returns>
    public int Write(StoreTransaction transaction, PageWork page)
    {
        var written = 0;
        foreach (var partner in _partners)
        {
            var kept = new List<Counterpart>();
            foreach (ref readonly var row in page.Rows)
            {
                if (row.Fate == RowFate.Rejected || row.RecordId == 0 || row.Arrival is null)
                    continue;
                foreach (var (owner, arrival) in row.Arrival.Parts)
                {
                    if (owner == partner && arrival.MustBeKept)
                        kept.Add(arrival.Counterpart);
                }
            }

            CounterpartTable.Write(transaction, partner.Id, kept);
            written += kept.Count;
        }

        Believe(transaction, page);
        Join(transaction, page);
        return written;
    }

    /// <summary>Where the destination is to have its way, the golden record takes what was edited there at once.</summary>
    private void Believe(StoreTransaction transaction, PageWork page)
    {
        foreach (ref readonly var row in page.Rows)
        {
            if (row.Fate != RowFate.Changed || row.Arrival is not { } arrival)
                continue;
            foreach (var (partner, part) in arrival.Parts)
                DecisionTable.Believe(transaction, row.RecordId, part.Edited.SelectMany(field => partner.GivesWay.GetValueOrDefault(field) ?? []), _run.Now, _run.RunId);
        }
    }

    private void Join(StoreTransaction transaction, PageWork page)
    {
        var fresh = new List<OwnRecord>();
        var json = page.Json.WrittenSpan;
        foreach (ref readonly var row in page.Rows)
        {
            if (row.Fate != RowFate.Created || row.Arrival is not { } arrival || row.RecordId == 0)
                continue;
            var (partner, first) = arrival.Parts[0];
            var record = json.Slice(row.JsonStart, row.JsonLength);
            fresh.Add(new OwnRecord(row.RecordId, row.Key!, partner, first.Counterpart.Seen?.GetValueOrDefault(partner.Fields[0]).ToText(), arrival.Delivered)
            {
                Times = FieldTimes.AfterEdits(FieldTimes.OfCopy, record, null, record, row.ModifiedAt ?? _run.Now, arrival.EditedPaths, _ => true, (_, _) => false).Times,
            });
        }

        if (fresh.Count > 0)
            _own.Join(transaction, fresh);
    }
}
