using System.ComponentModel;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Quarantine;
using Crm.Integration.Hub.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Rejected rows: what is wrong with them, and how they go on.</summary>
internal static class QuarantineEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapQuarantine(this IEndpointRouteBuilder api)
    {
        var quarantine = api.MapGroup("/quarantine").WithTags("quarantine");
        quarantine.MapGet("/", List).Needs(Role.Viewer).WithSummary("List the rejected rows, the oldest first.");
        quarantine.MapGet("/causes", Causes).Needs(Role.Viewer).WithSummary("Count the rejected rows by cause.");
        quarantine.MapGet("/{id:long}", Show).Needs(Role.Viewer).WithSummary("Show a rejected row whole: its values, the rule, and what to do.").Produces<QuarantineDocument>();
        quarantine.MapPost("/retry", RetryAsync).Needs(Role.Operator).WithSummary("Take rejected rows through their pipelines again, after the cause was put right.");
        quarantine.MapPost("/discard", DiscardAsync).Needs(Role.Operator).WithSummary("Put rejected rows away: they are not asked about again unless they change.");
    }

    private static Page<QuarantineDocument> List(
        ApiCall api,
        [AsParameters] PageQuery page,
        [Description("Only of this pipeline.")] string? pipeline,
        [Description("Only those that this rule rejected.")] string? rule,
        [Description("open, resolved or discarded; open without it, `all` for all.")] string? state) => page.Of(
        api.Http,
        "quarantine",
        (count, after) => QuarantineQuery.List(api.View.Store, Filter(pipeline, rule, state), count, after ?? 0),
        entry => entry.Id,
        QuarantineDocument.Of);

    private static IReadOnlyList<QuarantineGroup> Causes(ApiCall api, [Description("Only of this pipeline.")] string? pipeline) =>
        QuarantineQuery.Groups(api.View.Store, Filter(pipeline, null, null));

    private static Tagged<QuarantineDocument> Show(ApiCall api, [Description("The number of an entry.")] long id) => new Tagged<QuarantineDocument>(QuarantineDocument.Of(
        QuarantineQuery.Find(api.View.Store, id) ?? throw RefusedException.Unknown($"the quarantine has no entry {id}", "`/api/quarantine` lists them")));

    private static async Task<RetryDocument> RetryAsync(ApiCall api, QuarantineSelection body)
    {
        api.Caller.About = body.ToString();
        IReadOnlyList<QuarantineEntry> entries = body.Ids.Count > 0
            ? [.. Chosen(api, body).Select(id => QuarantineQuery.Find(api.View.Store, id)!)]
            : QuarantineQuery.List(api.View.Store, new QuarantineFilter(body.Pipeline, body.Rule, "open"), int.MaxValue);
        var retried = entries.Where(entry => entry.CanRetry).ToList();
        var report = retried.Count == 0
            ? null
            : await new QuarantineRetry(api.Configuration, api.Clock, api.Log).RunAsync(retried, new Progress<RunProgress>(), api.Stopping);
        return new RetryDocument(retried.Count, entries.Count - retried.Count, report);
    }

    private static async Task<DiscardDocument> DiscardAsync(ApiCall api, QuarantineSelection body)
    {
        api.Caller.About = body.ToString();
        var ids = Chosen(api, body);
        using var held = await api.View.LockAsync("quarantine discard", api.SayWaiting, api.Stopping);
        using var transaction = api.View.Store.Begin();
        var discarded = QuarantineQuery.Discard(transaction, ids, api.Caller.Name);
        transaction.Commit();
        return new DiscardDocument(discarded);
    }

    private static long[] Chosen(ApiCall api, QuarantineSelection body) => QuarantineChoice.Of(api.View, [.. body.Ids], body.Pipeline, body.Rule, int.MaxValue);

    private static QuarantineFilter Filter(string? pipeline, string? rule, string? state) => state is null or "open" or "resolved" or "discarded" or "all"
        ? new QuarantineFilter(pipeline, rule, state is "all" ? null : state ?? "open")
        : throw RefusedException.Invalid("state", "a row is open, resolved or discarded", Suggestion.Of(state, ["open", "resolved", "discarded", "all"]));
}

/// <summary>Which rejected rows are meant: some by number, or all with one cause.</summary>
internal sealed record QuarantineSelection
{
    [Description("Numbers of entries.")]
    public IReadOnlyList<long> Ids { get; init; } = [];

    [Description("All of this pipeline.")]
    public string? Pipeline { get; init; }

    [Description("All that this rule rejected.")]
    public string? Rule { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Ids.Count > 0 ? $"ids={string.Join(',', Ids)}" : $"pipeline={Pipeline ?? "all"} rule={Rule ?? "all"}";
}

/// <summary>What came of a retry.</summary>
/// <param name="Retried">How many rows were judged again.</param>
/// <param name="Left">How many could not be, each by itself: correct them in their source.</param>
/// <param name="Report">The run that did it; null when there was nothing to do.</param>
internal sealed record RetryDocument(int Retried, int Left, RunReport? Report);

/// <summary>What was put away.</summary>
/// <param name="Discarded">How many of the rows had been open.</param>
internal sealed record DiscardDocument(int Discarded);
