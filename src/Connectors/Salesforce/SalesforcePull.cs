using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>
/// Reads an object: what changed, in the order of its age, by REST or by a bulk job as its number asks for; then what is gone. Each page
/// carries a cursor from which another process can go on.
/// </summary>
internal sealed class SalesforcePull(SalesforceApi api, ObjectCatalog catalog, SalesforceSettings settings, ConnectionContext context, PullRequest request)
{
    // A record carries the time at which its transaction began to save it, and shows when that has ended.
    private static readonly TimeSpan s_leastLag = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_jobsKept = TimeSpan.FromDays(6);

    // A job that the process read to its end is not read again by the next pull.
    private const string Consumed = "consumed";

    private readonly JobLedger _ledger = new(context);
    private readonly BulkJobs _jobs = new(api, context.Clock);
    private readonly BulkQuery _bulk = new(api, context.Clock);
    private readonly List<string> _notes = [];
    private SelectList _select = null!;
    private SalesforceCursor _place = null!;
    private DateTimeOffset _ceiling;
    private bool _isWhole;

    private int PageSize => Math.Clamp(request.PageSize, 1, 100_000);

    private string JobName => $"pull {_select.Target.Name}";

    public async IAsyncEnumerable<Page> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var target = await catalog.GetAsync(request.Stream, cancellationToken);
        var field = CursorField(target);
        _select = await SelectList.OfAsync(target, request.Fields, field, request.KeyField ?? "Id", name => catalog.GetAsync(name, cancellationToken));
        var saved = SalesforceCursor.Parse(request.Cursor, field, request.Stream);
        var (count, asked) = await api.CountAsync(target.Name, Where(field, From(saved), saved.Id), cancellationToken);
        var now = asked ?? context.Clock.GetUtcNow();
        saved = saved.Against(now, request.Stream);
        var from = From(saved);
        _ceiling = saved.Job?.Ceiling ?? now - (request.Lag > s_leastLag ? request.Lag : s_leastLag);
        _place = saved with { DeletedFrom = saved.DeletedFrom ?? _ceiling };
        _isWhole = request.Cursor is null;

        var deleted = new DeletedRecords(api, _select);
        // Asked first: what cannot be told later must not be found out when the changes are already read.
        var sweep = !_isWhole && field.Length > 0
            && (request.SweepDue || (deleted.CanTell && !await deleted.ReachesBackAsync(_place.DeletedFrom.Value, now, cancellationToken)));
        var pages = saved.Job is not null || count >= settings.BulkFrom ? BulkAsync(field, from, cancellationToken) : RestAsync(field, from, cancellationToken);
        await foreach (var page in pages)
            yield return page;
        if (field.Length == 0)
        {
            yield return new([]) { CompletesSnapshot = true, Notes = TakeNotes() };
            yield break;
        }

        _place = _place.Through(_ceiling);
        if (sweep)
        {
            await foreach (var page in SweepAsync(cancellationToken))
                yield return page;
        }
        else
        {
            await foreach (var page in GoneAsync(deleted, now, cancellationToken))
                yield return page;
        }

        _place = _place with { DeletedFrom = _ceiling };
        yield return new([]) { Cursor = _place.ToText(), CompletesSnapshot = sweep || _isWhole, Notes = TakeNotes() };
    }

    private string CursorField(SalesforceObject target)
    {
        if (request.CursorField is null)
            return target.CursorField?.Name ?? "";
        var field = target.Find(request.CursorField) ?? throw target.NoField(request.CursorField, "as the cursor of the pipeline");
        if (field.Kind != StreamFieldType.Instant)
            throw new ConnectorException(FailureKind.Configuration, $"{target.Name}.{field.Name} is a {field.Type}; a cursor has to be a date with time.", $"Leave `from.cursor` out: the hub then goes by {target.CursorField?.Name ?? "nothing"}.");
        return field.Name;
    }

    // Behind a record that was read nothing is missing; behind the end of a pull something may have been committed late.
    private DateTimeOffset? From(SalesforceCursor cursor) => cursor.Id is null ? cursor.At - request.Lag : cursor.At;

    private static string? Where(string field, DateTimeOffset? from, string? id) => field.Length == 0 ? null : Soql.From(field, from, id);

    private async IAsyncEnumerable<Page> RestAsync(string field, DateTimeOffset? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var readings in new RestQuery(api, _select).ReadAsync(field, from, _place.Id, PageSize, cancellationToken))
        {
            if (readings.Count == 0)
                continue;
            _place = _place.Behind(readings[^1], _ceiling);
            yield return PageOf([.. readings.Select(reading => reading.Row)], field.Length > 0);
        }
    }

    private async IAsyncEnumerable<Page> BulkAsync(string field, DateTimeOffset? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var soql = Soql.Select(_select.Columns.Select(column => column.Path), _select.Target.Name, Where(field, from, _place.Id));
        var start = await ReadyAsync(soql, cancellationToken);
        if (start is null)
        {
            _notes.Add($"Salesforce's Bulk API could not read {_select.Target.Name}; it was read by REST, which takes more calls.");
            await foreach (var page in RestAsync(field, from, cancellationToken))
                yield return page;
            yield break;
        }

        await foreach (var page in _bulk.ReadAsync(_select, start, PageSize, cancellationToken))
        {
            _place = _place with { Job = page.Behind };
            yield return PageOf(page.Rows, field.Length > 0);
        }

        // The job stays as long as Salesforce keeps it: a cursor that was saved on the way can still be gone on from.
        if (await _ledger.FindAsync(JobName, Hash(soql), s_jobsKept, cancellationToken) is { } job)
            await _ledger.SaveAsync(JobName, job with { State = Consumed }, cancellationToken);
    }

    // The job of the cursor, the one that a killed process left behind, or a new one. Null when Salesforce cannot do it.
    private async Task<BulkPlace?> ReadyAsync(string soql, CancellationToken cancellationToken)
    {
        if (_place.Job is { } begun)
        {
            if (await _jobs.WaitAsync(BulkJobs.Query, begun.Id, cancellationToken) is { IsComplete: true })
                return begun;
            // Gone after seven days, or thrown away by somebody: what it would have given is asked for anew.
            _place = _place with { Job = null };
        }

        if (await _ledger.FindAsync(JobName, Hash(soql), s_jobsKept, cancellationToken) is { Id: { } left } known)
        {
            if (known.State != Consumed && FieldValues.Instant(known.Extra.GetValueOrDefault("ceiling")) is { } reach
                && await _jobs.WaitAsync(BulkJobs.Query, left, cancellationToken) is { IsComplete: true })
            {
                // It shows the records as they were when it was made.
                _isWhole = false;
                _ceiling = reach;
                return new(left, null, 0, reach);
            }

            await _ledger.ForgetAsync(JobName, cancellationToken);
        }

        string id;
        try
        {
            (id, _) = await _jobs.QueryAsync(soql, cancellationToken);
        }
        catch (ConnectorException exception) when (exception is { Kind: not FailureKind.Transient, PausedUntil: null })
        {
            // Some objects cannot be queried in bulk; REST says it if the query itself is at fault.
            return null;
        }

        await _ledger.SaveAsync(JobName, new(id, Hash(soql), context.Clock.GetUtcNow()) { Extra = new Dictionary<string, string> { ["ceiling"] = FieldValues.Text(_ceiling) } }, CancellationToken.None);
        if (await _jobs.WaitAsync(BulkJobs.Query, id, cancellationToken) is { IsComplete: true })
            return new(id, null, 0, _ceiling);
        await _ledger.ForgetAsync(JobName, cancellationToken);
        return null;
    }

    private async IAsyncEnumerable<Page> GoneAsync(DeletedRecords deleted, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!deleted.CanTell)
            yield break;
        var rows = new List<SourceRow>();
        await foreach (var row in deleted.ReadAsync(_place.DeletedFrom!.Value - request.Lag, now, cancellationToken))
        {
            rows.Add(row);
            if (rows.Count < PageSize)
                continue;
            yield return PageOf(rows, withCursor: true);
            rows = [];
        }

        if (rows.Count > 0)
            yield return PageOf(rows, withCursor: true);
    }

    // Every id that is there: what is stored and is not among them is gone.
    private async IAsyncEnumerable<Page> SweepAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _notes.Add($"All ids of {_select.Target.Name} were looked over, to find out what is gone.");
        var keys = await SelectList.OfAsync(_select.Target, [], "", _select.KeyField, name => catalog.GetAsync(name, cancellationToken));
        await foreach (var readings in new RestQuery(api, keys).ReadAsync("", null, null, PageSize, cancellationToken))
        {
            // A converted lead is there, but stands for somebody else by now.
            var rows = readings.Where(reading => !reading.Row.IsDelete).Select(reading => _select.KeyRow(reading.Id, reading.Key, isGone: false, aliasOf: null)).ToList();
            if (rows.Count > 0)
                yield return PageOf(rows, withCursor: true);
        }
    }

    private Page PageOf(IReadOnlyList<SourceRow> rows, bool withCursor) => new(rows) { Cursor = withCursor ? _place.ToText() : null, Notes = TakeNotes() };

    private IReadOnlyList<string> TakeNotes()
    {
        if (_notes.Count == 0)
            return [];
        IReadOnlyList<string> notes = [.. _notes];
        _notes.Clear();
        return notes;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 8);
}
