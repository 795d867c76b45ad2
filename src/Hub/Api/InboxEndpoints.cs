using System.ComponentModel;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Inbox;
using Crm.Integration.Hub.Logging;
using Crm.Integration.Hub.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Api;

/// <summary>Webhooks that came.</summary>
internal static class InboxEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapInbox(this IEndpointRouteBuilder api)
    {
        var inbox = api.MapGroup("/inbox").WithTags("inbox");
        inbox.MapGet("/", List).Needs(Role.Viewer).WithSummary("List the webhooks that came, the newest first.");
        inbox.MapGet("/open", Open).Needs(Role.Viewer).WithSummary("Count the webhooks that wait or cannot be read, by stream.");
        inbox.MapGet("/{id:long}", Show).Needs(Role.Operator).WithSummary("Show a webhook whole: its headers and its body, secrets masked.");
        inbox.MapPost("/replay", Replay).Needs(Role.Operator).WithSummary("Take webhooks once more: those that could not be read, or any other.");
    }

    private static Page<MessageDocument> List(
        ApiCall api,
        [AsParameters] PageQuery page,
        [Description("waiting, done or poison; all without it.")] string? state,
        [Description("Only those to this connection.")] string? connection)
    {
        using var store = OpenStore(api);
        return page.Of(api.Http, "inbox", (count, after) => InboxQuery.List(store, new InboxFilter(Choice.Of<MessageState>(state, "state"), connection), count, after ?? long.MaxValue), message => message.Id, MessageDocument.Of);
    }

    private static IReadOnlyList<InboxGroup> Open(ApiCall api, [Description("Only those to this connection.")] string? connection)
    {
        using var store = OpenStore(api);
        return InboxQuery.Open(store, connection);
    }

    private static MessageSheet Show(ApiCall api, [FromServices] SecretRedactor secrets, [Description("The number of a webhook.")] long id)
    {
        using var store = OpenStore(api);
        var message = Find(store, id);
        return new MessageSheet(MessageDocument.Of(message), MessageText.Members(message.Headers, secrets), MessageText.Members(message.Query, secrets), MessageText.Of(message.Body, secrets));
    }

    private static ReplayDocument Replay(ApiCall api, ReplayBody body)
    {
        if (body.Ids.Count > 0 == body.Poison)
            throw RefusedException.Invalid("ids", body.Poison ? "either numbers or `poison`" : "which webhooks?", "name them by number, or send \"poison\": true for all that could not be read");
        api.Caller.About = body.Poison ? $"poison connection={body.Connection ?? "all"}" : $"ids={string.Join(',', body.Ids)}";
        using var store = OpenStore(api);
        foreach (var id in body.Ids)
            Find(store, id);
        using var transaction = store.Begin();
        var replayed = InboxQuery.Replay(transaction, body.Ids.Count > 0 ? [.. body.Ids] : [.. InboxQuery.Poison(store, body.Connection)]);
        transaction.Commit();
        return new ReplayDocument(replayed);
    }

    private static InboxEntry Find(MasterStore store, long id) => InboxQuery.Find(store, id) ?? throw RefusedException.Unknown($"the inbox has no webhook {id}", "`/api/inbox` lists them");

    private static MasterStore OpenStore(ApiCall api) => MasterStore.Open(api.Engine.Service, api.Clock);
}

/// <summary>A webhook with its content.</summary>
internal sealed record MessageSheet(MessageDocument Message, IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Query, string Body);

/// <summary>Which webhooks are taken once more.</summary>
internal sealed record ReplayBody
{
    [Description("Their numbers.")]
    public IReadOnlyList<long> Ids { get; init; } = [];

    [Description("All that could not be read.")]
    public bool Poison { get; init; }

    [Description("With `poison`: only those to this connection.")]
    public string? Connection { get; init; }
}

/// <summary>What is taken once more.</summary>
/// <param name="Replayed">How many did not wait already.</param>
internal sealed record ReplayDocument(int Replayed);
