using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Certification;

/// <summary>What a check has at hand: the system, connections to it, and a witness to all that they say.</summary>
internal sealed class Stage(ICertificationFixture fixture, IRehearsal system, CertificationOptions options, string folder, Witness witness, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly List<IConnection> _open = [];

    public IConnector Connector => fixture.Connector;

    public IRehearsal System => system;

    public RehearsedStream Stream => system.Stream;

    public CertificationOptions Options => options;

    public Witness Witness => witness;

    public CancellationToken CancellationToken => cancellationToken;

    public EgressWatch? Egress { get; init; }

    /// <summary>What stands in the report beside a check that passed: what the system could not show, a rate.</summary>
    public List<string> Notes { get; } = [];

    public StreamTraits? Traits => Connector.Declaration.Streams.FirstOrDefault(stream => stream.Name == Stream.Name) ?? Connector.Declaration.Streams.FirstOrDefault(stream => stream.Name == "*");

    public DeleteStrategy Deletes => Traits?.Deletes ?? Connector.Declaration.Deletes;

    /// <summary>The rows of a page that the system reads at once, but never so many that a check becomes long.</summary>
    public int PageSize => Math.Clamp(Connector.Declaration.Limits.ReadPage, 10, 200);

    public void Needs(ConnectorCapabilities capability, string what)
    {
        if (!Connector.Declaration.Capabilities.HasFlag(capability))
            throw new NotShownException($"the connector declares that it {what}");
    }

    public void NeedsCursor()
    {
        Needs(ConnectorCapabilities.IncrementalPull, "always gives everything");
        if (Stream.CursorField is null)
            throw new NotShownException($"the stream {Stream.Name} has no field to pull by");
    }

    public void NeedsPull() => Needs(ConnectorCapabilities.Pull, "gives nothing when asked");

    public void NeedsPush() => Needs(ConnectorCapabilities.Push, "takes no records");

    /// <summary>Does what the system may not be able to show; false, with a note, when it is not.</summary>
    public async Task<bool> TryAsync(string what, Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (NotShownException exception)
        {
            Notes.Add($"{what} not shown: {exception.Message}");
            return false;
        }
    }

    public async Task<IConnection> OpenAsync(SettingsVariant variant = SettingsVariant.Good, TimeProvider? clock = null, IConnectionMemory? memory = null)
    {
        var settings = await system.SettingsAsync(variant, cancellationToken);
        if (variant == SettingsVariant.Good)
            witness.HideSecretsOf(settings);
        var context = new ConnectionContext("rehearsal", folder, clock ?? system.Clock)
        {
            Memory = memory ?? new WatchedMemory(witness),
            Conceal = secret => witness.Hide(secret, "a concealed token"),
            Trace = line => witness.Hear("a trace", line),
        };
        var connection = Connector.Open(settings, context);
        _open.Add(connection);
        return connection;
    }

    public TimeProvider Hurried => new HurriedClock(system.Clock, options.Hurry);

    public PullRequest Full => new(Stream.Name) { KeyField = Stream.IdField, PageSize = PageSize };

    /// <summary>A pull by the cursor field. A connector that declares the field is not told it: that is how the hub asks.</summary>
    public PullRequest Since(string? cursor) => Full with { Cursor = cursor, CursorField = Traits?.CursorField is null ? Stream.CursorField : null };

    public async Task<Pulled> PullAsync(PullRequest request, IConnection? connection = null)
    {
        var pulled = await TryPullAsync(request, connection);
        return pulled.Failure is null ? pulled : throw pulled.Failure;
    }

    /// <summary>Pulls to the end, or to a failure of the kind that the contract knows.</summary>
    public async Task<Pulled> TryPullAsync(PullRequest request, IConnection? connection = null, Func<int, Task>? afterPage = null)
    {
        NeedsPull();
        connection ??= await OpenAsync();
        var pages = new List<Page>();
        try
        {
            await foreach (var page in connection.PullAsync(request, cancellationToken))
            {
                Hear(page);
                pages.Add(page);
                Expect.That(page.Rows.Count <= request.PageSize, $"a page has {page.Rows.Count} rows although {request.PageSize} were asked for at most");
                if (afterPage is not null)
                    await afterPage(pages.Count);
            }

            return new(pages, null, Stream);
        }
        catch (ConnectorException failure)
        {
            witness.Hear("an error", failure);
            return new(pages, failure, Stream);
        }
    }

    public async IAsyncEnumerable<Page> PagesAsync(PullRequest request, IConnection connection, [EnumeratorCancellation] CancellationToken token = default)
    {
        NeedsPull();
        await foreach (var page in connection.PullAsync(request, token))
        {
            Hear(page);
            yield return page;
        }
    }

    public async Task<List<StreamDescription>> DiscoverAsync(string? stream = null, IConnection? connection = null)
    {
        connection ??= await OpenAsync();
        var found = new List<StreamDescription>();
        await foreach (var each in connection.DiscoverAsync(stream, cancellationToken))
        {
            foreach (var text in each.Notes.Append(each.Problem))
                witness.Hear("a note of a discovery", text);
            found.Add(each);
        }

        return found;
    }

    public async Task<IReadOnlyList<CheckLine>> CheckAsync(IConnection connection)
    {
        var lines = await connection.CheckAsync(cancellationToken);
        foreach (var line in lines)
            witness.Hear("a line of a check", $"{line.Subject} {line.Message}");
        return lines;
    }

    public async Task<Pushed> PushAsync(IReadOnlyList<Write> writes, IConnection? connection = null)
    {
        connection ??= await OpenAsync();
        var outcomes = new List<WriteOutcome>();
        var request = new PushRequest(Stream.Name, Stream.WriteKey, WrittenFields);
        try
        {
            await foreach (var outcome in connection.PushAsync(request, Each(writes), cancellationToken))
            {
                witness.Hear("the outcome of a write", $"{outcome.Message} {outcome.Field} {outcome.Code} {outcome.Version}");
                outcomes.Add(outcome);
            }

            return new(outcomes, null);
        }
        catch (ConnectorException failure)
        {
            witness.Hear("an error", failure);
            return new(outcomes, failure);
        }
    }

    /// <summary>The key, then the fields of the stream.</summary>
    public IReadOnlyList<string> WrittenFields => [Stream.WriteKey, .. OtherFields.Select(each => each.Name)];

    public IReadOnlyList<RehearsedField> OtherFields => [.. Stream.Fields.Where(each => each.Name != Stream.WriteKey)];

    /// <summary>The values of record number n, canary included.</summary>
    public Value Sample(RehearsedField field, int n) => field == Stream.EditField ? Canary(n) : field.Sample(n);

    public Value Canary(int n) => Value.Text($"{Witness.Canary} {n}");

    public Write Create(long id, int n) => new(id, WriteKind.Create, Key(n), [Key(n), .. OtherFields.Select(field => Sample(field, n))], [.. WrittenFields.Select(_ => true)]);

    /// <summary>Changes one field; the values of all others differ from what is stored, and are not to be written.</summary>
    public Write Update(long id, int n, string field, Value value, string? externalId) => new(
        id,
        WriteKind.Update,
        Key(n),
        [Key(n), .. OtherFields.Select(each => each.Name == field ? value : each.Sample(n))],
        [false, .. OtherFields.Select(each => each.Name == field)]) { ExternalId = externalId };

    public static Write Delete(long id, int n, string? externalId) => new(id, WriteKind.Delete, Key(n), [], []) { ExternalId = externalId };

    public static string Key(int n) => $"HUB-{n}";

    /// <summary>What a user writes.</summary>
    public IReadOnlyDictionary<string, Value> UserValues(int n)
    {
        var values = OtherFields.ToDictionary(field => field.Name, field => Sample(field, n), StringComparer.Ordinal);
        if (Stream.WriteKey == Stream.IdField)
            values[Stream.WriteKey] = $"USER-{n}";
        return values;
    }

    public Task EditAsync(string id, int n) => System.EditAsync(id, new Dictionary<string, Value> { [Stream.EditField.Name] = Canary(n) }, cancellationToken);

    public async Task<RehearsedRecord?> RecordAsync(int n) =>
        (await System.RecordsAsync(cancellationToken)).SingleOrDefault(record => record.Values.GetValueOrDefault(Stream.WriteKey).ToText() == Key(n));

    public async Task<List<string>> IdsAsync() => [.. (await System.RecordsAsync(cancellationToken)).Select(record => record.Id)];

    public Task BreakAsync(params RehearsedFault[] faults) => System.BreakAsync(faults, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _open)
            await connection.DisposeAsync();
    }

    public void Hear(Page page)
    {
        witness.Hear("a cursor", page.Cursor);
        witness.Hear("a receipt", page.Receipt);
        foreach (var note in page.Notes)
            witness.Hear("a note of a pull", note);
        foreach (var row in page.Rows.Where(row => row.Fault is not null))
            witness.Hear("the fault of a row", $"{row.Fault!.Message} {row.Fault.Fix}");
    }

    private static async IAsyncEnumerable<Write> Each(IReadOnlyList<Write> writes)
    {
        foreach (var write in writes)
        {
            await Task.Yield();
            yield return write;
        }
    }
}
