using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Tests.Pipelines;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub.Tests.Inbox;

/// <summary>A system in memory whose webhooks carry their records: a JSON array of objects of texts.</summary>
internal sealed class HookSystem(TestSystem system) : IWebhookConnection
{
    /// <summary>The bodies that were read, in order.</summary>
    public List<string> Read { get; } = [];

    /// <summary>What reading a body ends with, if anything.</summary>
    public Func<string, Exception?> Fails { get; set; } = _ => null;

    public WebhookVerdict Verify(WebhookRequest request) => new(true);

    public async IAsyncEnumerable<Page> ReadAsync(WebhookRequest request, PullRequest pull, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var body = System.Text.Encoding.UTF8.GetString(request.Body.Span);
        Read.Add(body);
        if (Fails(body) is { } failure)
            throw failure;
        var rows = new List<SourceRow>();
        foreach (var row in JsonSerializer.Deserialize<List<Dictionary<string, string?>>>(body)!)
        {
            var shape = new Shape(row.Keys);
            rows.Add(new SourceRow(shape, [.. row.Values.Select(Value.Text)]) { IsDelete = row.ContainsKey("deleted") });
        }

        yield return new Page(rows) { Cursor = "a webhook must not move the cursor" };
    }

    /// <summary>What it is asked to send, and where to; when it wants to be asked again.</summary>
    public Func<IReadOnlyList<string>, Uri, DateTimeOffset?> Subscribes { get; set; } = (_, _) => null;

    public Task<DateTimeOffset?> SubscribeAsync(IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken) => Task.FromResult(Subscribes(streams, address));

    public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken) => system.CheckAsync(cancellationToken);

    public IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, CancellationToken cancellationToken) => system.DiscoverAsync(stream, cancellationToken);

    public IAsyncEnumerable<Page> PullAsync(PullRequest request, CancellationToken cancellationToken) => system.PullAsync(request, cancellationToken);

    public IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, CancellationToken cancellationToken) => system.PushAsync(request, writes, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
