using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>How the files of a connector are made and read for a rehearsal: written anew, not with the connector's own code, or both would share a mistake.</summary>
/// <param name="Settings">Settings of a connection to a folder, relative to the hub folder.</param>
/// <param name="Write">Writes a file with these fields and records.</param>
/// <param name="Read">Reads it back.</param>
public sealed record FolderFormat(
    Func<string, object> Settings,
    Action<string, IReadOnlyList<string>, IReadOnlyList<RehearsedRecord>> Write,
    Func<string, IReadOnlyList<IReadOnlyDictionary<string, Value>>> Read)
{
    /// <summary>The name of the file; null when it is that of the stream.</summary>
    public string? File { get; init; }

    /// <summary>What stands in a file that cannot be described; null where every file can.</summary>
    public string? Broken { get; init; }

    /// <summary>Cuts a file's data off in a way that can be noticed; null where nobody could.</summary>
    public Action<string>? CutOff { get; init; }
}

/// <summary>A system that is a folder of files, a stream each: rehearsed in a folder of its own, without a network.</summary>
/// <param name="place">Where.</param>
/// <param name="stream">The stream; its name is that of the file.</param>
/// <param name="format">The format of the file.</param>
public sealed class FolderRehearsal(RehearsalPlace place, RehearsedStream stream, FolderFormat format) : IRehearsal
{
    private const string Folder = "rehearsal";

    private readonly RehearsalClock _clock = new(TimeProvider.System);
    private readonly string _path = Path.Combine(place.Folder, Folder, format.File ?? stream.Name);
    private byte[]? _whole;
    private string _known = "";
    private long _writes;
    private int _last;

    /// <inheritdoc/>
    public RehearsedStream Stream => stream;

    /// <inheritdoc/>
    public TimeProvider Clock => _clock;

    /// <inheritdoc/>
    public IReadOnlyList<string> Hosts => [];

    // A file's own time is not among its fields, so the one by which it is pulled is kept here.
    private IReadOnlyList<string> Fields => [.. new[] { stream.IdField, stream.WriteKey, stream.CursorField }.OfType<string>().Concat(stream.Fields.Select(each => each.Name)).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public Task SeedAsync(int records, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(_path)!;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        _whole = null;
        (_writes, _known) = (0, "");
        _last = records;
        Save([.. Enumerable.Range(1, records).Select(n => Record($"C{n:D7}", stream.Fields.ToDictionary(field => field.Name, field => field.Sample(n), StringComparer.Ordinal)))]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<object> SettingsAsync(SettingsVariant variant, CancellationToken cancellationToken) => variant switch
    {
        SettingsVariant.Good => Task.FromResult(format.Settings(Folder)),
        SettingsVariant.WrongHost => Task.FromResult(format.Settings("../nowhere-to-be-found")),
        _ => throw new NotShownException("a folder has neither secrets nor a network"),
    };

    /// <inheritdoc/>
    public Task<IReadOnlyList<RehearsedRecord>> RecordsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RehearsedRecord>>(Load());

    /// <inheritdoc/>
    public Task<string> CreateAsync(IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken)
    {
        var id = values.TryGetValue(stream.IdField, out var given) ? given.ToText()! : string.Create(CultureInfo.InvariantCulture, $"C{++_last:D7}");
        Save([.. Load(), Record(id, values)]);
        return Task.FromResult(id);
    }

    /// <inheritdoc/>
    public Task EditAsync(string id, IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken)
    {
        Save([.. Load().Select(record => record.Id != id ? record : Record(id, record.Values.Concat(values).GroupBy(value => value.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal)))]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        Save([.. Load().Where(record => record.Id != id)]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task MergeAsync(string id, string loser, CancellationToken cancellationToken) => throw new NotShownException("records of a file are not merged");

    /// <inheritdoc/>
    public Task BreakAsync(IReadOnlyList<RehearsedFault> faults, CancellationToken cancellationToken)
    {
        if (_whole is not null)
        {
            File.WriteAllBytes(_path, _whole);
            (_whole, _known) = (null, State());
        }

        foreach (var fault in faults)
        {
            if (fault.Kind == "broken-object" && format.Broken is { } broken)
            {
                File.WriteAllText(Path.Combine(Path.GetDirectoryName(_path)!, (string)fault.Arguments["stream"]), broken);
            }
            else if (fault is { Kind: "truncate", Count: null } && format.CutOff is { } cut)
            {
                _whole = File.ReadAllBytes(_path);
                cut(_path);
            }
            else
            {
                throw new NotShownException("a folder has no such fault, or does not heal of it by itself");
            }
        }

        _known = State();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<RehearsalCounters> CountersAsync(CancellationToken cancellationToken)
    {
        // Any change of any file counts as one write, however many records it brought.
        if (State() is var now && now != _known)
            (_writes, _known) = (_writes + 1, now);
        return Task.FromResult(new RehearsalCounters { WriteCalls = _writes });
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RehearsedCall>> CallsAsync(long since, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RehearsedCall>>([]);

    /// <inheritdoc/>
    public Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        _clock.Advance(by);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Uri> CatchWebhooksAsync(Func<WebhookRequest, WebhookVerdict> verify, CancellationToken cancellationToken) => throw new NotShownException("a folder sends no webhooks");

    /// <inheritdoc/>
    public Task<IReadOnlyList<WebhookRequest>> WebhooksAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WebhookRequest>>([]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private RehearsedRecord Record(string id, IReadOnlyDictionary<string, Value> values)
    {
        var all = values.ToDictionary(StringComparer.Ordinal);
        all[stream.IdField] = id;
        all.TryAdd(stream.WriteKey, id);
        if (stream.CursorField is { } cursor)
            all[cursor] = Value.Instant(_clock.GetUtcNow());
        return new(id, all);
    }

    private List<RehearsedRecord> Load() => File.Exists(_path) ? [.. format.Read(_path).Select(values => new RehearsedRecord(values[stream.IdField].ToText()!, values))] : [];

    private void Save(IReadOnlyList<RehearsedRecord> records)
    {
        // What the connector did is counted before it is mixed with what a user does.
        if (_known.Length > 0 && State() is var now && now != _known)
            _writes++;
        format.Write(_path, Fields, records);
        _known = State();
    }

    private string State() => string.Join('\n', Directory.EnumerateFiles(Path.GetDirectoryName(_path)!).Order(StringComparer.Ordinal).Select(path => $"{path} {new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path).Ticks}"));
}
