using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>
/// Builds the HTTP client of a connection. Its handlers, from the outside in: what may be repeated is repeated (Polly), the account's
/// budget is kept, credentials are put on, only declared hosts are contacted. Failures come out as <see cref="ConnectorException"/>.
/// </summary>
public static class ApiClient
{
    /// <summary>Marks a request that may be sent again although its answer was lost: a read, an upsert. Others are repeated only when the system cannot have acted on them.</summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("repeatable");

    /// <summary>How many calls or credits a request costs; 1 unless set.</summary>
    public static readonly HttpRequestOptionsKey<int> Cost = new("cost");

    /// <summary>A client. Dispose it with the connection.</summary>
    /// <param name="profile">How to speak to the system.</param>
    /// <param name="context">What the hub lends to the connection.</param>
    public static HttpClient Create(ApiProfile profile, ConnectionContext context) => throw new NotImplementedException();
}
