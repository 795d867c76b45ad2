using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Webhook;

/// <summary>A sender of webhooks. It gives what it sends, and nothing when asked.</summary>
internal sealed class WebhookConnection(WebhookSettings settings, ConnectionContext context) : IWebhookConnection
{
    private readonly WebhookProof _proof = new(settings);
    private readonly WebhookRecords _records = new(settings);

    public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken)
    {
        var lines = new List<CheckLine> { new("proof", true, $"requests to /hooks/{context.Name}/STREAM are proven by {_proof.Way}") };
        if (settings.PreviousSecret is not null)
            lines.Add(new("previousSecret", true, "the secret before is still taken: remove it once the sender has the new one"));
        if (settings.Secret is not null && settings.TimestampHeader is null)
            lines.Add(new("timestampHeader", true, "the sender tells no time, so a request that somebody listened in on can be sent again"));
        return Task.FromResult<IReadOnlyList<CheckLine>>(lines);
    }

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return new Page([]) { Notes = [$"nothing to pull: {context.Name} sends its records to `hub serve`, which takes them as they come"] };
    }

    public IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, CancellationToken cancellationToken) =>
        throw new ConnectorException(FailureKind.Configuration, "A webhook connection takes no records.", "Use another connection in `to`.");

    public WebhookVerdict Verify(WebhookRequest request)
    {
        // A system that tries the address out; nothing of it is taken.
        if (request.Method is "GET" or "HEAD")
            return new(true) { IsProbe = true };
        var verdict = _proof.Verify(request);
        if (!verdict.Accepted)
            return verdict;
        if (request.Body.IsEmpty)
            return new(true) { IsProbe = true };
        return WebhookBody.FormatOf(settings, request) is null ? new(false, "unknown-content-type") { Status = 415 } : verdict;
    }

    public async IAsyncEnumerable<Page> ReadAsync(WebhookRequest request, PullRequest pull, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var format = WebhookBody.FormatOf(settings, request) ?? throw WebhookBody.Bad("has a content type that is not known");
        foreach (var rows in _records.Rows(WebhookBody.Read(format, request)).Chunk(pull.PageSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Page(rows);
        }
    }

    // A person sets the sender up.
    public Task<DateTimeOffset?> SubscribeAsync(IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
