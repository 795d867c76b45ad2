using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>What the reference system answers when it does not answer properly.</summary>
internal sealed class ReferenceRefusal(int status, string code, TimeSpan? retryAfter = null) : Exception(code)
{
    public int Status => status;

    public string Code => Message;

    public TimeSpan? RetryAfter => retryAfter;
}

/// <summary>A record of the reference system.</summary>
internal sealed record ReferenceRecord(string Id, IReadOnlyDictionary<string, Value> Values, DateTimeOffset Modified)
{
    public bool Gone { get; init; }

    public string? AliasOf { get; init; }

    public string Version => Modified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>One write of a batch, and what came of it: a code with its field, or the record.</summary>
internal sealed record ReferenceWrite(string Key, IReadOnlyDictionary<string, Value>? Values, string? ExpectedVersion)
{
    /// <summary>Makes a record even if one has the key: what a system without an upsert does.</summary>
    public bool Always { get; init; }
}

/// <summary>What came of one write.</summary>
internal sealed record ReferenceResult(string? Code, string? Field, ReferenceRecord? Record, bool Created);

/// <summary>
/// A small system without a network that can show everything the kit asks for: tokens that end and rotate, limits, batches refused in
/// part or as a whole, merges, signed webhooks. Its time is a clock that waits jump over, so that nothing takes long.
/// </summary>
internal sealed partial class ReferenceSystem
{
    public const int PageLimit = 50;
    public const int BatchLimit = 20;
    public const int WindowCalls = 20;
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReferenceRecord> _records = new(StringComparer.Ordinal);
    private readonly List<RehearsedCall> _calls = [];
    private readonly Queue<DateTimeOffset> _window = new();
    private readonly List<(DateTimeOffset Due, Action Commit)> _late = [];
    private readonly List<byte[]> _hooks = [];
    private List<(RehearsedFault Fault, int Skip, int Left)> _faults = [];
    private RehearsalCounters _counters = new();
    private DateTimeOffset _quietUntil;
    private DateTimeOffset? _pretended;
    private string _token = "";
    private string _refresh = "reference-refresh-token-0";
    private int _number;
    private bool _hooked;

    public JumpingClock Clock { get; } = new();

    public string HookSecret => "reference-hook-secret";

    private DateTimeOffset Now => _pretended ?? Clock.GetUtcNow();

    public RehearsalCounters Counters
    {
        get
        {
            lock (_gate)
                return _counters;
        }
    }

    // What the API offers.

    public string Token(string secret, string refresh)
    {
        lock (_gate)
        {
            if (secret != "reference-secret")
                throw new ReferenceRefusal(401, "invalid-client");
            if (Standing("rotate-refresh") is not null)
            {
                if (refresh != _refresh)
                    throw new ReferenceRefusal(401, "refresh-token-used");
                _refresh = $"reference-refresh-token-{++_number}";
            }

            _counters = _counters with { Refreshes = _counters.Refreshes + 1 };
            _token = $"reference-access-token-{++_number}-{_refresh}";
            return _token;
        }
    }

    /// <summary>The refresh token that goes with an access token.</summary>
    public static string RefreshOf(string token) => token[(token.IndexOf("-reference", StringComparison.Ordinal) + 1)..];

    public Task<IReadOnlyList<ReferenceRecord>> QueryAsync(string token, DateTimeOffset from, string afterId, int limit, bool gone, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<ReferenceRecord>>(token, write: false, () =>
    {
        var hidden = Standing("hide-field")?.Arguments["field"] as string;
        return [.. _records.Values
            .Where(record => record.Gone == gone && (record.Modified > from || (record.Modified == from && string.CompareOrdinal(record.Id, afterId) > 0)))
            .OrderBy(record => record.Modified).ThenBy(record => record.Id, StringComparer.Ordinal)
            .Take(Math.Min(limit, PageLimit))
            .Select(record => hidden is null ? record : record with { Values = record.Values.Where(value => value.Key != hidden).ToDictionary(StringComparer.Ordinal) })];
    }, cancellationToken);

    public Task<ReferenceRecord?> GetAsync(string token, string id, CancellationToken cancellationToken) => CallAsync(token, write: false, () => _records.GetValueOrDefault(id), cancellationToken);

    /// <summary>Records by their place in the list: what shifts when somebody deletes one.</summary>
    public Task<IReadOnlyList<ReferenceRecord>> ListAsync(string token, int skip, int limit, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<ReferenceRecord>>(token, write: false, () =>
        [.. _records.Values.Where(record => !record.Gone).OrderBy(record => record.Id, StringComparer.Ordinal).Skip(skip).Take(Math.Min(limit, PageLimit))], cancellationToken);

    public Task<DateTimeOffset> TimeAsync(string token, CancellationToken cancellationToken) => CallAsync(token, write: false, () => Now, cancellationToken);

    /// <summary>The fields of a stream that the user may read.</summary>
    public Task<IReadOnlyList<(RehearsedField Field, bool Readable)>> DescribeAsync(string token, string stream, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<(RehearsedField, bool)>>(token, write: false, () =>
    {
        if (Standing("broken-object")?.Arguments["stream"] as string == stream)
            throw new ReferenceRefusal(500, "metadata-broken");
        var hidden = Standing("hide-field")?.Arguments["field"] as string;
        return [.. ReferenceFixture.Stream.Fields.Select(field => (field, field.Name != hidden))];
    }, cancellationToken);

    public Task<IReadOnlyList<ReferenceResult>> WriteAsync(string token, IReadOnlyList<ReferenceWrite> writes, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<ReferenceResult>>(token, write: true, () =>
    {
        if (writes.Count > BatchLimit)
            throw new ReferenceRefusal(400, "batch-too-large");
        var partial = Standing("partial")?.Arguments["every"] as int?;
        var results = new List<ReferenceResult>();
        for (var i = 0; i < writes.Count; i++)
            results.Add(Judge(writes[i], partial is { } every && ++_number % every == 0));
        // As some systems do: one bad record, and nothing of the batch is taken.
        if (partial is null && writes.Count > 1 && results.Exists(result => result.Code is not null))
            throw new ReferenceRefusal(422, "batch-refused");
        for (var i = 0; i < writes.Count; i++)
        {
            if (results[i].Code is null)
                results[i] = Apply(writes[i]);
        }

        return results;
    }, cancellationToken);

    private ReferenceResult Judge(ReferenceWrite write, bool refused)
    {
        if (refused)
            return new("custom-rule", "note", null, false);
        if (Take("lock") is not null)
            return new("locked", null, null, false);
        if (Standing("duplicate-rule") is not null)
            return new("duplicate", null, null, false);
        if (Standing("validation")?.Arguments["field"] is string rule)
            return new("custom-rule", rule, null, false);
        var current = Current(write.Key);
        if (write.ExpectedVersion is { } expected && current?.Version != expected && (current is not null || write.Values is not null))
            return new(current is null ? "gone" : "changed", null, null, false);
        if (write.Values is not { } values)
            return new(null, null, null, false);
        foreach (var field in ReferenceFixture.Stream.Fields)
        {
            var given = values.TryGetValue(field.Name, out var value);
            if (field.Required && (given ? value.IsEmpty : current is null))
                return new("required", field.Name, null, false);
            if (given && value.ToText()?.Length > field.MaxLength)
                return new("too-long", field.Name, null, false);
            if (given && !value.IsNull && value.Kind != field.Sample(0).Kind)
                return new("bad-value", field.Name, null, false);
        }

        return new(null, null, null, false);
    }

    private ReferenceResult Apply(ReferenceWrite write)
    {
        var current = write.Always ? null : Current(write.Key);
        if (write.Values is not { } values)
        {
            if (current is not null)
                Save(current with { Gone = true, Modified = Later(current) });
            _counters = _counters with { RecordsWritten = _counters.RecordsWritten + 1 };
            return new(null, null, null, false);
        }

        _counters = _counters with { RecordsWritten = _counters.RecordsWritten + 1, Created = _counters.Created + (current is null ? 1 : 0) };
        var record = Save(current is null
            ? new(NewId(), With(new Dictionary<string, Value> { ["key"] = write.Key }, values), Now)
            : current with { Values = With(current.Values, values), Modified = Later(current) });
        return new(null, null, record, current is null);
    }

    private ReferenceRecord? Current(string key) => _records.Values.FirstOrDefault(record => !record.Gone && record.Values.GetValueOrDefault("key").ToText() == key);

    private string NewId() => $"R{++_number:D7}";

    // Two changes within a tick still have two times.
    private DateTimeOffset Later(ReferenceRecord current) => Now > current.Modified || _pretended is not null ? Now : current.Modified.AddTicks(1);

    private ReferenceRecord Save(ReferenceRecord record)
    {
        _records[record.Id] = record;
        if (_hooked && Standing("drop-webhook") is null)
            _hooks.Add(Encoding.UTF8.GetBytes($"{record.Id} {record.Version}"));
        return record;
    }

    private static Dictionary<string, Value> With(IReadOnlyDictionary<string, Value> values, IReadOnlyDictionary<string, Value> changes)
    {
        var all = values.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in changes)
            all[name] = value;
        return all;
    }

    public string Sign(ReadOnlySpan<byte> body) => Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(HookSecret), body));
}
