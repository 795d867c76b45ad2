using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Records;
using Crm.Integration.Sandbox.Seeding;
using Crm.Integration.Sandbox.Traffic;
using Crm.Integration.Sandbox.Webhooks;

namespace Crm.Integration.Sandbox.Fxiaoke;

/// <summary>Fxiaoke (纷享销客), OpenAPI v2. Whatever happens, the status is 200.</summary>
internal sealed class FxiaokeVendor : Vendor
{
    private readonly FxiaokeTenant _tenant;
    private readonly FxiaokeTokens _tokens;
    private readonly FxiaokeApi _api;
    private readonly Dictionary<Guid, int> _attempts = [];
    private int _askingForTokens;
    private int _trace;

    public FxiaokeVendor(TimeProvider time)
        : base(time)
    {
        Rules.DayOffset = TimeSpan.FromHours(8);
        _tenant = new FxiaokeTenant(() => Now);
        _tokens = new FxiaokeTokens(() => Clock.GetUtcNow());
        _api = new FxiaokeApi(_tenant, Counters);
        _tenant.Happened += (kind, id, change) => Webhooks.Add(new Notice(kind.ApiName, id, change));
    }

    public override string Name => "fxiaoke";

    public override string Title => "Fxiaoke (纷享销客), OpenAPI v2 with encrypted data events";

    public override Limits OwnLimits => new(100, 20, null, 100_000);

    public override IReadOnlyList<string> OwnFaults => ["lock", "duplicate-rule", "validation", "mutate-while-paging", "drop-field", "hide-field", "broken-object", "missing-scope"];

    public override IReadOnlyList<string> Streams => [.. _tenant.Objects.Select(kind => kind.ApiName)];

    public override bool ResendsWebhooks => true;

    public override void Map(RouteGroupBuilder routes) => routes.Map("/{**path}", AnswerAsync);

    public override CallKind KindOf(HttpRequest request) => (request.Path.Value ?? "").Split('/')[^1] switch
    {
        "token" or "V2" => CallKind.Token,
        "create" or "update" or "invalid" or "delete" or "recover" or "changeOwner" => CallKind.Write,
        _ => CallKind.Read,
    };

    /// <summary>Each interface has a window of its own.</summary>
    public override string WindowOf(HttpRequest request) => request.Path.Value ?? "";

    public override Task RefuseAsync(HttpContext context, Refusal refusal) => RefuseAsync(context, refusal.Reason == RefusalReason.Day
        ? new FxiaokeRefusal(30002, "daily call quota used up", "当日调用次数已用完")
        : FxiaokeRefusal.TooFast());

    public override Task FailAsync(HttpContext context, int status)
    {
        var refusal = status switch
        {
            401 => FxiaokeRefusal.Token(),
            403 => new FxiaokeRefusal(20020, "no permission of the interface", "没有接口权限"),
            404 => FxiaokeRefusal.Secret(),
            429 => FxiaokeRefusal.TooFast(),
            504 => new FxiaokeRefusal(50009, "service timeout", "服务超时"),
            _ => new FxiaokeRefusal(-1, "system busy", "系统繁忙"),
        };
        // Statuses of their own come only from what stands before the API.
        return context.WriteJsonAsync(status is 502 or 503 ? status : 200, Envelope(refusal.Code, refusal.Message, refusal.Description));
    }

    public override void ExpireTokens() => _tokens.Expire();

    public override void Reset(SeedPlan plan)
    {
        _tokens.Forget();
        _attempts.Clear();
        FxiaokeSeed.Fill(_tenant, plan);
    }

    public override JsonObject? Account(string? flow, string address) => flow is not null and not "app-secret" ? null : new JsonObject
    {
        ["connector"] = "fxiaoke",
        ["baseUrl"] = address,
        ["appId"] = FxiaokeTokens.AppId,
        ["appSecret"] = FxiaokeTokens.AppSecret,
        ["permanentCode"] = FxiaokeTokens.PermanentCode,
        ["userId"] = FxiaokeTenant.Employee,
        ["callbackToken"] = FxiaokeCallbacks.Token,
        ["callbackAesKey"] = FxiaokeCallbacks.AesKey,
    };

    /// <summary>Whether queries show invalid records, which the vendor has not written down.</summary>
    public override void Configure(JsonObject settings)
    {
        foreach (var (name, value) in settings)
            _api.ShowsInvalid = name == "showsInvalid" && value is JsonValue flag && flag.TryGetValue<bool>(out var shows) ? shows : throw new BadControlException($"fxiaoke cannot set '{name}'; it knows showsInvalid (true or false).");
    }

    public override IEnumerable<JsonObject> Records(string stream)
    {
        var kind = _tenant.Object(stream);
        return kind.Table.Rows.Where(row => !FxiaokeTenant.IsInvalid(kind, row)).Select(row => Everything(kind, row));
    }

    public override JsonObject? Find(string stream, string id) => _tenant.Object(stream) is var kind && kind.Table.Get(id) is { } row ? Everything(kind, row) : null;

    public override string NewId(string stream) => _tenant.NewId();

    public override void Create(string stream, string id, JsonObject fields) => ByUser(stream, fields, (kind, values) => _tenant.Create(kind, values, FxiaokeTenant.Colleague, id));

    public override void Update(string stream, string id, JsonObject fields) => ByUser(stream, fields, (kind, values) =>
    {
        // Under a late commit the record may be gone by now.
        if (kind.Table.Get(id) is { } row)
            _tenant.Update(kind, row, values, FxiaokeTenant.Colleague);
    });

    /// <summary>Into the recycle bin; <c>POST records/{stream}/{id}/purge</c> takes it from there.</summary>
    public override void Delete(string stream, string id)
    {
        var kind = _tenant.Object(stream);
        if (kind.Table.Get(id) is { } row)
            _tenant.Invalidate(kind, row, FxiaokeTenant.Colleague);
    }

    /// <summary>The one that stays takes what it lacks from the other, which becomes invalid.</summary>
    public override void Merge(string stream, string id, string loser)
    {
        var kind = _tenant.Object(stream);
        if (kind.Table.Get(id) is not { } winner || kind.Table.Get(loser) is not { } other)
            return;
        var taken = kind.Table.Fields.Where(field => !field.ReadOnly && kind.Table.Value(winner, field.Name) is null && kind.Table.Value(other, field.Name) is not null)
            .ToDictionary(field => field.Name, field => kind.Table.Value(other, field.Name));
        _tenant.Invalidate(kind, other, FxiaokeTenant.Colleague);
        _tenant.Update(kind, winner, taken, FxiaokeTenant.Colleague);
    }

    public override JsonObject? Act(string verb, string stream, string id, JsonObject arguments)
    {
        var kind = _tenant.Object(stream);
        if (kind.Table.Get(id) is not { } row)
            return null;
        switch (verb)
        {
            case "lock" or "unlock":
                _tenant.Lock(kind, row, verb == "lock", FxiaokeTenant.Colleague);
                return Everything(kind, row);
            case "purge":
                _tenant.Invalidate(kind, row, FxiaokeTenant.Colleague);
                _tenant.Delete(kind, row);
                return new JsonObject { ["id"] = id };
            case "recover":
                _tenant.Recover(kind, row, FxiaokeTenant.Colleague);
                return Everything(kind, row);
            default:
                return null;
        }
    }

    public override HttpRequestMessage Pack(IReadOnlyList<Notice> notices)
    {
        var notice = notices[0];
        var attempt = _attempts.GetValueOrDefault(notice.Key);
        _attempts[notice.Key] = attempt + 1;
        var body = FxiaokeCallbacks.Request(notice.Group, notice.Id, notice.Change, notice.Key.ToString("N"), attempt, Now);
        return new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = JsonContent.Create(body, options: JsonAnswers.Options) };
    }

    public override bool Accepts(HttpResponseMessage response, string body) => response.IsSuccessStatusCode && FxiaokeCallbacks.Accepts(body);

    private async Task AnswerAsync(HttpContext context)
    {
        var path = (context.Request.RouteValues["path"] as string ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isForToken = path is ["oauth2.0", "token"] or ["cgi", "corpAccessToken", "get", "V2"];
        var together = isForToken ? Interlocked.Increment(ref _askingForTokens) : 0;
        try
        {
            if (!HttpMethods.IsPost(context.Request.Method))
                throw FxiaokeRefusal.Secret();
            var body = await context.ReadJsonAsync() as JsonObject ?? throw FxiaokeRefusal.Illegal("body");
            // As long as it takes to tell two calls at the same time from two in a row.
            if (isForToken)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, context.RequestAborted);
            var answer = isForToken ? Token(body, isOldStyle: path[0] == "cgi", isAlone: together == 1) : Answer(context, path, body);
            var reply = Envelope(0, path[0] == "cgi" ? "OK" : "success", "success");
            foreach (var (name, value) in answer.ToList())
            {
                answer.Remove(name);
                reply[name] = value;
            }

            await context.WriteJsonAsync(200, reply);
        }
        catch (FxiaokeRefusal refusal)
        {
            await RefuseAsync(context, refusal);
        }
        catch (InvalidOperationException wrong) when (!context.Response.HasStarted)
        {
            // What reading a JSON value as another kind of value throws.
            await RefuseAsync(context, FxiaokeRefusal.Illegal(wrong.Message));
        }
        finally
        {
            if (isForToken)
                Interlocked.Decrement(ref _askingForTokens);
        }
    }

    private JsonObject Token(JsonObject body, bool isOldStyle, bool isAlone)
    {
        lock (Gate)
        {
            if (!_tokens.Admits() || !isAlone)
            {
                Counters.Violated(1);
                throw FxiaokeRefusal.TooFast();
            }

            var answer = _tokens.Give(body, isOldStyle);
            Counters.Token(byRefresh: false);
            return answer;
        }
    }

    private JsonObject Answer(HttpContext context, string[] path, JsonObject body)
    {
        lock (Gate)
        {
            var (user, isOldStyle) = SignIn(context.Request.Headers, body, needsUser: path is not ["cgi", "user", ..]);
            Renew(_tenant.Dropped, "drop-field");
            Renew(_tenant.Hidden, "hide-field");
            if (Strikes("missing-scope", context) is not null)
                throw new FxiaokeRefusal(20020, "no permission of the interface", "没有接口权限");
            return _api.Answer(new FxiaokeCall(path, body, user, isOldStyle, kind => Strikes(kind, context), stream => Faults.StandingAll("broken-object").Any(fault => fault.Stream == stream)));
        }
    }

    private (string User, bool IsOldStyle) SignIn(IHeaderDictionary headers, JsonObject body, bool needsUser)
    {
        if (headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || !_tokens.Knows(authorization["Bearer ".Length..]))
                throw FxiaokeRefusal.Token();
            if (headers["x-fs-ea"] != FxiaokeTenant.Company)
                throw FxiaokeRefusal.Illegal("x-fs-ea");
            return (FxiaokeValues.Person(headers["x-fs-userid"].ToString()), false);
        }

        if (body["corpAccessToken"]?.ToString() is not { Length: > 0 } token)
            throw new FxiaokeRefusal(20017, "the parameter corpAccessToken is required", "参数corpAccessToken缺失");
        if (!_tokens.Knows(token))
            throw FxiaokeRefusal.Token();
        if (body["corpId"]?.ToString() != FxiaokeTokens.CorpId)
            throw FxiaokeRefusal.Illegal("corpId");
        return (needsUser ? FxiaokeValues.Person(body["currentOpenUserId"]?.ToString() ?? "") : FxiaokeTenant.Employee, true);
    }

    private void Renew(HashSet<(string, string)> fields, string kind)
    {
        fields.Clear();
        foreach (var fault in Faults.StandingAll(kind))
            fields.Add((fault.Stream ?? "", fault.Field ?? ""));
    }

    private JsonObject Envelope(int code, string message, string description) => new()
    {
        ["errorCode"] = code,
        ["errorMessage"] = message,
        ["errorDescription"] = description,
        ["traceId"] = $"E-O.{FxiaokeTenant.Company}.{FxiaokeTenant.Employee}-{Interlocked.Increment(ref _trace)}",
    };

    private Task RefuseAsync(HttpContext context, FxiaokeRefusal refusal) => context.WriteJsonAsync(200, Envelope(refusal.Code, refusal.Message, refusal.Description));

    private void ByUser(string stream, JsonObject fields, Action<FxiaokeObject, Dictionary<string, object?>> change)
    {
        var kind = _tenant.Object(stream);
        if (fields.Select(pair => pair.Key).FirstOrDefault(name => kind.Table.Field(name) is not { ReadOnly: false }) is { } unknown)
            throw new BadControlException($"{stream} has no field '{unknown}' that a user can fill.");
        try
        {
            change(kind, FxiaokeValues.Read(_tenant, kind, fields, isUser: true));
        }
        catch (FxiaokeRefusal refusal)
        {
            throw new BadControlException(refusal.Description);
        }
    }

    private JsonObject Everything(FxiaokeObject kind, Row row)
    {
        var shown = _tenant.Show(kind, row, null, withEmpty: true, _ => true, person => person);
        shown["id"] = row.Id;
        return shown;
    }
}
