using System.ComponentModel;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Triggers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Runs: what they did, and asking for new ones.</summary>
internal static class RunEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("runs");
        runs.MapGet("/", List).Needs(Role.Viewer).WithSummary("List the runs, the newest first.");
        runs.MapGet("/{id:long}", Show).Needs(Role.Viewer).WithSummary("Show what a run did.").Produces<RunReport>();
        runs.MapGet("/{id:long}/records", Records).Needs(Role.Viewer).WithSummary("List what became of the records of a run; unchanged ones are counted only.");
        runs.MapGet("/{id:long}/writes", Writes).Needs(Role.Viewer).WithSummary("List what became of the writes of a run.");
        runs.MapGet("/{id:long}/findings", Findings).Needs(Role.Viewer).WithSummary("List the values that a run blanked or warned of.");
        runs.MapPost("/", Start).Needs(Role.Operator).WithSummary("Ask for a run, or for a plan of one.").Produces<RunRequest>(StatusCodes.Status202Accepted);
        runs.MapGet("/requests", Requests).Needs(Role.Viewer).WithSummary("List the runs that were asked for, by schedules too, the newest first.");
        runs.MapGet("/requests/{id:long}", Request).Needs(Role.Viewer).WithSummary("Show a run that was asked for, and of a plan its report.").Produces<RunRequest>();
        runs.MapPost("/requests/{id:long}/cancel", Cancel).Needs(Role.Operator).WithSummary("Cancel a run that waits or is at work; it ends at its next checkpoint, within seconds.").Produces<RunRequest>();
    }

    private static Page<RunBrief> List(ApiCall api, [AsParameters] PageQuery page) => page.Of(
        api.Http,
        "runs",
        (count, after) => RunHistory.Last(api.View.Store, count, after ?? long.MaxValue),
        run => run.Id,
        run => RunBrief.Of(run, run.Report is null ? null : RunHistory.ReportOf(run.Report)));

    private static Tagged<RunReport> Show(ApiCall api, [Description("The number of a run.")] long id)
    {
        var run = Find(api, id);
        return run.Report is null
            ? throw RefusedException.Clash($"run {id} has not ended: it is at work, or was killed", "`/api/runs/requests` tells what is at work")
            : new Tagged<RunReport>(RunHistory.ReportOf(run.Report));
    }

    private static Page<RunRecordDocument> Records(ApiCall api, [Description("The number of a run.")] long id, [AsParameters] PageQuery page)
    {
        Find(api, id);
        return page.Of(api.Http, "records", (count, after) => RunHistory.Records(api.View.Store, id, count, after ?? 0), row => row.Id, row => RunRecordDocument.Of(api.View, row));
    }

    private static Page<RunWriteDocument> Writes(ApiCall api, [Description("The number of a run.")] long id, [AsParameters] PageQuery page)
    {
        Find(api, id);
        return page.Of(
            api.Http,
            "writes",
            2,
            (count, after) => RunHistory.Writes(api.View.Store, id, count, after is null ? default : (after[0], after[1])),
            row => [row.OutboundId, row.MasterId],
            row => RunWriteDocument.Of(api.View, row));
    }

    private static Page<FindingRow> Findings(ApiCall api, [Description("The number of a run.")] long id, [AsParameters] PageQuery page)
    {
        Find(api, id);
        return page.Of(api.Http, "findings", (count, after) => RunHistory.Findings(api.View.Store, id, count, after ?? 0), row => row.Id, row => row);
    }

    private static IResult Start(
        ApiCall api,
        [FromServices] RunRequests requests,
        RunStart body,
        [FromHeader(Name = "Idempotency-Key"), Description("A key of your own, up to 200 characters: asking twice with the same one asks once.")] string? idempotencyKey)
    {
        var known = api.Configuration.Pipelines.Select(pipeline => pipeline.Name).ToList();
        if (known.Count == 0)
            throw RefusedException.Clash("this hub has no pipelines", "make one under pipelines/");
        foreach (var name in body.Pipelines.Where(name => !known.Contains(name)))
            throw RefusedException.Invalid("pipelines", $"there is no pipeline '{name}'", Suggestion.Of(name, known));
        var request = new NewRunRequest { Pipelines = body.Pipelines, Cause = RunCause.Api, By = api.Caller.Name, IgnoreLimits = body.IgnoreLimits, Rehearsal = body.Plan };
        api.Caller.About = $"{(body.Plan ? "plan" : "run")} pipelines={(body.Pipelines.Count == 0 ? "all" : string.Join(',', body.Pipelines))}{(body.IgnoreLimits ? " without limits" : "")}";
        var id = idempotencyKey is null ? requests.Add(request)!.Value : RequestOnce.Add(requests, request, idempotencyKey);
        return Results.Accepted($"/api/runs/requests/{id}", requests.Find(id));
    }

    private static Page<RunRequest> Requests(ApiCall api, [FromServices] RunRequests requests, [AsParameters] PageQuery page) =>
        page.Of(api.Http, "requests", (count, after) => requests.List(after, count), request => request.Id, request => request);

    private static RunRequest Request([FromServices] RunRequests requests, [Description("The number of a request.")] long id) =>
        requests.Find(id) ?? throw RefusedException.Unknown($"no run was asked for under number {id}", "`/api/runs/requests` lists them");

    private static RunRequest Cancel(ApiCall api, [FromServices] RunRequests requests, [Description("The number of a request.")] long id)
    {
        var before = Request(requests, id);
        return requests.Cancel(id, api.Caller.Name)
            ? Request(requests, id)
            : throw RefusedException.Clash($"request {id} has ended: {RunRequestRow.Word(before.State)}", null);
    }

    private static RunRow Find(ApiCall api, long id) =>
        RunHistory.Find(api.View.Store, id) ?? throw RefusedException.Unknown($"there is no run {id}", "`/api/runs` lists the last ones");
}

/// <summary>A run to be begun.</summary>
internal sealed record RunStart
{
    [Description("The pipelines; none for all.")]
    public IReadOnlyList<string> Pipelines { get; init; } = [];

    [Description("Show what a run would do, and change nothing; the report stands in the request.")]
    public bool Plan { get; init; }

    [Description("Go on where a limit would stop: you have looked, and it is right.")]
    public bool IgnoreLimits { get; init; }
}
