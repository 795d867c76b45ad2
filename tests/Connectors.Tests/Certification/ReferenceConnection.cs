using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>A connection to the reference system.</summary>
internal sealed class ReferenceConnection(ReferenceSettings settings, ConnectionContext context, ReferenceSystem system, Defect defect) : IWebhookConnection
{
    private static readonly List<Page> s_kept = [];

    private readonly ReferenceCaller _caller = new(settings, context, system, defect);

    public async Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _caller.CallAsync(token => system.TimeAsync(token, cancellationToken), cancellationToken);
            return [new("the reference system", true, "answers")];
        }
        catch (ConnectorException failure)
        {
            return [new("the reference system", false, $"{failure.Message} {failure.Fix}")];
        }
    }

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var name in new[] { "people", "things" }.Where(name => stream is null || name == stream))
            yield return await DescribeAsync(name, cancellationToken);
    }

    private async Task<StreamDescription> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var fields = await _caller.CallAsync(token => system.DescribeAsync(token, name, cancellationToken), cancellationToken);
            return new(name,
            [
                new("id", StreamFieldType.Text) { Unique = true, Writable = false },
                new("key", StreamFieldType.Text),
                .. fields.Select(each => new StreamField(each.Field.Name, Type(each.Field.Sample(0))) { Required = each.Field.Required, MaxLength = each.Field.MaxLength, Readable = each.Readable }),
                new("modified", StreamFieldType.Instant) { Writable = false },
            ])
            { KeyCandidates = ["id"], CursorField = "modified", TimeZone = "UTC" };
        }
        catch (ConnectorException failure) when (failure.Code == "metadata-broken")
        {
            return new(name, []) { Problem = "The system cannot describe this stream." };
        }
    }

    private static StreamFieldType Type(Value sample) => sample.Kind switch
    {
        ValueKind.Number => StreamFieldType.Number,
        ValueKind.Boolean => StreamFieldType.Boolean,
        ValueKind.Date => StreamFieldType.Date,
        ValueKind.Instant => StreamFieldType.Instant,
        ValueKind.List => StreamFieldType.List,
        _ => StreamFieldType.Text,
    };

    public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (defect == Defect.CannotBeStopped)
            cancellationToken = CancellationToken.None;
        var shape = new Shape();
        var cursor = ReferenceCursor.Read(request.Cursor, context.Clock.GetUtcNow() + TimeSpan.FromDays(1));
        var from = cursor is null ? DateTimeOffset.MinValue : cursor.After - (cursor.After - DateTimeOffset.MinValue < request.Lag ? TimeSpan.Zero : request.Lag);
        if (defect == Defect.LocalTime && cursor is not null)
            from += context.Clock.LocalTimeZone.GetUtcOffset(from) * -1;
        if (defect == Defect.SkipsOwnMinute && cursor is not null)
            from = Max(from, context.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(1500));
        var gone = cursor?.Gone is { } earlier && earlier < from ? earlier : from;
        var (after, id, skip) = (from, "", 0);
        var latest = cursor?.After ?? DateTimeOffset.MinValue;
        var limit = Math.Min(request.PageSize, ReferenceSystem.PageLimit);
        while (true)
        {
            var records = defect == Defect.OffsetPaging && cursor is null
                ? await ReadAsync(token => system.ListAsync(token, skip, limit, cancellationToken), cancellationToken)
                : await ReadAsync(token => system.QueryAsync(token, after, id, limit, gone: false, cancellationToken), cancellationToken);
            skip += records.Count;
            if (records.Count > 0)
            {
                (after, id) = (records[^1].Modified, records[^1].Id);
                latest = Max(latest, after);
            }

            var last = records.Count < limit;
            List<SourceRow> rows = [.. records.Select(record => Row(shape, record))];
            if (last && cursor is not null)
            {
                var deleted = await ReadAsync(token => system.QueryAsync(token, gone, "", ReferenceSystem.PageLimit, gone: true, cancellationToken), cancellationToken);
                rows.AddRange(deleted.Select(record => Row(shape, record)));
                latest = deleted.Aggregate(latest, (most, record) => Max(most, record.Modified));
            }

            var page = new Page(rows)
            {
                Cursor = latest == DateTimeOffset.MinValue ? null : new ReferenceCursor(last ? latest : after, last ? null : gone).ToString(),
                CompletesSnapshot = last && cursor is null,
                Notes = request.Cursor is not null && cursor is null ? ["The saved cursor is not one of this connector; everything is read."] : [],
            };
            if (defect == Defect.KeepsPages)
                s_kept.Add(page);
            yield return page;
            if (last)
                yield break;
        }
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private async Task<IReadOnlyList<ReferenceRecord>> ReadAsync(Func<string, Task<IReadOnlyList<ReferenceRecord>>> read, CancellationToken cancellationToken)
    {
        if (defect != Defect.TakesCutOffData)
            return await _caller.CallAsync(read, cancellationToken);
        return await _caller.CallAsync(
            async token =>
            {
                try
                {
                    return await read(token);
                }
                catch (ReferenceRefusal refusal) when (refusal.Code == "truncated")
                {
                    return [];
                }
            },
            cancellationToken);
    }

    private static SourceRow Row(Shape shape, ReferenceRecord record)
    {
        var values = new List<Value>();
        void Set(string name, Value value)
        {
            var at = shape.Add(name);
            while (values.Count <= at)
                values.Add(Value.Null);
            values[at] = value;
        }

        Set("id", record.Id);
        Set("modified", Value.Instant(record.Modified));
        Set("key", record.Values.GetValueOrDefault("key"));
        foreach (var (name, value) in record.Values)
            Set(name, value);
        return new(shape, [.. values]) { Version = record.Version, IsDelete = record.Gone, AliasOf = record.AliasOf };
    }

    public IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, CancellationToken cancellationToken) =>
        new ReferencePush(_caller, context, system, request, defect).RunAsync(writes, cancellationToken);

    public WebhookVerdict Verify(WebhookRequest request)
    {
        var body = request.Body.Span;
        if (defect == Defect.TrimsWebhooks)
            body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Trim());
        if (defect == Defect.TakesAnyWebhook)
            return new(true) { DeliveryId = Convert.ToHexString(SHA256.HashData(body)) };
        if (!request.Headers.TryGetValue("X-Signature", out var signature))
            return new(false, "no-signature");
        var expected = Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.WebhookSecret), body));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature)))
            return new(false, "bad-signature");
        return new(true) { DeliveryId = Convert.ToHexString(SHA256.HashData(body)) };
    }

    public async IAsyncEnumerable<Page> ReadAsync(WebhookRequest request, PullRequest pull, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = Encoding.UTF8.GetString(request.Body.Span).Split(' ')[0];
        if (await _caller.CallAsync(token => system.GetAsync(token, id, cancellationToken), cancellationToken) is { } record)
            yield return new([Row(new Shape(), record)]);
    }

    public Task<DateTimeOffset?> SubscribeAsync(IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>How far a pull of the reference system has come; for what is gone, from where it has yet to look.</summary>
internal sealed record ReferenceCursor(DateTimeOffset After, DateTimeOffset? Gone)
{
    public static ReferenceCursor? Read(string? text, DateTimeOffset latest)
    {
        if (text?.Split('|') is not ["r1", var after, var gone] || Time(after) is not { } read || read > latest)
            return null;
        return new(read, Time(gone));
    }

    public override string ToString() => $"r1|{After.UtcTicks.ToString(CultureInfo.InvariantCulture)}|{Gone?.UtcTicks.ToString(CultureInfo.InvariantCulture)}";

    private static DateTimeOffset? Time(string ticks) => long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? new DateTimeOffset(read, TimeSpan.Zero) : null;
}
