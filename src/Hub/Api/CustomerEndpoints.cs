using System.ComponentModel;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Customers;
using Crm.Integration.Hub.Review;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Customers, and all other entities: finding, showing, explaining, and what stewards decide of them.</summary>
internal static class CustomerEndpoints
{
    private const string IdMeans = "A master id, such as C1042; one that was merged leads to the one that lives on.";

    /// <summary>Adds them.</summary>
    public static void MapCustomers(this IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("customers");
        customers.MapGet("/", Search).Needs(Role.Viewer).WithSummary("Find golden records by name, e-mail, phone or id, or list them all.");
        customers.MapGet("/{id}", Show).Needs(Role.Viewer).WithSummary("Show a golden record with its source records and deliveries, or as it was.").Produces<CustomerDocument>();
        customers.MapGet("/{id}/history", History).Needs(Role.Viewer).WithSummary("Show how a golden record came about.").Produces<HistoryDocument>();
        customers.MapGet("/{id}/lineage", Lineage).Needs(Role.Viewer).WithSummary("Say where each value of a golden record comes from.").Produces<LineageDocument>();
        customers.MapGet("/pair", Pair).Needs(Role.Viewer).WithSummary("Say why two masters or source records are or are not one.").Produces<PairDocument>();
        customers.MapPost("/merge", MergeAsync).Needs(Role.Steward).WithSummary("Say that two masters are one customer, now and for ever.");
        customers.MapPost("/{id}/split", SplitAsync).Needs(Role.Steward).WithSummary("Say that some source records of a master are another customer.");
        customers.MapPost("/{id}/corrections", CorrectAsync).Needs(Role.Steward).WithSummary("Correct values of a golden record by hand, or verify them.");
        customers.MapDelete("/{id}/corrections", UncorrectAsync).Needs(Role.Steward).WithSummary("Take corrections by hand back: the sources decide again.");
    }

    private static Page<CustomerBrief> Search(
        ApiCall api,
        [AsParameters] PageQuery page,
        [Description("The beginning of names, an e-mail address, the end of a phone number, or an id of the hub or of a source; without it all are listed.")] string? q,
        [Description("Only of this entity: customer, account …")] string? entity) => page.Of(
        api.Http,
        "customers",
        (count, after) => q is null
            ? CustomerSearch.All(api.View.Store, entity, count, after ?? 0)
            : CustomerSearch.Find(api.View.Store, q, entity, count, after, api.Gone),
        row => row.Id,
        row => CustomerBrief.Of(api.View, row));

    private static IResult Show(ApiCall api, [Description(IdMeans)] string id, [Description("As it was at the end of a day (2026-05-01) or at an instant (2026-05-01T12:00Z).")] string? asOf)
    {
        if (asOf is not null)
            return new Tagged<CustomerThenDocument>(CustomerThen.Of(api.View, id, Days.End(asOf, api.Clock)).ToDocument());
        var master = MasterChoice.Of(api.View, id);
        return new Tagged<CustomerDocument>(CustomerSheet.Of(api.View, master, api.Configuration.Entities.GetValueOrDefault(master.Entity)).ToDocument());
    }

    private static Tagged<HistoryDocument> History(ApiCall api, [Description(IdMeans)] string id) => new Tagged<HistoryDocument>(CustomerHistory.Of(api.View, MasterChoice.Of(api.View, id)).ToDocument());

    private static Tagged<LineageDocument> Lineage(ApiCall api, [Description(IdMeans)] string id, [Description("A field or a group of fields, such as email or address; all without it.")] string? field)
    {
        var master = MasterChoice.Of(api.View, id);
        return new Tagged<LineageDocument>(CustomerLineage.Of(api.View, EntityChoice.Of(api.Configuration, master.Entity), master, field).ToDocument());
    }

    private static Tagged<PairDocument> Pair(
        ApiCall api,
        [Description("A master id, such as C1042; or a source record: connection/stream/id.")] string left,
        [Description("The other; the same master again says what holds its records together.")] string right)
    {
        var one = Choose(api, left);
        return new Tagged<PairDocument>(PairQuestion.Ask(api.View, EntityChoice.Of(api.Configuration, one.Master.Entity), one, Choose(api, right)).ToDocument());
    }

    private static Task<MergeDocument> MergeAsync(ApiCall api, MergeBody body)
    {
        api.Caller.About = $"left={body.Left} right={body.Right}";
        return new IdentityDecisions(api.Steward()).MergeAsync(body.Left, body.Right, body.Why, merged: null, api.Stopping);
    }

    private static Task<SplitDocument> SplitAsync(ApiCall api, [Description(IdMeans)] string id, SplitBody body) =>
        new IdentityDecisions(api.Steward()).SplitAsync(id, body.Records, body.Why, merged: null, api.Stopping);

    private static Task<CorrectionDocument> CorrectAsync(ApiCall api, [Description(IdMeans)] string id, CorrectionBody body)
    {
        if (body.Fields.Count > 0 == body.Verified.Count > 0)
            throw RefusedException.Invalid("fields", "a correction has either fields with their values, or fields that are verified", "send `fields`, or `verified`");
        api.Caller.About = $"fields={string.Join(',', body.Fields.Keys.Concat(body.Verified))}";
        var until = body.Until is { } day ? Days.End(day, api.Clock) : (DateTimeOffset?)null;
        var decisions = new ValueDecisions(api.Steward());
        return body.Verified.Count > 0
            ? decisions.VerifyAsync(id, body.Verified, until, body.Why, merged: null, api.Stopping)
            : decisions.SetAsync(id, [.. body.Fields], until, body.Why, merged: null, api.Stopping);
    }

    private static Task<UncorrectionDocument> UncorrectAsync(ApiCall api, [Description(IdMeans)] string id, [Description("The fields or groups whose correction is taken back; may be repeated.")] string[] field)
    {
        api.Caller.About = $"fields={string.Join(',', field)}";
        return new ValueDecisions(api.Steward()).UnsetAsync(id, field, merged: null, api.Stopping);
    }

    private static (MasterRow Master, MemberRow? Record) Choose(ApiCall api, string name) =>
        RecordChoice.IsRecord(name) ? RecordChoice.Of(api.View, name) : (MasterChoice.Of(api.View, name), null);
}

/// <summary>Two masters that are one customer.</summary>
internal sealed record MergeBody
{
    [Description("A master id.")]
    public required string Left { get; init; }

    [Description("The other.")]
    public required string Right { get; init; }

    [Description("The reason, kept with the decision.")]
    public string? Why { get; init; }
}

/// <summary>Source records that are another customer.</summary>
internal sealed record SplitBody
{
    [Description("The records, as the golden record lists them: shop/customers.csv/4711, or the end of it that is clear.")]
    public required IReadOnlyList<string> Records { get; init; }

    [Description("The reason, kept with the decision.")]
    public string? Why { get; init; }
}

/// <summary>What a steward says of values.</summary>
internal sealed record CorrectionBody
{
    [Description("Fields with their right values; elements of a list are divided by semicolons.")]
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    [Description("Fields or groups whose present values are right, in place of giving others.")]
    public IReadOnlyList<string> Verified { get; init; } = [];

    [Description("The last day on which it counts.")]
    public string? Until { get; init; }

    [Description("The reason, kept with it.")]
    public string? Why { get; init; }
}
