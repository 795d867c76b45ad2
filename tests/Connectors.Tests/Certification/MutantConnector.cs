using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>What a mutant does differently from the connector that it wraps.</summary>
internal sealed record Mutation
{
    public Func<ConnectorDeclaration, ConnectorDeclaration> Declaration { get; init; } = each => each;

    public Func<IReadOnlyList<CheckLine>, IReadOnlyList<CheckLine>> Lines { get; init; } = each => each;

    public Func<IConnection, Task> OnCheck { get; init; } = _ => Task.CompletedTask;

    public Func<StreamDescription, StreamDescription> Description { get; init; } = each => each;

    public bool BrokenDiscoveryThrows { get; init; }

    public Func<PullRequest, PullRequest> Request { get; init; } = each => each;

    public Func<Page, Page> Page { get; init; } = each => each;

    public Func<List<Page>, IEnumerable<Page>>? Pages { get; init; }

    public Func<Write, IEnumerable<Write>> Write { get; init; } = each => [each];

    public Func<WriteOutcome, IEnumerable<WriteOutcome>> Outcome { get; init; } = each => [each];

    public Func<WebhookVerdict, WebhookVerdict> Verdict { get; init; } = each => each;

    public Func<SourceRow, SourceRow> HookRow { get; init; } = each => each;
}

/// <summary>A fixture whose connector is a mutant.</summary>
internal sealed class MutantFixture(ReferenceFixture inner, Mutation mutation) : ICertificationFixture
{
    public IConnector Connector { get; } = new MutantConnector(inner.Connector, mutation);

    public Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken) => inner.BeginAsync(place, cancellationToken);

    private sealed class MutantConnector(IConnector inner, Mutation mutation) : IConnector
    {
        public ConnectorDeclaration Declaration => mutation.Declaration(inner.Declaration);

        public IConnection Open(object settings, ConnectionContext context) => new MutantWebhookConnection((IWebhookConnection)inner.Open(settings, context), mutation);
    }

    private sealed class MutantWebhookConnection(IWebhookConnection inner, Mutation mutation) : IWebhookConnection
    {
        public async Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken)
        {
            await mutation.OnCheck(inner);
            return mutation.Lines(await inner.CheckAsync(cancellationToken));
        }

        public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var found in inner.DiscoverAsync(stream, cancellationToken))
            {
                if (found.Problem is { } problem && mutation.BrokenDiscoveryThrows)
                    throw new ConnectorException(FailureKind.Rejected, problem, "Repair the stream in the system.");
                yield return mutation.Description(found);
            }
        }

        public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var pages = inner.PullAsync(mutation.Request(request), cancellationToken);
            if (mutation.Pages is { } rearrange)
            {
                foreach (var page in rearrange(await pages.ToListAsync(cancellationToken)))
                    yield return page;
                yield break;
            }

            await foreach (var page in pages)
                yield return mutation.Page(page);
        }

        public async IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var outcome in inner.PushAsync(request, writes.SelectMany(write => mutation.Write(write).ToAsyncEnumerable()), cancellationToken))
            {
                foreach (var one in mutation.Outcome(outcome))
                    yield return one;
            }
        }

        public WebhookVerdict Verify(WebhookRequest request) => mutation.Verdict(inner.Verify(request));

        public async IAsyncEnumerable<Page> ReadAsync(WebhookRequest request, PullRequest pull, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var page in inner.ReadAsync(request, pull, cancellationToken))
                yield return page with { Rows = [.. page.Rows.Select(mutation.HookRow)] };
        }

        public Task<DateTimeOffset?> SubscribeAsync(IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken) => inner.SubscribeAsync(streams, address, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
