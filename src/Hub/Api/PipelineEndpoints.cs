using System.ComponentModel;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Triggers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Pipelines, and when they run by themselves.</summary>
internal static class PipelineEndpoints
{
    private const int MostRuns = 100;

    /// <summary>Adds them.</summary>
    public static void MapPipelines(this IEndpointRouteBuilder api)
    {
        var pipelines = api.MapGroup("/pipelines").WithTags("pipelines");
        pipelines.MapGet("/", List).Needs(Role.Viewer).WithSummary("List the pipelines, in the order in which they run.");
        pipelines.MapGet("/{name}", Show).Needs(Role.Viewer).WithSummary("Show a pipeline.");
        api.MapGet("/schedule", Schedule).WithTags("schedule").Needs(Role.Viewer).WithSummary("Show when pipelines run by themselves.");
    }

    private static IReadOnlyList<PipelineDocument> List(ApiCall api)
    {
        var states = States(api);
        return [.. api.Configuration.Pipelines.Select(pipeline => PipelineDocument.Of(pipeline, states.GetValueOrDefault(pipeline.Name), Next(api, pipeline.Name)))];
    }

    private static PipelineDocument Show(ApiCall api, [Description("The name of a pipeline.")] string name) =>
        api.Configuration.Pipelines.FirstOrDefault(pipeline => pipeline.Name == name) is { } found
            ? PipelineDocument.Of(found, States(api).GetValueOrDefault(name), Next(api, name))
            : throw RefusedException.Unknown($"there is no pipeline '{name}'", Suggestion.Of(name, api.Configuration.Pipelines.Select(pipeline => pipeline.Name)));

    private static IReadOnlyList<PlannedRun> Schedule(
        ApiCall api,
        [Description("Only of this pipeline.")] string? pipeline,
        [Description("How many runs of each pipeline, 1 to 100; 3 without it.")] int? count)
    {
        if (count is < 1 or > MostRuns)
            throw RefusedException.Invalid("count", $"1 to {MostRuns} runs of each pipeline are shown", null);
        if (pipeline is not null)
            Show(api, pipeline);
        return ScheduleView.Next(api.Configuration, pipeline is null ? [] : [pipeline], api.Clock.GetUtcNow(), count ?? 3);
    }

    private static Dictionary<string, PipelineStateRow> States(ApiCall api)
    {
        using var transaction = api.View.Store.Begin();
        return PipelineState.List(transaction).ToDictionary(row => row.Pipeline, StringComparer.Ordinal);
    }

    private static PlannedRun? Next(ApiCall api, string pipeline) => ScheduleView.Next(api.Configuration, [pipeline], api.Clock.GetUtcNow(), 1) is [var next, ..] ? next : null;
}

/// <summary>A pipeline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for, in the words of its file.</param>
/// <param name="Inbound">Whether it reads; otherwise it writes.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="Connection">Its connection.</param>
/// <param name="Stream">The stream there.</param>
/// <param name="Trigger">When it runs by itself, in words; null where it does not.</param>
/// <param name="NextAt">When it does so next; null where that depends on others.</param>
/// <param name="Records">How many records it has stored or delivered.</param>
/// <param name="Behind">Of an outbound pipeline, how many changed customers it has not looked at.</param>
internal sealed record PipelineDocument(
    string Name, string? Description, bool Inbound, string Entity, string Connection, string Stream, string? Trigger, DateTimeOffset? NextAt, long Records, long Behind)
{
    /// <summary>A pipeline.</summary>
    public static PipelineDocument Of(Pipeline pipeline, PipelineStateRow? state, PlannedRun? next) => new(
        pipeline.Name,
        pipeline.Settings.Description,
        pipeline is InboundPipeline,
        pipeline.Entity.Type.Name,
        pipeline.Connection.Name,
        pipeline.Stream,
        next?.Trigger,
        next?.BeginsAt,
        state?.Records ?? 0,
        state?.Behind ?? 0);
}
