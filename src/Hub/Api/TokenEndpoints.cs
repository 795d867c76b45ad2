using System.ComponentModel;
using Crm.Integration.Hub.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Tokens, and what was done with them.</summary>
internal static class TokenEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("tokens");
        tokens.MapGet("/", List).Needs(Role.Admin).WithSummary("List the tokens, revoked ones included.");
        tokens.MapPost("/", Create).Needs(Role.Admin).WithSummary("Make a token; it is shown in this answer and never again.").Produces<NewToken>(StatusCodes.Status201Created);
        tokens.MapDelete("/{name}", Revoke).Needs(Role.Admin).WithSummary("Revoke a token; it counts no more within moments.").Produces(StatusCodes.Status204NoContent);
        var audit = api.MapGroup("/audit").WithTags("audit");
        audit.MapGet("/", Audit).Needs(Role.Admin).WithSummary("List who did what, the newest first.");
        audit.MapGet("/verify", Verify).Needs(Role.Admin).WithSummary("Look whether any entry of the audit log was changed or is missing.");
    }

    private static IReadOnlyList<ApiToken> List([FromServices] ApiTokens tokens) => tokens.List();

    private static IResult Create(ApiCall api, [FromServices] ApiTokens tokens, TokenBody body)
    {
        api.Caller.About = $"name={body.Name} role={ApiTokenRow.Word(body.Role)}";
        var (token, text) = tokens.Create(body.Name, body.Role, body.Scopes, body.ExpiresAt, api.Caller.Name);
        return Results.Created($"/api/tokens/{token.Name}", new NewToken(text, token));
    }

    private static IResult Revoke(ApiCall api, [FromServices] ApiTokens tokens, [Description("The name of a token.")] string name)
    {
        tokens.Revoke(name, api.Caller.Name);
        return Results.NoContent();
    }

    private static Page<AuditDocument> Audit(ApiCall api, [FromServices] AuditLog log, [AsParameters] PageQuery page) => page.Of(
        api.Http,
        "audit",
        (count, after) => log.List(after ?? long.MaxValue, count),
        entry => entry.Seq,
        entry => new AuditDocument(entry.Seq, Instant.Of(entry.At), entry.Actor, entry.Action, entry.Subject, entry.Outcome, entry.Hash));

    private static AuditCheck Verify([FromServices] AuditLog log, [Description("An end of the log that was noted before, as `head` of this answer.")] string? head) => log.Verify(head);
}

/// <summary>A token to be made.</summary>
internal sealed record TokenBody
{
    [Description("Who or what will use it; the audit log names it so.")]
    public required string Name { get; init; }

    [Description("What it may do: viewer looks, operator runs, steward decides about customers, admin everything.")]
    public required Role Role { get; init; }

    [Description("The parts of the API that it is for; none for all.")]
    public IReadOnlyList<string> Scopes { get; init; } = [];

    [Description("From when on it is refused; null for never.")]
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A token that was made.</summary>
/// <param name="Text">The token, told this once.</param>
/// <param name="Token">What is kept of it.</param>
internal sealed record NewToken(string Text, ApiToken Token);

/// <summary>An entry of the audit log.</summary>
internal sealed record AuditDocument(long Seq, DateTimeOffset At, string Actor, string Action, string Subject, string Outcome, string Hash);
