using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>How Salesforce is asked to do a write.</summary>
internal enum WriteWay
{
    /// <summary>Make it, or change the one that has the key.</summary>
    Upsert,

    /// <summary>Change the one with the id.</summary>
    Update,

    /// <summary>Remove the one with the id.</summary>
    Delete,
}

/// <summary>A write that is ready to be sent.</summary>
/// <param name="Write">The write.</param>
/// <param name="Way">How.</param>
/// <param name="Cells">Its values; none for a delete.</param>
/// <param name="Id">The record's id, where it is known.</param>
internal sealed record PlannedWrite(Write Write, WriteWay Way, object?[] Cells, string? Id);

/// <summary>What became of it.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Created">Whether it was made.</param>
/// <param name="Error">Null for a success.</param>
internal sealed record SaveResult(string? Id, bool? Created, SalesforceError? Error);
