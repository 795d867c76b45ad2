using System.Buffers;
using Crm.Integration.Hub.TwoWay;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>A page on its way through an inbound pipeline. Used again for page after page: its buffers are large.</summary>
internal sealed class PageWork
{
    private RowWork[] _rows = [];

    /// <summary>The rows as pulled.</summary>
    public IReadOnlyList<SourceRow> Source { get; private set; } = [];

    /// <summary>What is known of each row.</summary>
    public Span<RowWork> Rows => _rows.AsSpan(0, Source.Count);

    /// <summary>The keys of rows that the store does not have yet.</summary>
    public HashSet<string> NewKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>The mapped records, one after the other.</summary>
    public ArrayBufferWriter<byte> Json { get; } = new();

    /// <summary>Takes another page.</summary>
    public void Take(IReadOnlyList<SourceRow> rows)
    {
        if (_rows.Length < rows.Count)
            _rows = new RowWork[rows.Count];
        Source = rows;
        Rows.Clear();
        NewKeys.Clear();
        Json.ResetWrittenCount();
    }
}

/// <summary>What is known of one row on its way through an inbound pipeline.</summary>
internal struct RowWork
{
    /// <summary>What becomes of it.</summary>
    public RowFate Fate;

    /// <summary>Its source id; null when it has none.</summary>
    public string? Key;

    /// <summary>The hash of its mapped columns.</summary>
    public long RowHash;

    /// <summary>The stored record with its key; 0 when there is none.</summary>
    public long RecordId;

    /// <summary>The hash of the stored record's content.</summary>
    public long StoredHash;

    /// <summary>Whether the stored record was gone.</summary>
    public bool WasGone;

    /// <summary>Whether it says no more than that its record is there.</summary>
    public bool IsSighting;

    /// <summary>Of a two-way stream: what it says to the pipelines that write there.</summary>
    public RowArrival? Arrival;

    /// <summary>When the source says it was changed.</summary>
    public long? ModifiedAt;

    /// <summary>The mapped record, until it is written as JSON.</summary>
    public EntityRecord? Record;

    /// <summary>Where its JSON begins in <see cref="PageWork.Json"/>.</summary>
    public int JsonStart;

    /// <summary>How long its JSON is.</summary>
    public int JsonLength;

    /// <summary>The hash of its content.</summary>
    public long DataHash;

    /// <summary>Why it was rejected.</summary>
    public Rejection? Rejection;

    /// <summary>Rules it broke that only blank or warn; null for none.</summary>
    public List<Violation>? Findings;
}

/// <summary>What becomes of a row.</summary>
internal enum RowFate : byte
{
    /// <summary>To be looked up.</summary>
    Pulled,

    /// <summary>New or changed as a row: to be mapped.</summary>
    ToMap,

    /// <summary>Not taken by <c>where</c>.</summary>
    Filtered,

    /// <summary>As stored.</summary>
    Unchanged,

    /// <summary>Came by a webhook and is older than what is stored: counted as unchanged.</summary>
    Stale,

    /// <summary>Its mapped columns changed, but not what they mean: only the row's hash is written.</summary>
    Touched,

    /// <summary>New.</summary>
    Created,

    /// <summary>Changed.</summary>
    Changed,

    /// <summary>Gone, as the source reports.</summary>
    Deleted,

    /// <summary>In quarantine.</summary>
    Rejected,
}

/// <summary>Why a row is rejected.</summary>
/// <param name="Rule">The rule or fault code.</param>
/// <param name="Path">The field, or null.</param>
/// <param name="Place">"pipelines/shop.json:12".</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do.</param>
internal sealed record Rejection(string Rule, string? Path, string Place, string Message, string Fix);
