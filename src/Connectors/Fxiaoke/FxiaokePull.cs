using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Fxiaoke;

/// <summary>
/// One pull of an object: what changed since the cursor, or everything, in the order of the ids and always from the last id on; then, when
/// it is due, a look at all ids for what is gone.
/// </summary>
internal sealed class FxiaokePull(FxiaokeApi api, FxiaokeObject known, PullRequest request, TimeProvider clock)
{
    private static readonly string[] s_always = [FxiaokeObject.Id, FxiaokeObject.Modified, FxiaokeObject.LifeStatus, FxiaokeObject.IsDeleted];

    // Every field from the start: those without a value are left out of records.
    private readonly RowBuilder _rows = new((request.Fields ?? [.. known.Fields.Values.Where(field => field.Readable).Select(field => field.Name)]).Union(s_always));
    private readonly int _limit = Math.Min(FxiaokeApi.MostRecords, request.PageSize);
    private readonly HashSet<string>? _wanted = request.Fields is { } fields ? [.. s_always, .. fields, .. request.KeyField is { } key ? new[] { key } : []] : null;

    public async IAsyncEnumerable<Page> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.CursorField is { } field && field != FxiaokeObject.Modified)
            throw new ConnectorException(FailureKind.Configuration, $"{known.Name} cannot be read by '{field}'.", $"Set `cursor` to {FxiaokeObject.Modified} in the pipeline, or take it out.");
        var cursor = ScanCursor.Resume(request, clock.GetUtcNow());
        var whole = cursor is { From: null, At: null };
        var notes = cursor.Notes;
        var held = new Page([]);
        long done = 0;
        await foreach (var page in PagesAsync(cursor.From, cursor.At, Projection(), cancellationToken))
        {
            if (held.Rows.Count > 0)
                yield return held;
            cursor.Begun(page.At ?? clock.GetUtcNow());
            var rows = new List<SourceRow>(page.Records.Count);
            foreach (var record in page.Records)
            {
                cursor.Saw(Modified(record));
                rows.Add(Row(record));
            }

            done += rows.Count;
            held = new Page(rows) { Cursor = page.Records.Count > 0 ? cursor.Midway(Id(page.Records[^1])) : null, Notes = notes, Progress = (done, 0) };
            notes = [];
        }

        yield return held with { Cursor = cursor.Done(), CompletesSnapshot = whole };
        if (!request.SweepDue || whole)
            yield break;

        held = new Page([]);
        var key = request.KeyField is { } named && known.Find(named) is not null ? known.Base(named) ?? named : FxiaokeObject.Id;
        await foreach (var page in PagesAsync(since: null, after: null, [.. s_always.Append(key).Distinct()], cancellationToken))
        {
            if (held.Rows.Count > 0)
                yield return held;
            held = new Page([.. page.Records.Where(record => !FxiaokeValues.IsGone(record)).Select(record => Row(record, isSighting: true))]);
        }

        yield return held with { CompletesSnapshot = true };
    }

    /// <summary>A record as a row; one in the recycle bin is gone.</summary>
    public SourceRow Row(JsonElement record, bool isSighting = false)
    {
        if (FxiaokeValues.IsGone(record))
            return Gone(Id(record), record);
        Fill(record);
        return _rows.Build(FxiaokeValues.Version(record), isSighting: isSighting);
    }

    /// <summary>A record that is gone.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="record">What is left of it, for a pipeline that goes by another key.</param>
    public SourceRow Gone(string id, JsonElement? record = null)
    {
        if (record is { } left)
            Fill(left);
        _rows.Set(FxiaokeObject.Id, Value.Text(id));
        return _rows.Build(record is { } last ? FxiaokeValues.Version(last) : null, isDelete: true);
    }

    /// <summary>The fields to ask for.</summary>
    public IReadOnlyList<string> Projection() =>
    [
        .. (_wanted?.Select(name => known.Base(name) ?? name) ?? known.Fields.Values.Where(field => field.Readable).Select(field => field.Name).Concat(s_always)).Distinct(StringComparer.Ordinal),
    ];

    public static string Id(JsonElement record) => FxiaokeObject.Text(record, FxiaokeObject.Id)
        ?? throw new ConnectorException(FailureKind.Transient, "Fxiaoke gave a record without _id.", "Run again; if it stays, ask Fxiaoke's support.");

    private void Fill(JsonElement record)
    {
        foreach (var member in record.EnumerateObject())
        {
            if (known.Fields.GetValueOrDefault(member.Name) is { } field)
                _rows.Set(member.Name, FxiaokeValues.Read(member.Value, field));
            else if (_wanted?.Contains(member.Name) ?? known.Base(member.Name) is not null)
                _rows.Set(member.Name, WireValues.Read(member.Value));
        }
    }

    private async IAsyncEnumerable<FxiaokePage> PagesAsync(DateTimeOffset? since, string? after, IReadOnlyList<string> fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var filters = new List<FxiaokeFilter>();
            if (since is { } from)
                filters.Add(new(FxiaokeObject.Modified, "GTE", from.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));
            if (after is not null)
                filters.Add(new(FxiaokeObject.Id, "GT", after));
            var page = await api.QueryAsync(known.Name, filters, fields, _limit, cancellationToken);

            // A filter that is not understood is dropped without a word; what was asked for must be what came.
            foreach (var record in page.Records)
            {
                var id = Id(record);
                if (after is not null && string.CompareOrdinal(id, after) <= 0 || since is { } bound && Modified(record) is { } modified && modified.ToUnixTimeMilliseconds() < bound.ToUnixTimeMilliseconds())
                    throw new ConnectorException(FailureKind.Transient, $"Fxiaoke gave records of {known.Name} that were not asked for: it did not keep to the order by {FxiaokeObject.Id} or to the filter by {FxiaokeObject.Modified}.", "Run again; if it stays, ask Fxiaoke's support. What was read is kept.");
                after = id;
            }

            yield return page;
            if (page.Records.Count < _limit)
                yield break;
        }
    }

    private static DateTimeOffset? Modified(JsonElement record) => FxiaokeValues.Instant(FxiaokeObject.Member(record, FxiaokeObject.Modified));
}
