using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>One pull of an object: what changed since the cursor, or everything; then, when it is due, a look at all ids for what is gone.</summary>
internal sealed class InsightlyPull(InsightlyApi api, InsightlyStream stream, PullRequest request, TimeProvider clock)
{
    // Every field from the start: custom ones without a value are left out of records.
    private readonly RowBuilder _rows = new(stream.Fields.Values.Where(stream.IsReadable).Select(field => field.Name));
    private readonly int _top = Math.Min(InsightlyApi.MostRecords, request.PageSize);

    public async IAsyncEnumerable<Page> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = stream.Object.Searchable ? Resume() : null;
        var notes = cursor?.Notes ?? [];
        InsightlyScan scan;
        var resumed = false;
        while (true)
        {
            scan = new InsightlyScan(api, stream, cursor?.From, _top, brief: false);
            resumed = cursor?.At is { } at && scan.GoOn(at);
            if (resumed || cursor?.At is null)
                break;
            cursor.StartOver();
        }

        long done = 0;
        Page? held = null;
        await foreach (var records in scan.PagesAsync(cancellationToken))
        {
            if (held is not null)
                yield return held;
            cursor?.Begun(scan.At ?? clock.GetUtcNow());
            var rows = new List<SourceRow>(records.Count);
            foreach (var record in records)
            {
                var modified = InsightlyValues.Modified(record);
                cursor?.Saw(modified);
                if (!(modified < cursor?.From))
                    rows.Add(Row(record));
            }

            done += rows.Count;
            held = new Page(rows) { Cursor = cursor?.Midway(scan.Position), Progress = (done, Math.Max(done, scan.Total ?? 0)), Notes = notes };
            notes = [];
        }

        // Without any record there is no time to go by but Insightly's own.
        if (scan.At is { } begun)
            cursor?.Begun(begun);
        var last = (held ?? new Page([]) { Notes = notes }) with { Cursor = cursor?.Done() };
        if (cursor?.From is null && !resumed)
        {
            yield return Complete(last, scan);
            yield break;
        }

        yield return last;
        if (request.SweepDue)
        {
            await foreach (var page in SweepAsync(cancellationToken))
                yield return page;
        }
    }

    /// <summary>A record as a row.</summary>
    public SourceRow Row(JsonElement record, bool isSighting = false)
    {
        foreach (var member in record.EnumerateObject())
        {
            if (member.Name == InsightlyObjects.CustomFields)
                CustomFields(member.Value);
            else if (stream.Find(member.Name) is { } field)
                _rows.Set(member.Name, InsightlyValues.Read(member.Value, field));
        }

        return _rows.Build(InsightlyValues.Version(record), isSighting: isSighting);
    }

    /// <summary>A record that is gone.</summary>
    public SourceRow Gone(string id)
    {
        _rows.Set(stream.IdField, decimal.TryParse(id, out var number) ? Value.Number(number) : Value.Text(id));
        return _rows.Build(isDelete: true);
    }

    private void CustomFields(JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Array)
            return;
        foreach (var custom in fields.EnumerateArray().Where(custom => custom.ValueKind == JsonValueKind.Object))
        {
            if (custom.TryGetProperty("FIELD_NAME", out var name) && name.GetString() is { } text && custom.TryGetProperty("FIELD_VALUE", out var value))
                _rows.Set(text, InsightlyValues.Read(value, stream.Fields.GetValueOrDefault(text) ?? new InsightlyField(text, InsightlyKind.Plain)));
        }
    }

    private ScanCursor Resume()
    {
        if (request.CursorField is { } field && field != InsightlyObjects.Updated)
            throw new ConnectorException(FailureKind.Configuration, $"{stream.Name} cannot be read by '{field}': Insightly tells what changed only by {InsightlyObjects.Updated}.", $"Set `cursor` to {InsightlyObjects.Updated} in the pipeline, or take it out.");
        return ScanCursor.Resume(request, clock.GetUtcNow());
    }

    private async IAsyncEnumerable<Page> SweepAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Brief records lack what is a list, custom fields among it; a key that is one of those needs the whole record.
        var brief = request.KeyField is null || stream.Find(request.KeyField) is { IsCustom: false };
        var scan = new InsightlyScan(api, stream, since: null, _top, brief);
        Page? held = null;
        await foreach (var records in scan.PagesAsync(cancellationToken))
        {
            if (held is not null)
                yield return held;
            held = new Page([.. records.Select(record => Row(record, isSighting: true))]);
        }

        yield return Complete(held ?? new Page([]), scan);
    }

    private Page Complete(Page last, InsightlyScan scan) => scan.SawAll
        ? last with { CompletesSnapshot = true }
        : last with { Notes = [.. last.Notes, $"{stream.Name}: Insightly counts {scan.Total:N0} records and gave fewer, so nothing is taken for gone this time."] };
}
