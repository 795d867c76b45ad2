using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Tests.Contract;

/// <summary>A connection with one fault, to show that a check catches it.</summary>
internal sealed class MutantConnection(IConnection inner) : IConnection
{
    public Func<PullRequest, PullRequest> Request { get; init; } = request => request;

    public Func<List<Page>, IEnumerable<Page>> Pages { get; init; } = pages => pages;

    public Func<Write, IEnumerable<Write>> Writes { get; init; } = write => [write];

    public Func<WriteOutcome, IEnumerable<WriteOutcome>> Outcomes { get; init; } = outcome => [outcome];

    public Action OnCheck { get; init; } = () => { };

    public Func<StreamDescription, StreamDescription> Description { get; init; } = stream => stream;

    public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken)
    {
        OnCheck();
        return inner.CheckAsync(cancellationToken);
    }

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in inner.DiscoverAsync(stream, cancellationToken))
            yield return Description(found);
    }

    public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = new List<Page>();
        await foreach (var page in inner.PullAsync(Request(request), CancellationToken.None))
            all.Add(page);
        foreach (var page in Pages(all))
            yield return page;
    }

    public async IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changed = writes.SelectMany(write => Writes(write).ToAsyncEnumerable());
        await foreach (var outcome in inner.PushAsync(request, changed, cancellationToken))
        {
            foreach (var one in Outcomes(outcome))
                yield return one;
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
