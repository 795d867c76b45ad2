using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>
/// One pull of a module: what changed since the cursor, oldest first; when that is very much the rest by bulk jobs, and what changed while
/// those ran; then what was deleted.
/// </summary>
internal sealed class ZohoPull(ZohoApi api, ZohoRows rows, ZohoSettings settings, TimeProvider clock, PullRequest request)
{
    // A time far ahead is none that Zoho wrote; as a cursor it would hide every record until then.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromDays(1);

    private readonly ZohoReading _reading = new(api, rows);
    private readonly List<string> _notes = [];
    private List<SourceRow> _page = [];
    private Dictionary<string, int> _placeInPage = new(StringComparer.Ordinal);
    private ZohoCursor _cursor = new();
    private readonly HashSet<string> _newest = new(StringComparer.Ordinal);
    private DateTimeOffset? _newestTime;
    private DateTimeOffset? _serverTime;
    private long _given;

    public async IAsyncEnumerable<Page> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var saved = Saved();
        _cursor = saved ?? new();
        // A whole pull may end in two halves; only one that began at the beginning has seen everything.
        var isWhole = saved is null;
        var (rest, isMuch) = (_cursor.Bulk, _cursor.Bulk is not null);
        if (!isMuch)
        {
            var taken = 0;
            await foreach (var batch in _reading.SinceAsync(Before(_cursor.Modified, request.Lag), cancellationToken))
            {
                foreach (var page in Take(batch))
                    yield return page;
                taken += batch.Rows.Count;
                if (batch.More && taken >= settings.BulkReadFrom && settings.BulkReadFrom > 0 && !_reading.ListsOnly && rows.FitBulk && _cursor.Modified is not null)
                {
                    isMuch = true;
                    break;
                }
            }
        }

        if (isMuch)
        {
            if (_page.Count > 0)
                yield return Flush();
            await foreach (var page in BulkAsync(rest, cancellationToken))
                yield return page;
            await foreach (var batch in _reading.SinceAsync(Before(_cursor.Modified, request.Lag), cancellationToken))
            {
                foreach (var page in Take(batch))
                    yield return page;
            }
        }

        if (saved?.Deleted is { } since)
        {
            await foreach (var gone in new ZohoDeletions(api, rows).SinceAsync(Before(since, request.Lag)!.Value, cancellationToken))
            {
                foreach (var row in gone)
                {
                    Add(row);
                    if (_page.Count >= request.PageSize)
                        yield return Flush();
                }
            }
        }

        // Only now: had the pull ended before, the next one would have to read the deletions from where this one did.
        _cursor = _cursor with { Deleted = _serverTime ?? _cursor.Deleted };
        yield return Flush() with { CompletesSnapshot = isWhole };
    }

    private async IAsyncEnumerable<Page> BulkAsync(ZohoCursor.BulkPlace? rest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = new ZohoNames(api, rows);
        var began = rest?.Began;
        await foreach (var (records, place) in new ZohoBulkRead(api, rows, clock).ReadAsync(_cursor.Modified, rest, request.PageSize, cancellationToken))
        {
            await names.CompleteAsync(records, cancellationToken);
            // A job begins with the second at which the lists ended; what they gave of it, thousands after an import, is not given twice.
            foreach (var values in records.Where(values => !(rows.ModifiedOf(values) == _newestTime && _newest.Contains(ZohoRows.IdOf(values)))))
                Add(rows.Row(values));
            began = place?.Began ?? began;
            // What changed after the first job had begun may be in a file as it was before: from then on it is read again.
            _cursor = place is null ? _cursor with { Bulk = null, Modified = began ?? _cursor.Modified } : _cursor with { Bulk = place };
            if (records.Count > 0)
                yield return Flush();
        }
    }

    private IEnumerable<Page> Take(ZohoBatch batch)
    {
        // The first answer's clock: whatever is deleted from here on belongs to the next pull.
        _serverTime ??= batch.ServerTime ?? clock.GetUtcNow();
        _cursor = _cursor with { Deleted = _cursor.Deleted ?? _serverTime };
        foreach (var row in batch.Rows)
        {
            Add(row);
            Note(row);
            if (_page.Count < request.PageSize)
                continue;
            if (!row.IsDelete)
                Advance(rows.ModifiedOf(row.Values));
            yield return Flush();
        }

        Advance(batch.Newest);
    }

    /// <summary>Keeps the ids of the records of the newest second.</summary>
    private void Note(SourceRow row)
    {
        if (row.IsDelete || rows.ModifiedOf(row.Values) is not { } time || time < _newestTime)
            return;
        if (time != _newestTime)
            _newest.Clear();
        _newestTime = time;
        _newest.Add(ZohoRows.IdOf(row.Values));
    }

    private void Advance(DateTimeOffset? to)
    {
        if (to is { } time && (_cursor.Modified is not { } mark || time > mark))
            _cursor = _cursor with { Modified = time };
    }

    // A record that changed while it was read comes twice; within a page only its last state counts.
    private void Add(SourceRow row)
    {
        var id = row.Values[0].ToText() ?? "";
        if (_placeInPage.TryGetValue(id, out var place))
        {
            _page[place] = row;
            return;
        }

        _placeInPage[id] = _page.Count;
        _page.Add(row);
    }

    private Page Flush()
    {
        var page = new Page(_page) { Cursor = _cursor.Write(), Progress = (_given += _page.Count, 0), Notes = [.. _notes] };
        _notes.Clear();
        (_page, _placeInPage) = ([], new(StringComparer.Ordinal));
        return page;
    }

    private ZohoCursor? Saved()
    {
        if (request.CursorField is { } field && field != ZohoField.Modified)
            throw new ConnectorException(FailureKind.Configuration, $"{request.Stream} cannot be pulled by '{field}'.", $"Zoho tells of changes by `{ZohoField.Modified}` only: set the pipeline's `cursor` to it, or leave it out.");
        if (request.Cursor is not { } text)
            return null;
        if (ZohoCursor.Read(text) is not { } saved)
            _notes.Add($"{request.Stream}: the saved cursor is not one that this connector wrote; everything is read anew.");
        else if (saved.Modified > clock.GetUtcNow() + s_clockSkew || saved.Deleted > clock.GetUtcNow() + s_clockSkew)
            _notes.Add($"{request.Stream}: the saved cursor lies in the future; everything is read anew.");
        else
            return rows.Ordinal(ZohoField.Modified) < 0 ? saved with { Modified = null } : saved;
        return null;
    }

    private static DateTimeOffset? Before(DateTimeOffset? time, TimeSpan lag) =>
        time is { } some ? some - DateTimeOffset.UnixEpoch > lag ? some - lag : DateTimeOffset.UnixEpoch : null;
}
