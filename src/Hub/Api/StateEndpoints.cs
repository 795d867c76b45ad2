using System.ComponentModel;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>How far pipelines have come.</summary>
internal static class StateEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapState(this IEndpointRouteBuilder api)
    {
        var state = api.MapGroup("/state").WithTags("state");
        state.MapGet("/", List).Needs(Role.Viewer).WithSummary("List how far each pipeline has come.");
        state.MapGet("/{pipeline}", Show).Needs(Role.Viewer).WithSummary("Show how far a pipeline has come.");
        state.MapPut("/{pipeline}", SetAsync).Needs(Role.Operator).WithSummary("Make an inbound pipeline go on from a cursor.");
        state.MapPost("/{pipeline}/reset", ResetAsync).Needs(Role.Operator).WithSummary("Make a pipeline look at everything again; nothing is deleted.");
    }

    private static IReadOnlyList<PipelineStateRow> List(ApiCall api)
    {
        using var transaction = api.View.Store.Begin();
        return PipelineState.List(transaction);
    }

    private static PipelineStateRow Show(ApiCall api, [Description("The name of a pipeline.")] string pipeline)
    {
        using var transaction = api.View.Store.Begin();
        return StateChange.Of(transaction, pipeline);
    }

    private static async Task<PipelineStateRow> SetAsync(ApiCall api, [Description("The name of a pipeline.")] string pipeline, StateBody body) =>
        (await StateChange.SetAsync(api.View, api.Configuration, pipeline, body.Cursor, api.SayWaiting, api.Stopping)).Now;

    private static async Task<PipelineStateRow> ResetAsync(ApiCall api, [Description("The name of a pipeline.")] string pipeline) =>
        (await StateChange.ResetAsync(api.View, pipeline, api.SayWaiting, api.Stopping)).Now;
}

/// <summary>Where a pipeline goes on.</summary>
internal sealed record StateBody
{
    [Description("The cursor, as the pipeline's state shows it.")]
    public required string Cursor { get; init; }
}
