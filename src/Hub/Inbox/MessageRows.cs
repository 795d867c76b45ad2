using System.Collections;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Inbox;

/// <summary>Rows of a page that came as webhook messages: each knows which one brought it. No two have the same key.</summary>
internal sealed class MessageRows : IReadOnlyList<SourceRow>
{
    private readonly List<(SourceRow Row, long Message)> _rows = [];
    private readonly List<long> _whole = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>The messages that end with this page: it is durable with all that they brought.</summary>
    public IReadOnlyList<long> Whole => _whole;

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public SourceRow this[int index] => _rows[index].Row;

    /// <summary>The message that brought a row.</summary>
    public long MessageOf(int index) => _rows[index].Message;

    /// <summary>Adds a row; false when one with its key is there already, and it has to go into the next page.</summary>
    public bool TryAdd(SourceRow row, string? key, long message)
    {
        if (key is not null && !_keys.Add(key))
            return false;

        // The quarantine shows where a row stood: in this message.
        _rows.Add((new SourceRow(row.Shape, row.Values)
        {
            Position = new RowPosition(FormattableString.Invariant($"webhook {message}"), row.Position.Line),
            Fault = row.Fault,
            IsDelete = row.IsDelete,
            AliasOf = row.AliasOf,
            IsSighting = row.IsSighting,
            Version = row.Version,
        }, message));
        return true;
    }

    /// <summary>A message ends here.</summary>
    public void End(long message) => _whole.Add(message);

    /// <inheritdoc/>
    public IEnumerator<SourceRow> GetEnumerator() => _rows.Select(row => row.Row).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
