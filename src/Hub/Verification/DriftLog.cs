using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Verification;

/// <summary>Counts what differs between a system and the store, and keeps the ids of the first few.</summary>
internal sealed class DriftLog
{
    private const int Shown = 10;

    private readonly Kind _missing = new();
    private readonly Kind _different = new();
    private readonly Kind _gone = new();

    /// <summary>What was found so far.</summary>
    public Drift Found => new(_missing.Count, _different.Count, _gone.Count);

    /// <summary>Counts a page that has landed. What is nothing but the hub's own write coming back is no difference.</summary>
    public void Count(PageWork page)
    {
        foreach (ref readonly var row in page.Rows)
        {
            if (row.Arrival is { IsWholeEcho: true })
                continue;
            (row.Fate switch { RowFate.Created => _missing, RowFate.Changed => _different, RowFate.Deleted => _gone, _ => null })?.Add(row.Key!);
        }
    }

    /// <summary>Counts records that are no longer in the system.</summary>
    public void Gone(StoreTransaction transaction, List<long> records)
    {
        transaction.Batch([.. records.Take(Shown)]);
        var first = transaction.Query<string>("select r.source_id from batch b join source_record r on r.id = b.k order by b.i");
        for (var i = 0; i < records.Count; i++)
            _gone.Add(i < first.Count ? first[i] : null);
    }

    /// <summary>Counts a record that was delivered and is not there.</summary>
    public void Missing(string id) => _missing.Add(id);

    /// <summary>Counts a record that was delivered and is otherwise there.</summary>
    public void Different(string id) => _different.Add(id);

    private sealed class Kind
    {
        private readonly List<string> _first = [];
        private long _count;

        public DriftCount Count => new(_count, _first);

        public void Add(string? id)
        {
            _count++;
            if (id is not null && _first.Count < Shown)
                _first.Add(id);
        }
    }
}
