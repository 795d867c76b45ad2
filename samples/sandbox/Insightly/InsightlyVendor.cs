using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Seeding;
using Crm.Integration.Sandbox.Traffic;
using Crm.Integration.Sandbox.Webhooks;

namespace Crm.Integration.Sandbox.Insightly;

/// <summary>Insightly, API v3.1.</summary>
internal sealed class InsightlyVendor : Vendor
{
    private const string ApiKey = "sandbox-api-key", WebhookUser = "hub", WebhookPassword = "sandbox-webhook";
    private static readonly string[] s_plans = ["Free", "Legacy", "Plus", "Professional", "Enterprise"];
    private static readonly int[] s_callsADay = [1_000, 20_000, 40_000, 60_000, 100_000];
    private readonly InsightlyInstance _instance;
    private readonly InsightlyApi _api;

    public InsightlyVendor(TimeProvider time)
        : base(time)
    {
        _instance = new InsightlyInstance(() => Now);
        _api = new InsightlyApi(_instance, Counters);
        _instance.Happened += Tell;
    }

    public override string Name => "insightly";

    public override string Title => "Insightly, API v3.1 with custom fields and workflow webhooks";

    public override Limits OwnLimits => new(10, 1, null, s_callsADay[Array.IndexOf(s_plans, _api.Plan)]);

    public override IReadOnlyList<string> OwnFaults => ["validation", "mutate-while-paging", "drop-field", "hide-field", "broken-object", "missing-scope"];

    public override IReadOnlyList<string> Streams => [.. _instance.Objects.Select(kind => kind.Name)];

    public override void Map(RouteGroupBuilder routes) => routes.Map("/{**path}", AnswerAsync);

    public override CallKind KindOf(HttpRequest request) => HttpMethods.IsGet(request.Method) ? CallKind.Read : CallKind.Write;

    /// <summary>The second that is too busy comes with the time to wait, the day that is used up without.</summary>
    public override Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        Remaining(context);
        if (refusal.Reason == RefusalReason.Day)
            return Refuse(context, 429, "API daily limit exceeded.");
        context.Response.Headers.RetryAfter = refusal.Seconds.ToString(CultureInfo.InvariantCulture);
        return Refuse(context, 429, "API calls quota exceeded! maximum admitted 10 per 1s.");
    }

    public override Task FailAsync(HttpContext context, int status) => Refuse(context, status, status switch
    {
        401 => "Authorization has been denied for this request.",
        403 => "user doesn't have access",
        404 => "The requested resource was not found.",
        _ => "An error has occurred.",
    });

    /// <summary>There are no tokens: a key does not expire.</summary>
    public override void ExpireTokens()
    {
    }

    public override void Reset(SeedPlan plan) => InsightlySeed.Fill(_instance, plan);

    public override JsonObject? Account(string? flow, string address) => flow is not null and not "key" ? null : new JsonObject
    {
        ["connector"] = "insightly",
        ["baseUrl"] = address,
        ["apiKey"] = ApiKey,
        ["plan"] = _api.Plan.ToLowerInvariant(),
        ["webhookUser"] = WebhookUser,
        ["webhookPassword"] = WebhookPassword,
    };

    /// <summary>The plan, which decides the calls a day and which objects there are.</summary>
    public override void Configure(JsonObject settings)
    {
        foreach (var (name, value) in settings)
        {
            if (name != "plan")
                throw new BadControlException($"insightly cannot set '{name}'; it knows plan.");
            _api.Plan = s_plans.FirstOrDefault(plan => plan.Equals(value?.ToString(), StringComparison.OrdinalIgnoreCase))
                ?? throw new BadControlException($"plan: '{value}' is none of {string.Join(", ", s_plans)}.");
            Rules.Limits = OwnLimits;
        }
    }

    public override IEnumerable<JsonObject> Records(string stream) => Kind(stream) is var kind ? kind.Table.Rows.Select(row => Everything(kind, row)) : [];

    public override int CountOf(string stream) => Kind(stream).Table.Rows.Count;

    public override JsonObject? Find(string stream, string id) => Kind(stream) is var kind && kind.Table.Get(id) is { } row ? Everything(kind, row) : null;

    public override string NewId(string stream) => _instance.NewId();

    public override void Create(string stream, string id, JsonObject fields) => ByUser(() => _instance.Insert(Kind(stream), Values(stream, fields), id));

    public override void Update(string stream, string id, JsonObject fields) => ByUser(() =>
    {
        // Under a late commit the record may be gone by now.
        if (Kind(stream).Table.Get(id) is { } row)
            _instance.Update(Kind(stream), row, Values(stream, fields));
    });

    public override void Delete(string stream, string id)
    {
        if (Kind(stream).Table.Get(id) is { } row)
            Kind(stream).Table.Remove(row);
    }

    /// <summary>The one that stays takes what it lacks from the other.</summary>
    public override void Merge(string stream, string id, string loser)
    {
        var kind = Kind(stream);
        if (kind.Table.Get(id) is not { } winner || kind.Table.Get(loser) is not { } other)
            return;
        var taken = kind.Table.Fields.Where(field => kind.Table.Value(winner, field.Name) is null && kind.Table.Value(other, field.Name) is not null)
            .ToDictionary(field => field.Name, field => kind.Table.Value(other, field.Name));
        kind.Table.Remove(other);
        _instance.Update(kind, winner, taken);
    }

    public override JsonObject? Act(string verb, string stream, string id, JsonObject arguments)
    {
        if (verb != "convert" || stream != "Leads")
            return null;
        ByUser(() => _instance.Convert(Kind(stream).Table.Get(id)!));
        return Find(stream, id);
    }

    /// <summary>What a workflow sends: the record as it is when it is sent, times in the old form of Microsoft's serializer, Basic credentials of the target.</summary>
    public override HttpRequestMessage? Pack(IReadOnlyList<Notice> notices)
    {
        var kind = Kind(notices[0].Group);
        if (kind.Table.Get(notices[0].Id) is not { } row)
            return null;
        var body = new JsonObject { ["entity"] = InsightlyInstance.Show(kind, row, isBrief: false, _ => true, InsightlyValues.WorkflowTime) };
        var text = body.ToJsonString(JsonAnswers.Options).Replace("\"/Date(", "\"\\/Date(", StringComparison.Ordinal).Replace(")/\"", ")\\/\"", StringComparison.Ordinal);
        var request = new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WebhookUser}:{WebhookPassword}")));
        return request;
    }

    private InsightlyObject Kind(string stream) => _instance.Objects.First(kind => kind.Name == stream);

    // The key comes with or without the colon that Basic authentication asks for.
    private static bool IsKey(string? authorization)
    {
        if (authorization?.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) != true)
            return false;
        var bytes = new byte[authorization.Length];
        return Convert.TryFromBase64String(authorization["Basic ".Length..].Trim(), bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length).TrimEnd(':') == ApiKey;
    }

    private static Task Refuse(HttpContext context, int status, string message) => context.WriteJsonAsync(status, new JsonObject { ["Message"] = message });

    private void Remaining(HttpContext context)
    {
        if (Rules.Limits.PerDay is not { } day)
            return;
        context.Response.Headers["X-RateLimit-Limit"] = day.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-RateLimit-Remaining"] = Math.Max(0, day - Rules.UsedToday).ToString(CultureInfo.InvariantCulture);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if ((context.Request.RouteValues["path"] as string ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries) is not ["v3.1", .. var path])
                throw new InsightlyRefusal(404, "The requested resource was not found.");
            var hasBody = HttpMethods.IsPost(context.Request.Method) || HttpMethods.IsPut(context.Request.Method);
            var body = hasBody ? await context.ReadJsonAsync() as JsonObject : null;
            InsightlyReply reply;
            lock (Gate)
            {
                if (!IsKey(context.Request.Headers.Authorization))
                    throw new InsightlyRefusal(401, "Authorization has been denied for this request.");
                Remaining(context);
                Renew(_instance.Dropped, "drop-field");
                Renew(_instance.Hidden, "hide-field");
                if (Strikes("missing-scope", context) is not null)
                    throw new InsightlyRefusal(403, "user doesn't have access");
                var query = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
                reply = _api.Answer(new InsightlyCall(context.Request.Method, path, query, body, kind => Strikes(kind, context), IsBroken));
            }

            if (reply.Total is { } total)
                context.Response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
            await context.WriteJsonAsync(reply.Status, reply.Body);
        }
        catch (InsightlyRefusal refusal)
        {
            await Refuse(context, refusal.Status, refusal.Message);
        }
        catch (InvalidOperationException wrong) when (!context.Response.HasStarted)
        {
            // What reading a JSON value as another kind of value throws.
            await Refuse(context, 400, wrong.Message);
        }
    }

    private bool IsBroken(string stream) => Faults.StandingAll("broken-object").Any(fault => fault.Stream == stream);

    private void Renew(HashSet<(string, string)> fields, string kind)
    {
        fields.Clear();
        foreach (var fault in Faults.StandingAll(kind))
            fields.Add((fault.Stream ?? "", fault.Field ?? ""));
    }

    private void Tell(InsightlyObject kind, Row row, string change) => Webhooks.Add(new Notice(kind.Name, row.Id, change));

    private Dictionary<string, object?> Values(string stream, JsonObject fields)
    {
        var kind = Kind(stream);
        // People fill single custom fields on their screens: one named directly leaves the others alone.
        var values = InsightlyValues.Read(_instance, kind, fields);
        foreach (var (name, node) in fields)
        {
            if (kind.Table.Field(name) is { Custom: true })
                values[name] = InsightlyValues.Read(_instance, kind, new JsonObject { ["CUSTOMFIELDS"] = new JsonArray(new JsonObject { ["FIELD_NAME"] = name, ["FIELD_VALUE"] = node?.DeepClone() }) })[name];
            else if (name is not ("CUSTOMFIELDS" or "TAGS") && kind.Table.Field(name) is not { ReadOnly: false })
                throw new BadControlException($"{stream} has no field '{name}' that a user can fill.");
        }

        return values;
    }

    private static void ByUser(Action change)
    {
        try
        {
            change();
        }
        catch (InsightlyRefusal refusal)
        {
            throw new BadControlException(refusal.Message);
        }
    }

    private static JsonObject Everything(InsightlyObject kind, Row row)
    {
        var shown = InsightlyInstance.Show(kind, row, isBrief: false, _ => true, InsightlyValues.Time);
        shown["id"] = row.Id;
        return shown;
    }
}
