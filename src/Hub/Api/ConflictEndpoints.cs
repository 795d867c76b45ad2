using System.ComponentModel;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.TwoWay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Fields that were edited at a destination while the hub says otherwise.</summary>
internal static class ConflictEndpoints
{
    private static readonly string[] s_states = ["open", "decided", "settled", "duplicate"];

    /// <summary>Adds them.</summary>
    public static void MapConflicts(this IEndpointRouteBuilder api)
    {
        var conflicts = api.MapGroup("/conflicts").WithTags("conflicts");
        conflicts.MapGet("/", List).Needs(Role.Viewer).WithSummary("List the conflicts that wait for a person, or are over.");
        conflicts.MapGet("/{id:long}", Show).Needs(Role.Viewer).WithSummary("Show a conflict: what was agreed, what both ends say now, and since when.").Produces<ConflictDocument>();
        conflicts.MapPost("/{id:long}/accept", AcceptAsync).Needs(Role.Steward).WithSummary("Say whose value stands; the next run carries it out.");
    }

    private static Page<ConflictDocument> List(ApiCall api, [AsParameters] PageQuery page, [Description("open, decided, settled or duplicate; open without it.")] string? state) => page.Of(
        api.Http,
        "conflicts",
        (count, after) => ConflictQuery.Page(
            api.View.Store,
            state is null || s_states.Contains(state) ? state ?? "open" : throw RefusedException.Invalid("state", "a conflict is open, decided, settled or a duplicate", Suggestion.Of(state, s_states)),
            count,
            after ?? 0),
        row => row.Id,
        row => ConflictText.ToJson(api.View, row));

    private static Tagged<ConflictDocument> Show(ApiCall api, [Description("The number of a conflict.")] long id) => new Tagged<ConflictDocument>(ConflictText.ToJson(api.View, ConflictChoice.Of(api.View, id)));

    private static async Task<SettlementDocument> AcceptAsync(ApiCall api, [Description("The number of a conflict.")] long id, SettlementBody body)
    {
        api.Caller.About = $"side={body.Side}";
        var done = await new ConflictSettlement(api.Steward()).SettleAsync([id], body.Side, body.Why, over: null, api.Stopping);
        return done.Decided == 1 ? done : throw RefusedException.Clash($"conflict {id} no longer waits", $"`/api/conflicts/{id}` says what became of it");
    }
}

/// <summary>Whose value stands.</summary>
internal sealed record SettlementBody
{
    [Description("`hub`: what the hub says stands. `source`: what the destination says stands, for everybody.")]
    public required ConflictSide Side { get; init; }

    [Description("The reason, kept with the decision.")]
    public string? Why { get; init; }
}
