using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Seeding;
using Crm.Integration.Sandbox.Traffic;
using Crm.Integration.Sandbox.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Sandbox.Tests.Frame;

/// <summary>The least a vendor can be: one stream of named things, no tokens. What the frame does shows through it.</summary>
internal sealed class PlainVendor(TimeProvider time) : Vendor(time)
{
    private readonly SortedDictionary<string, JsonObject> _things = new(StringComparer.Ordinal);
    private int _last;

    public bool Expired { get; private set; }

    public override string Name => "plain";

    public override string Title => "Plain";

    public override Limits OwnLimits => new(null, null, null, null);

    public override IReadOnlyList<string> OwnFaults => ["lock"];

    public override IReadOnlyList<string> Streams => ["things"];

    public override void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/things", GetAsync);
        routes.MapPost("/things", PostAsync);
        routes.MapGet("/token", context => context.WriteJsonAsync(200, new JsonObject { ["token"] = "t" }));
    }

    public override CallKind KindOf(HttpRequest request) => request.Path.Value!.EndsWith("/token", StringComparison.Ordinal) ? CallKind.Token
        : request.Method == "GET" ? CallKind.Read : CallKind.Write;

    public override Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        if (refusal.Reason == RefusalReason.Rate)
            context.Response.Headers.RetryAfter = refusal.Seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return context.WriteJsonAsync(429, new JsonObject { ["refused"] = refusal.Reason.ToString() });
    }

    public override Task FailAsync(HttpContext context, int status) => context.WriteJsonAsync(status, new JsonObject { ["plain"] = status });

    public override void ExpireTokens() => Expired = true;

    public override void Reset(SeedPlan plan)
    {
        _things.Clear();
        _last = 0;
        for (var i = 0; i < plan.People; i++)
            Create("things", NewId("things"), new JsonObject { ["name"] = plan.Person(i).FullName });
    }

    public override JsonObject? Account(string? flow, string address) => flow is null ? new JsonObject { ["baseUrl"] = address } : null;

    public override IEnumerable<JsonObject> Records(string stream) => _things.Values.Select(thing => (JsonObject)thing.DeepClone());

    public override JsonObject? Find(string stream, string id) => (JsonObject?)_things.GetValueOrDefault(id)?.DeepClone();

    public override string NewId(string stream) => (++_last).ToString("000000", System.Globalization.CultureInfo.InvariantCulture);

    public override void Create(string stream, string id, JsonObject fields)
    {
        _things[id] = new JsonObject { ["id"] = id, ["modified"] = Now.UtcDateTime, ["name"] = (string?)fields["name"] };
        Webhooks.Add(new Notice("things", id, "made"));
    }

    public override void Update(string stream, string id, JsonObject fields) => Create(stream, id, fields);

    public override void Delete(string stream, string id) => _things.Remove(id);

    public override HttpRequestMessage Pack(IReadOnlyList<Notice> notices) => new(HttpMethod.Post, (Uri?)null) { Content = new StringContent(notices[0].Id) };

    private async Task GetAsync(HttpContext context)
    {
        JsonArray all;
        lock (Gate)
            all = [.. Records("things")];
        await context.WriteJsonAsync(200, all);
    }

    private async Task PostAsync(HttpContext context)
    {
        var fields = (JsonObject)(await context.ReadJsonAsync())!;
        if (Strikes("lock", context) is not null)
        {
            await context.WriteJsonAsync(400, new JsonObject { ["plain"] = "locked" });
            return;
        }

        string id;
        lock (Gate)
        {
            id = NewId("things");
            Create("things", id, fields);
            Counters.Created();
        }

        await context.WriteJsonAsync(201, new JsonObject { ["id"] = id });
    }
}
