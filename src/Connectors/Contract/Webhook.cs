namespace Crm.Integration.Connectors.Contract;

/// <summary>A connection whose system sends webhooks.</summary>
public interface IWebhookConnection : IConnection
{
    /// <summary>
    /// The names of headers and of members of the query that <see cref="ReadAsync"/> looks at, besides Content-Type. No others are stored:
    /// they may hold secrets.
    /// </summary>
    IReadOnlyList<string> NeededToRead => [];

    /// <summary>
    /// Looks at a request before anything is stored: whether it really comes from the system, what to answer, and what tells it from
    /// another. Reads the raw bytes, contacts nobody, and takes less than a millisecond.
    /// </summary>
    /// <param name="request">As it came in.</param>
    WebhookVerdict Verify(WebhookRequest request);

    /// <summary>The rows that a verified request brings; a system that sends ids only is asked for the records.</summary>
    /// <param name="request">As it was stored.</param>
    /// <param name="pull">The stream and the fields that are needed.</param>
    /// <param name="cancellationToken">Ends it between pages.</param>
    IAsyncEnumerable<Page> ReadAsync(WebhookRequest request, PullRequest pull, CancellationToken cancellationToken);

    /// <summary>Makes sure that the system sends to this address: subscribes, renews what expires. Does nothing where a person sets that up.</summary>
    /// <param name="streams">The streams that are wanted.</param>
    /// <param name="address">The public address of the hub for this connection, without the stream.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>When to call again; null for never.</returns>
    Task<DateTimeOffset?> SubscribeAsync(IReadOnlyList<string> streams, Uri address, CancellationToken cancellationToken);
}

/// <summary>A webhook request.</summary>
/// <param name="Stream">The stream in its path.</param>
/// <param name="Method">The HTTP method: a system that tries an address out sends a GET.</param>
/// <param name="Headers">The headers; names are compared without case.</param>
/// <param name="Query">The query's members.</param>
/// <param name="Body">The raw bytes.</param>
/// <param name="ReceivedAt">When it came.</param>
public sealed record WebhookRequest(
    string Stream,
    string Method,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Query,
    ReadOnlyMemory<byte> Body,
    DateTimeOffset ReceivedAt);

/// <summary>What a connection says of a webhook request.</summary>
/// <param name="Accepted">Whether it is genuine and is to be stored.</param>
/// <param name="Reason">For the log when it is not: <c>bad-signature</c>, <c>stale</c>, <c>no-signature</c>, <c>unknown-organisation</c>; never content of the request.</param>
public sealed record WebhookVerdict(bool Accepted, string? Reason = null)
{
    /// <summary>The HTTP status to answer with when it is not accepted: 401 for one that is not genuine, 400 for one that is not of the system's form.</summary>
    public int Status { get; init; } = 401;

    /// <summary>What tells this request from any other, so that one that is sent twice is taken once; null when the system gives no such thing.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>Answer only and store nothing: the system tries the address out.</summary>
    public bool IsProbe { get; init; }

    /// <summary>The body to answer with once the request is durable; null for an empty one.</summary>
    public string? Answer { get; init; }

    /// <summary>The content type of <see cref="Answer"/>.</summary>
    public string AnswerType { get; init; } = "text/plain";
}
