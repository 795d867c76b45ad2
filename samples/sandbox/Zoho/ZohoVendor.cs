using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Seeding;
using Crm.Integration.Sandbox.Traffic;
using Crm.Integration.Sandbox.Webhooks;

namespace Crm.Integration.Sandbox.Zoho;

/// <summary>Zoho CRM, API v8: accounts host, API host and file host under one address.</summary>
internal sealed class ZohoVendor : Vendor
{
    private const string OtherDataCentre = "other-data-centre";
    private readonly ZohoOrganisation _organisation;
    private readonly ZohoTokens _tokens;
    private readonly ZohoApi _api;
    private string _address = "";
    private Limits _limits = Edition("Enterprise", 50)!;

    public ZohoVendor(TimeProvider time)
        : base(time)
    {
        _organisation = new ZohoOrganisation(() => Now);
        _tokens = new ZohoTokens(() => Clock.GetUtcNow());
        _api = new ZohoApi(_organisation, Counters, Rules);
        _organisation.Happened += Tell;
    }

    public override string Name => "zoho";

    public override string Title => "Zoho CRM, API v8 with COQL, bulk read and write, and notification channels";

    public override Limits OwnLimits => _limits;

    public override IReadOnlyList<string> OwnFaults =>
        ["partial", "lock", "duplicate-rule", "validation", "mutate-while-paging", "drop-field", "hide-field", "broken-object", "missing-scope", "bulk-fail"];

    public override IReadOnlyList<string> Streams => [.. _organisation.Modules.Select(module => module.ApiName)];

    public override void Map(RouteGroupBuilder routes) => routes.Map("/{**path}", AnswerAsync);

    public override CallKind KindOf(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (path.EndsWith("/oauth/v2/token", StringComparison.Ordinal))
            return CallKind.Token;
        return HttpMethods.IsGet(request.Method) || path.EndsWith("/coql", StringComparison.Ordinal) || path.EndsWith("/actions/watch", StringComparison.Ordinal) || path.Contains("/bulk/v8/read", StringComparison.Ordinal)
            ? CallKind.Read
            : CallKind.Write;
    }

    /// <summary>Zoho has one refusal for all limits, and does not say how long it will last.</summary>
    public override Task RefuseAsync(HttpContext context, Refusal refusal) =>
        RefuseAsync(context, ZohoRefusal.TooMany(refusal.Reason == RefusalReason.Day ? "You have reached the maximum number of API credits." : "Please try again after sometime."));

    public override Task FailAsync(HttpContext context, int status) => RefuseAsync(context, status switch
    {
        401 => new ZohoRefusal(401, "INVALID_TOKEN", "invalid oauth token"),
        403 => new ZohoRefusal(403, "NO_PERMISSION", "permission denied"),
        404 => new ZohoRefusal(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"),
        405 => new ZohoRefusal(405, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one"),
        429 => ZohoRefusal.TooMany("Please try again after sometime."),
        _ => new ZohoRefusal(status, "INTERNAL_ERROR", "Internal Server Error"),
    });

    public override void ExpireTokens() => _tokens.Expire();

    public override void Reset(SeedPlan plan)
    {
        _tokens.Forget();
        _api.Forget();
        ZohoSeed.Fill(_organisation, plan);
    }

    public override JsonObject? Account(string? flow, string address) => flow is not (null or "refresh-token" or OtherDataCentre) ? null : new JsonObject
    {
        ["connector"] = "zoho",
        ["dataCenter"] = flow == OtherDataCentre ? "com" : "eu",
        ["accountsUrl"] = flow == OtherDataCentre ? $"{address}/{OtherDataCentre}" : address,
        ["clientId"] = ZohoTokens.ClientId,
        ["clientSecret"] = ZohoTokens.ClientSecret,
        ["refreshToken"] = ZohoTokens.RefreshToken,
    };

    /// <summary>The edition with its users, which gives the limits; how many rows a bulk read gives; how long a channel lives at most.</summary>
    public override void Configure(JsonObject settings)
    {
        foreach (var (name, value) in settings)
        {
            switch (name)
            {
                case "edition":
                    Rules.Limits = _limits = Edition(value?.ToString(), (int?)settings["users"] ?? 50) ?? throw new BadControlException($"edition: '{value}' is none of Free, Standard, Professional, Enterprise, Ultimate.");
                    break;
                case "users" when settings.ContainsKey("edition"):
                    break;
                case "bulkReadRows":
                    _api.BulkRead.RowsAJob = (int)value!;
                    break;
                case "channelSeconds":
                    _api.Channels.Longest = TimeSpan.FromSeconds((int)value!);
                    break;
                default:
                    throw new BadControlException($"zoho cannot set '{name}'; it knows edition (with users), bulkReadRows, channelSeconds.");
            }
        }
    }

    public override IEnumerable<JsonObject> Records(string stream)
    {
        var module = _organisation.Module(stream);
        return module.Table.Rows.Select(row => Everything(module, row));
    }

    public override int CountOf(string stream) => _organisation.Module(stream).Table.Rows.Count;

    public override JsonObject? Find(string stream, string id) => _organisation.Module(stream) is var module && module.Table.Get(id) is { } row ? Everything(module, row) : null;

    public override string NewId(string stream) => _organisation.NewId();

    public override void Create(string stream, string id, JsonObject fields) => ByUser(stream, (module, values) =>
    {
        ZohoWrites.Demand(module, values, null, "$");
        _organisation.Insert(module, values, Now, ZohoIds.Diaz, id);
    }, fields);

    public override void Update(string stream, string id, JsonObject fields) => ByUser(stream, (module, values) =>
    {
        // Under a late commit the record may be gone by now.
        if (module.Table.Get(id) is not { } row)
            return;
        ZohoWrites.Demand(module, values, row, "$");
        _organisation.Update(module, row, values, Now, ZohoIds.Diaz);
    }, fields);

    public override void Delete(string stream, string id)
    {
        var module = _organisation.Module(stream);
        if (module.Table.Get(id) is { } row)
            _organisation.Delete(module, row, Now, ZohoIds.Diaz);
    }

    /// <summary>The one that stays takes what it lacks from the other, which does not go to the recycle bin.</summary>
    public override void Merge(string stream, string id, string loser)
    {
        var module = _organisation.Module(stream);
        if (module.Table.Get(id) is not { } winner || module.Table.Get(loser) is not { } other)
            return;
        var taken = module.Table.Fields.Where(field => !field.ReadOnly && module.Table.Value(winner, field.Name) is null && module.Table.Value(other, field.Name) is not null)
            .ToDictionary(field => field.Name, field => module.Table.Value(other, field.Name));
        _organisation.Delete(module, other, Now, ZohoIds.Diaz, "permanent");
        _organisation.Update(module, winner, taken, Now, ZohoIds.Diaz);
    }

    public override JsonObject? Act(string verb, string stream, string id, JsonObject arguments) =>
        verb == "convert" && stream == "Leads" ? _organisation.Convert(id, Now, ZohoIds.Diaz) : null;

    public override HttpRequestMessage Pack(IReadOnlyList<Notice> notices) => new(HttpMethod.Post, (Uri?)null) { Content = JsonContent.Create(notices[0].Payload, options: JsonAnswers.Options) };

    private static Limits? Edition(string? name, int users) => name switch
    {
        "Free" => new(null, null, 5, 5_000),
        "Standard" => new(null, null, 10, Math.Min(50_000 + (250 * users), 100_000)),
        "Professional" => new(null, null, 15, Math.Min(50_000 + (500 * users), 3_000_000)),
        "Enterprise" => new(null, null, 20, Math.Min(50_000 + (1000 * users), 5_000_000)),
        "Ultimate" => new(null, null, 25, 50_000 + (2000 * users)),
        _ => null,
    };

    private static Task RefuseAsync(HttpContext context, ZohoRefusal refusal) => context.WriteJsonAsync(refusal.Status, refusal.Body);

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var path = (context.Request.RouteValues["path"] as string ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (path is [OtherDataCentre, "oauth", "v2", "token"])
            {
                // Of accounts of this data centre the other one knows nothing.
                await context.WriteJsonAsync(200, new JsonObject { ["error"] = "invalid_client" });
                return;
            }

            if (path is ["oauth", "v2", "token"])
            {
                await TokenAsync(context);
                return;
            }

            var call = await ZohoCall.ReadAsync(context, path);
            ZohoReply reply;
            lock (Gate)
            {
                See(context);
                if (!_tokens.Knows(context.Request.Headers.Authorization))
                    throw new ZohoRefusal(401, "INVALID_TOKEN", "invalid oauth token");
                if (Strikes("missing-scope", context) is not null)
                    throw new ZohoRefusal(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL");
                reply = _api.Answer(call with { Address = _address, Strikes = kind => Strikes(kind, context), IsBroken = stream => Faults.StandingAll("broken-object").Any(fault => fault.Stream == stream) });
                if (Rules.Limits.PerDay is { } day && Rules.UsedToday * 2 >= day)
                    context.Response.Headers["X-API-CREDITS-REMAINING"] = Math.Max(0, day - Rules.UsedToday).ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            if (reply.File is { } file)
                await context.WriteBytesAsync("application/zip", file);
            else
                await context.WriteJsonAsync(reply.Status, reply.Body);
        }
        catch (ZohoRefusal refusal)
        {
            await RefuseAsync(context, refusal);
        }
        catch (InvalidOperationException wrong) when (!context.Response.HasStarted)
        {
            // What reading a JSON value as another kind of value throws.
            await RefuseAsync(context, ZohoRefusal.Invalid(wrong.Message));
        }
    }

    private async Task TokenAsync(HttpContext context)
    {
        // Parameters come in the address or in the body; both are taken.
        var form = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        if (context.Request.HasFormContentType)
        {
            foreach (var (name, value) in await context.Request.ReadFormAsync(context.RequestAborted))
                form[name] = value.ToString();
        }

        (int Status, JsonObject Body) answer;
        lock (Gate)
        {
            See(context);
            answer = _tokens.Give(form, _address);
            if (answer.Body.ContainsKey("access_token"))
                Counters.Token(byRefresh: true);
            else if (answer.Status == 400)
                Counters.Violated(1);
        }

        await context.WriteJsonAsync(answer.Status, answer.Body);
    }

    private void See(HttpContext context)
    {
        _address = $"{context.Request.Scheme}://{context.Request.Host}/zoho";
        Renew(_organisation.Dropped, "drop-field");
        Renew(_organisation.Hidden, "hide-field");
    }

    private void Renew(HashSet<(string, string)> fields, string kind)
    {
        fields.Clear();
        foreach (var fault in Faults.StandingAll(kind))
            fields.Add((fault.Stream ?? "", fault.Field ?? ""));
    }

    private void Tell(ZohoModule module, string operation, string id, IReadOnlyCollection<string> fields)
    {
        foreach (var (channel, url, body) in _api.Channels.Notices(module, operation, id, fields, _address))
            Webhooks.Add(new Notice(channel, id, operation) { Url = url, Payload = body });
    }

    private void ByUser(string stream, Action<ZohoModule, Dictionary<string, object?>> change, JsonObject fields)
    {
        var module = _organisation.Module(stream);
        if (fields.Select(pair => pair.Key).FirstOrDefault(name => module.Table.Field(name) is not { ReadOnly: false }) is { } unknown)
            throw new BadControlException($"{stream} has no field '{unknown}' that a user can fill.");
        try
        {
            change(module, _api.Writes.Read(module, fields, "$", isUser: true));
        }
        catch (ZohoRefusal refusal)
        {
            throw new BadControlException(refusal.Body.ToJsonString());
        }
    }

    // An administrator sees every field, whatever the faults hide from the hub.
    private JsonObject Everything(ZohoModule module, Row row)
    {
        var shown = new JsonObject { ["id"] = row.Id };
        foreach (var field in module.Table.Fields)
            shown[field.Name] = ZohoValues.Write(_organisation, field, ZohoOrganisation.Value(module, row, field.Name));
        if (module.ApiName == "Leads")
            shown["$converted"] = module.Converted.Contains(row.Id);
        return shown;
    }
}
