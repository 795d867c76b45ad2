using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Tests.Pipelines;

/// <summary>A system in memory that can be read and written, and that fails when told to.</summary>
internal sealed class TestSystem(string name) : IConnector, IConnection
{
    public Dictionary<string, Dictionary<string, string?>> Rows { get; } = [];

    public List<Dictionary<string, string?>> ExtraRows { get; } = [];

    /// <summary>What was pushed, by key: the fields that the destination has now.</summary>
    public Dictionary<string, Dictionary<string, string?>> Received { get; } = [];

    public List<Write> Writes { get; } = [];

    public int PageSize { get; set; } = 3;

    public bool Snapshot { get; set; } = true;

    public bool SendsWebhooks { get; set; }

    /// <summary>Pull fails after so many rows.</summary>
    public int? BreakAfterRows { get; set; }

    /// <summary>Push applies so many writes and then throws, their answers lost.</summary>
    public int? LoseAnswersAfter { get; set; }

    /// <summary>How long each page takes to come.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Waited for before each page, by its number.</summary>
    public Func<int, Task> BeforePage { get; set; } = _ => Task.CompletedTask;

    /// <summary>Waited for before a write that was made is answered.</summary>
    public Func<Write, Task> BeforeAnswer { get; set; } = _ => Task.CompletedTask;

    public Func<Write, FailureKind?> Refuse { get; set; } = _ => null;

    public ConnectorDeclaration Declaration => new()
    {
        Name = name,
        Summary = "A system in memory.",
        SettingsType = typeof(object),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.Push | (SendsWebhooks ? ConnectorCapabilities.Webhook : 0),
        Deletes = Snapshot ? DeleteStrategy.AbsentFromSnapshot : DeleteStrategy.Reported,
        IdempotentCreate = true,
    };

    /// <summary>Sees what the hub lends, and may give another connection in place of this one.</summary>
    public Func<ConnectionContext, IConnection?> OnOpen { get; set; } = _ => null;

    public IConnection Open(object settings, ConnectionContext context) => OnOpen(context) ?? this;

    public void Put(string id, params ReadOnlySpan<(string Field, string? Value)> fields)
    {
        var row = new Dictionary<string, string?> { ["id"] = id };
        foreach (var (field, value) in fields)
            row[field] = value;
        Rows[id] = row;
    }

    public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var shape = new Shape();
        var all = Rows.Values.Concat(ExtraRows).ToList();
        var given = 0;
        var number = 0;
        foreach (var chunk in all.Chunk(PageSize))
        {
            await BeforePage(number++);
            if (Delay > TimeSpan.Zero)
                await Task.Delay(Delay, cancellationToken);
            var rows = new List<SourceRow>();
            foreach (var row in chunk)
            {
                if (given++ == BreakAfterRows)
                    throw new ConnectorException(FailureKind.Transient, "the line went dead", "try again");
                rows.Add(ToRow(shape, row, given));
            }

            yield return new Page(rows) { Cursor = Snapshot ? null : given.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        }

        yield return new Page([]) { CompletesSnapshot = Snapshot };
    }

    public async IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var applied = 0;
        await foreach (var write in writes.WithCancellation(cancellationToken))
        {
            if (Refuse(write) is { } kind)
            {
                yield return new WriteOutcome(write.Id, kind, "not today");
                continue;
            }

            Writes.Add(write);
            if (write.Kind == WriteKind.Delete)
            {
                Received.Remove(write.Key);
            }
            else
            {
                if (!Received.TryGetValue(write.Key, out var row))
                    Received.Add(write.Key, row = []);
                for (var i = 0; i < request.Fields.Count; i++)
                {
                    if (write.Changed[i])
                        row[request.Fields[i]] = write.Values[i].ToText();
                }
            }

            if (++applied == LoseAnswersAfter)
                throw new ConnectorException(FailureKind.Transient, "the answer was lost", "try again");
            await BeforeAnswer(write);
            if (LoseAnswersAfter is null)
                yield return new WriteOutcome(write.Id) { ExternalId = "x" + write.Key };
        }
    }

    public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CheckLine>>([]);

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static SourceRow ToRow(Shape shape, Dictionary<string, string?> row, int line)
    {
        foreach (var field in row.Keys)
            shape.Add(field);
        var values = new Value[shape.Count];
        foreach (var (field, value) in row)
            values[shape.Find(field)] = Value.Text(value);
        return new SourceRow(shape, values)
        {
            Position = new RowPosition("test", line),
            IsDelete = row.ContainsKey("deleted"),
            Fault = row.TryGetValue("fault", out var fault) ? new RowFault("ragged-row", "too many cells", fault!, "repair the file") : null,
        };
    }
}
