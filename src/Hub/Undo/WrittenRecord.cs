using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Undo;

/// <summary>What a run did to a record at a destination.</summary>
internal sealed class WrittenRecord
{
    private const string Columns = "b.k as master_id, w.run_id, w.outcome, w.changes, w.external_id, u.undoes";

    /// <summary>The master.</summary>
    public long MasterId { get; init; }

    /// <summary>The run.</summary>
    public long RunId { get; init; }

    /// <summary>c created, u changed, d deleted.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The destination's id of the record.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The run that the run took back, if it was an undo.</summary>
    public long? Undoes { get; init; }

    /// <summary>As it is kept: field → before and after; null when it was written by a hub that kept no such thing.</summary>
    public string? Changes { get; init; }

    /// <summary>What it changed, by field.</summary>
    public IReadOnlyDictionary<string, (Value Before, Value After)> Fields => field ??= Changes is null
        ? new Dictionary<string, (Value, Value)>()
        : FieldValues.Parse(System.Text.Encoding.UTF8.GetBytes(Changes)).ToDictionary(pair => pair.Key, pair => (Part(pair.Value, 0), Part(pair.Value, 1)), StringComparer.Ordinal);

    /// <summary>Whether it wrote a field, or the record as a whole.</summary>
    public bool Touches(string field) => Outcome != "u" || Fields.ContainsKey(field);

    /// <summary>What a run and all after it did to some masters, the earliest first.</summary>
    public static ILookup<long, WrittenRecord> Since(StoreTransaction transaction, long outbound, long run, long[] masters)
    {
        transaction.Batch(masters);
        return transaction.Query<WrittenRecord>(
            $"""
            select {Columns} from batch b join run_write w on w.master_id = b.k join run u on u.id = w.run_id
            where w.outbound_id = @outbound and w.run_id >= @run and w.outcome <> 'r' order by b.k, w.run_id
            """,
            new { outbound, run }).ToLookup(written => written.MasterId);
    }

    private static Value Part(Value pair, int index) => pair.AsList is { } list && index < list.Count ? FieldValues.Plain(list[index]) : Value.Null;
}
