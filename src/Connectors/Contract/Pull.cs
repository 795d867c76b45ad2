using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Contract;

/// <summary>What to pull.</summary>
/// <param name="Stream">The stream's name.</param>
public sealed record PullRequest(string Stream)
{
    /// <summary>The cursor saved by the last pull, or null to start from the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>
    /// The field that tells how new a record is. Null: a connector whose streams declare a cursor field takes that one, any other
    /// pulls everything each time.
    /// </summary>
    public string? CursorField { get; init; }

    /// <summary>How far to read back behind the cursor, for records that were committed late.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>The field that identifies a record; with the cursor field it orders records of equal age.</summary>
    public string? KeyField { get; init; }

    /// <summary>The most rows in a page, 1 to 100,000.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>The fields that are needed, as the source writes them; null for all. Key, cursor and version come in any case.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>
    /// Whether to look over all ids as well, to find out what is gone; of interest to streams with <see cref="DeleteStrategy.Swept"/>.
    /// The pull then gives a sighting of each record and ends with <see cref="Page.CompletesSnapshot"/>.
    /// </summary>
    public bool SweepDue { get; init; }

    /// <summary>Things already taken for good, such as files of a drop folder.</summary>
    public IReceipts Receipts { get; init; } = NoReceipts.Instance;

    private sealed class NoReceipts : IReceipts
    {
        public static NoReceipts Instance { get; } = new();

        public ValueTask<bool> ContainsAsync(string id, CancellationToken cancellationToken) => ValueTask.FromResult(false);
    }
}

/// <summary>What a connection has already taken for good; kept by the hub in its store.</summary>
public interface IReceipts
{
    /// <summary>Whether the thing was taken by an earlier, committed pull of this stream.</summary>
    /// <param name="id">What identifies it: the content hash of a file.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    ValueTask<bool> ContainsAsync(string id, CancellationToken cancellationToken);
}

/// <summary>Some rows of a stream, and how far the pull has come with them.</summary>
/// <param name="Rows">The rows; may be none.</param>
public sealed record Page(IReadOnlyList<SourceRow> Rows)
{
    /// <summary>
    /// The cursor that covers all rows up to the end of this page, saved with them; null leaves the saved one alone. It is small,
    /// and a pull can be resumed from it.
    /// </summary>
    public string? Cursor { get; init; }

    /// <summary>
    /// True on the last page of a pull that gave every record the stream has: what is stored and was not seen is gone.
    /// A pull that ends without such a page proves nothing about absence.
    /// </summary>
    public bool CompletesSnapshot { get; init; }

    /// <summary>A receipt that is saved with these rows, or null. The thing it stands for is never taken again.</summary>
    public string? Receipt { get; init; }

    /// <summary>What to do once rows, cursor and receipt are durable: move a file away. Never called in a rehearsal. Null for nothing.</summary>
    public Func<CancellationToken, ValueTask>? AfterCommit { get; init; }

    /// <summary>Bytes read from the source so far, and in all; for progress. 0 where unknown.</summary>
    public (long Done, long Total) Progress { get; init; }

    /// <summary>Something the user should hear about once: an encoding guessed, a header repeated.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
