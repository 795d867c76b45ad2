namespace Crm.Integration.Hub.Tests.TwoWay;

/// <summary>What the records of a system in memory are: the entity, the stream, and which of its fields is which of the entity's.</summary>
internal sealed record TwoWayModel(string Entity, string Stream, params IReadOnlyList<(string Field, string Path)> Map)
{
    public static TwoWayModel People { get; } =
        new("customer", "people", ("First", "name.given"), ("Last", "name.family"), ("Mail", "email"), ("Phone", "phone"), ("Title", "jobTitle"));

    public static TwoWayModel Deals { get; } = new("deal", "deals", ("Name", "name"), ("Amount", "amount"), ("Stage", "stage"), ("Closes", "closeDate"));

    public static TwoWayModel Orders { get; } = new("order", "orders", ("Number", "number"), ("Amount", "amount"), ("Status", "status"), ("Date", "date"));
}
