using System.Globalization;
using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>A system in memory that people edit while the hub reads and writes it.</summary>
internal sealed class Crm(string name, ManualClock clock) : IConnector, IConnection
{
    private readonly Dictionary<string, Row> _rows = [];
    private long _sequence;
    private int _next;

    public string Name => name;

    /// <summary>What its records are.</summary>
    public TwoWayModel Model { get; init; } = TwoWayModel.People;

    /// <summary>The field by which the hub finds them: of the hub's own id, unless it is one that people fill.</summary>
    public string Key { get; init; } = "Hub";

    /// <summary>Their fields, the key first.</summary>
    public IReadOnlyList<string> Fields => field ??= [Key, .. Model.Map.Select(pair => pair.Field).Where(name => name != Key)];

    /// <summary>Whether rows and answers carry versions, and whether an expected one is checked.</summary>
    public bool Versions { get; init; } = true;

    /// <summary>Whether it tells when a row was changed.</summary>
    public bool Times { get; init; } = true;

    /// <summary>Whether it reports what is gone; otherwise all rows are read each time.</summary>
    public bool DeleteFeed { get; init; } = true;

    /// <summary>Whether what is gone shows only when all ids are looked over.</summary>
    public bool Sweeps { get; init; }

    /// <summary>The most letters of a first name.</summary>
    public int MostLetters { get; init; } = int.MaxValue;

    /// <summary>What the hub wrote, since it was last cleared.</summary>
    public List<Write> Writes { get; } = [];

    /// <summary>Refuses a write, or null.</summary>
    public Func<Write, WriteOutcome?> Refuse { get; set; } = _ => null;

    /// <summary>Called when a write is applied, before it is answered; may throw: then the answer is lost.</summary>
    public Action<Write> Applied { get; set; } = _ => { };

    /// <summary>Called before each page; may throw.</summary>
    public Action Reading { get; set; } = () => { };

    public IEnumerable<string> Ids => _rows.Where(row => !row.Value.Deleted).Select(row => row.Key);

    public ConnectorDeclaration Declaration => new()
    {
        Name = name,
        Summary = "A system in memory.",
        SettingsType = typeof(CrmSettings),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.Push | ConnectorCapabilities.IncrementalPull,
        Deletes = Sweeps ? DeleteStrategy.Swept : DeleteFeed ? DeleteStrategy.Reported : DeleteStrategy.AbsentFromSnapshot,
        IdempotentCreate = true,
    };

    public string? this[string id, string field] => _rows[id].Fields.GetValueOrDefault(field);

    public bool Has(string id) => _rows.TryGetValue(id, out var row) && !row.Deleted;

    /// <summary>A person makes a record.</summary>
    public string Make(params ReadOnlySpan<(string Field, string? Value)> fields)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{name}{++_next}");
        _rows[id] = new Row();
        Edit(id, fields);
        return id;
    }

    /// <summary>A person edits a record.</summary>
    public void Edit(string id, params ReadOnlySpan<(string Field, string? Value)> fields)
    {
        foreach (var (field, value) in fields)
            Set(_rows[id], field, value);
        Touch(_rows[id]);
    }

    /// <summary>A person removes a record.</summary>
    public void Remove(string id)
    {
        _rows[id].Deleted = true;
        Touch(_rows[id]);
    }

    /// <summary>A person merges one record into another.</summary>
    public void Merge(string loser, string winner)
    {
        Remove(loser);
        _rows[loser].AliasOf = winner;
        Touch(_rows[winner]);
    }

    /// <summary>Something happens of which the system never tells those who ask what is new.</summary>
    public void Silently(Action what)
    {
        var told = _sequence;
        var before = _rows.ToDictionary(row => row.Key, row => row.Value.Sequence);
        what();
        foreach (var (id, row) in _rows.Where(row => row.Value.Sequence > told).ToList())
        {
            row.Sequence = before.GetValueOrDefault(id, 1);
            if (row.Deleted)
                _rows.Remove(id);
        }
    }

    public IConnection Open(object settings, ConnectionContext context) => this;

    public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var shape = new Shape(["Id", .. Fields, "Modified"]);
        var from = DeleteFeed && request.Cursor is { } cursor ? long.Parse(cursor, CultureInfo.InvariantCulture) : 0;
        foreach (var chunk in _rows.Where(row => row.Value.Sequence > from && ((DeleteFeed && !Sweeps) || !row.Value.Deleted)).OrderBy(row => row.Value.Sequence).ToList().Chunk(7))
        {
            Reading();
            yield return new Page([.. chunk.Select(row => ToRow(shape, row.Key, row.Value))]) { Cursor = DeleteFeed ? chunk[^1].Value.Sequence.ToString(CultureInfo.InvariantCulture) : null };
        }

        if (Sweeps && request.SweepDue)
            yield return new Page([.. Ids.Select(id => new SourceRow(shape, [id]) { IsSighting = true })]);
        if (!DeleteFeed || (Sweeps && request.SweepDue))
            yield return new Page([]) { CompletesSnapshot = true };
    }

    public async IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var write in writes.WithCancellation(cancellationToken))
        {
            Writes.Add(write);
            if (Refuse(write) is { } refused)
            {
                yield return refused;
                continue;
            }

            var outcome = Apply(request, write);
            if (outcome.Failure is null)
                Applied(write);
            yield return outcome;
        }
    }

    public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CheckLine>>([]);

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private WriteOutcome Apply(PushRequest request, Write write)
    {
        var id = write.ExternalId ?? _rows.FirstOrDefault(row => !row.Value.Deleted && row.Value.Fields.GetValueOrDefault(request.KeyField) == write.Key).Key;
        if (write.Kind == WriteKind.Delete)
        {
            if (id is not null && Has(id))
                Remove(id);
            return new WriteOutcome(write.Id) { ExternalId = id };
        }

        if (write.Kind == WriteKind.Update && (id is null || !Has(id)))
            return new WriteOutcome(write.Id, FailureKind.Rejected, "no such record") { Fault = WriteFault.NotFound };
        if (Versions && write.ExpectedVersion is { } expected && _rows[id!].Version != expected)
            return new WriteOutcome(write.Id, FailureKind.Rejected, "edited meanwhile") { Fault = WriteFault.ChangedMeanwhile };
        var created = id is null;
        if (created)
            _rows[id = string.Create(CultureInfo.InvariantCulture, $"{name}{++_next}")] = new Row();
        for (var i = 0; i < request.Fields.Count; i++)
        {
            if (write.Changed[i])
                Set(_rows[id!], request.Fields[i], write.Values[i].ToText());
        }

        Touch(_rows[id!]);
        return new WriteOutcome(write.Id) { ExternalId = id, Version = Versions ? _rows[id!].Version : null, Created = created };
    }

    private void Set(Row row, string field, string? value) => row.Fields[field] = field == "First" && value?.Length > MostLetters ? value[..MostLetters] : value;

    private void Touch(Row row)
    {
        row.Sequence = ++_sequence;
        row.Version = string.Create(CultureInfo.InvariantCulture, $"v{_sequence}");
        row.Modified = clock.GetUtcNow();
    }

    private SourceRow ToRow(Shape shape, string id, Row row) => new(
        shape, [id, .. Fields.Select(field => Value.Text(row.Fields.GetValueOrDefault(field))), Times ? Value.Instant(row.Modified) : Value.Null])
    {
        IsDelete = row.Deleted,
        AliasOf = row.AliasOf,
        Version = Versions ? row.Version : null,
    };

    private sealed class Row
    {
        public Dictionary<string, string?> Fields { get; } = [];

        public long Sequence { get; set; }

        public string Version { get; set; } = "";

        public DateTimeOffset Modified { get; set; }

        public bool Deleted { get; set; }

        public string? AliasOf { get; set; }
    }
}

public sealed record CrmSettings;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
