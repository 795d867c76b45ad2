using RestEase;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>What an organisation says of itself and of its objects.</summary>
internal interface ISalesforceOrganization
{
    /// <summary>The version of the API, as in 61.0.</summary>
    [Path("version")]
    string Version { get; set; }

    [Get("services/data/")]
    Task<IReadOnlyList<OfferedVersion?>> VersionsAsync(CancellationToken cancellationToken);

    [Get("services/data/v{version}/limits")]
    Task<SalesforceLimits> LimitsAsync(CancellationToken cancellationToken);

    [Get("services/data/v{version}/sobjects")]
    Task<ObjectList> ObjectsAsync(CancellationToken cancellationToken);

    [Get("services/data/v{version}/sobjects/{name}/describe")]
    Task<SalesforceObject> DescribeAsync([Path] string name, CancellationToken cancellationToken);

    /// <summary>The records that were deleted within a window, purged ones too.</summary>
    [Get("services/data/v{version}/sobjects/{name}/deleted/")]
    Task<DeletedList> DeletedAsync([Path] string name, [Query] string start, [Query] string end, CancellationToken cancellationToken);
}

/// <summary>A version of the API that the organisation offers.</summary>
/// <param name="Version">As in 61.0.</param>
internal sealed record OfferedVersion(string? Version);

/// <summary>The limits of the organisation, as far as they concern the hub.</summary>
/// <param name="DailyApiRequests">The calls of a day.</param>
internal sealed record SalesforceLimits(SalesforceLimit? DailyApiRequests);

/// <summary>A limit.</summary>
/// <param name="Max">What is allowed.</param>
/// <param name="Remaining">What is left of it.</param>
internal sealed record SalesforceLimit(long Max, long Remaining);

/// <summary>The records that were deleted within a window.</summary>
internal sealed record DeletedList
{
    /// <summary>Since when Salesforce knows of deletions.</summary>
    public string? EarliestDateAvailable { get; init; }

    public IReadOnlyList<Entry?>? DeletedRecords { get; init; }

    internal sealed record Entry(string? Id);
}
