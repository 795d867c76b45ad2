using System.ComponentModel;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Review;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Pairs of which only a person can say whether they are one.</summary>
internal static class ReviewEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapReview(this IEndpointRouteBuilder api)
    {
        var review = api.MapGroup("/review").WithTags("review");
        review.MapGet("/", List).Needs(Role.Viewer).WithSummary("List the pairs that wait for a person, or were decided.");
        review.MapGet("/{id:long}", Show).Needs(Role.Viewer).WithSummary("Show a pair side by side, and what speaks for and against.").Produces<ReviewSheetDocument>();
        review.MapPost("/{id:long}/accept", AcceptAsync).Needs(Role.Steward).WithSummary("They are one: merge them, now and for ever.");
        review.MapPost("/{id:long}/reject", RejectAsync).Needs(Role.Steward).WithSummary("They are two: never ask again.");
    }

    private static Page<ReviewDocument> List(ApiCall api, [AsParameters] PageQuery page, [Description("open, accepted or rejected; open without it.")] string? state) => page.Of(
        api.Http,
        "review",
        (count, after) => ReviewQuery.Page(
            api.View.Store,
            state is null or "open" or "accepted" or "rejected" ? state ?? "open" : throw RefusedException.Invalid("state", "a pair is open, accepted or rejected", Suggestion.Of(state, ["open", "accepted", "rejected"])),
            count,
            after ?? 0),
        row => row.Id,
        row => ReviewDocument.Of(api.View, row, api.Configuration.Entities.GetValueOrDefault(row.Entity)?.Matcher?.Settings));

    private static Tagged<ReviewSheetDocument> Show(ApiCall api, [Description("The number of a pair.")] long id) => new Tagged<ReviewSheetDocument>(ReviewSheet.Of(api.View, api.Configuration, id).ToDocument());

    private static Task<ReviewDecisionDocument> AcceptAsync(ApiCall api, [Description("The number of a pair.")] long id, DecisionBody body) => DecideAsync(api, id, same: true, body.Why);

    private static Task<ReviewDecisionDocument> RejectAsync(ApiCall api, [Description("The number of a pair.")] long id, DecisionBody body) => DecideAsync(api, id, same: false, body.Why);

    private static async Task<ReviewDecisionDocument> DecideAsync(ApiCall api, long id, bool same, string? why)
    {
        var done = await new IdentityDecisions(api.Steward()).DecideAsync([id], same, why, over: null, api.Stopping);
        return done.Decided == 1 ? done : throw RefusedException.Clash($"pair {id} no longer waits", $"`/api/review/{id}` says what became of it");
    }
}

/// <summary>A decision.</summary>
internal sealed record DecisionBody
{
    [Description("The reason, kept with the decision.")]
    public string? Why { get; init; }
}
