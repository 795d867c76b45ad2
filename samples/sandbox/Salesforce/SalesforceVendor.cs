using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Faults;
using Crm.Integration.Sandbox.Salesforce.Bulk;
using Crm.Integration.Sandbox.Seeding;
using Crm.Integration.Sandbox.Traffic;
using Crm.Integration.Sandbox.Webhooks;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Salesforce's REST API, Bulk API 2.0 and Outbound Messages. What it does not play answers 404.</summary>
internal sealed class SalesforceVendor : Vendor
{
    /// <summary>The newest version; every one from 31.0 on is answered alike.</summary>
    public const string Version = "66.0";

    private const int OldestVersion = 31;
    private const int NewestVersion = 68;

    /// <summary>Request line and headers together.</summary>
    private const int LongestHead = 16_384;

    private readonly TokenApi _tokens;
    private readonly BulkJobs _jobs;

    public SalesforceVendor(TimeProvider time)
        : base(time)
    {
        Org = new Org(() => Now) { Changed = OnChanged };
        _tokens = new TokenApi(this);
        _jobs = new BulkJobs(this);
    }

    public Org Org { get; }

    public override string Name => "salesforce";

    public override string Title => $"Salesforce: REST and Bulk API 2.0, version {Version}, and Outbound Messages";

    /// <summary>An Enterprise organisation with fifteen licences. The limit on concurrency is for calls of more than twenty seconds; none takes so long here.</summary>
    public override Limits OwnLimits => new(RequestsPerWindow: null, WindowSeconds: null, Concurrency: null, PerDay: 115_000);

    public override IReadOnlyList<string> OwnFaults => FaultKinds.Special;

    public override IReadOnlyList<string> Streams => [.. Org.Schema.All.Select(type => type.Name)];

    public override int NoticesPerWebhook => 100;

    public override bool ResendsWebhooks => true;

    /// <summary>What a token answer calls the instance.</summary>
    public static string AddressOf(HttpRequest request) => $"{request.Scheme}://{request.Host}/salesforce";

    public override void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/services/oauth2/token", context => _tokens.HandleAsync(context, login: false));
        routes.MapPost("/login/services/oauth2/token", context => _tokens.HandleAsync(context, login: true));
        routes.MapGet("/services/data", VersionsAsync);

        Data(routes, "GET", "/services/oauth2/userinfo", context => context.WriteJsonAsync(200, new JsonObject
        {
            ["user_id"] = Schema.UserId, ["organization_id"] = TokenApi.OrganizationId, ["preferred_username"] = TokenApi.UserName, ["active"] = true,
        }));
        var data = routes.MapGroup("/services/data/v{version}");
        void Add(string method, string path, RequestDelegate handle) => Data(data, method, path, handle);

        Add("GET", "/", ResourcesAsync);
        Add("GET", "/limits", LimitsAsync);
        new QueryApi(this).Map(Add);
        new SObjectsApi(this).Map(Add);
        new CollectionsApi(this).Map(Add);
        new BulkQueryApi(this, _jobs).Map(Add);
        new BulkIngestApi(this, _jobs).Map(Add);
    }

    public override CallKind KindOf(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (path.EndsWith("/oauth2/token", StringComparison.Ordinal))
            return CallKind.Token;
        if (path.TrimEnd('/').EndsWith("/services/data", StringComparison.Ordinal))
            return CallKind.Free;
        return request.Method is "GET" or "HEAD" || path.Contains("/jobs/query", StringComparison.Ordinal) ? CallKind.Read : CallKind.Write;
    }

    public override Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        // There is never a Retry-After.
        var message = refusal.Reason == RefusalReason.Day ? "TotalRequests Limit exceeded." : "ConcurrentRequests (Concurrent API Requests) Limit exceeded.";
        return FailAsync(context, new SalesforceError(403, "REQUEST_LIMIT_EXCEEDED", message));
    }

    public override Task FailAsync(HttpContext context, int status) => status switch
    {
        401 => FailAsync(context, new SalesforceError(401, "INVALID_SESSION_ID", "Session expired or invalid")),
        403 => FailAsync(context, new SalesforceError(403, "INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id")),
        404 => FailAsync(context, SalesforceError.NotFound()),
        405 => FailAsync(context, new SalesforceError(405, "METHOD_NOT_ALLOWED", $"HTTP Method '{context.Request.Method}' not allowed.")),
        500 => FailAsync(context, new SalesforceError(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-123456789)")),
        503 => FailAsync(context, new SalesforceError(503, "SERVER_UNAVAILABLE", "The server is temporarily unavailable.")),
        _ => context.WriteJsonAsync(status, null),
    };

    public static Task FailAsync(HttpContext context, SalesforceError error) => context.WriteJsonAsync(error.Status, new JsonArray(error.Error.ToRest()));

    public override void ExpireTokens() => _tokens.Expire();

    public override void Reset(SeedPlan plan)
    {
        Org.Seed(plan);
        _jobs.Clear();
        _tokens.Reset();
    }

    public override JsonObject? Account(string? flow, string address)
    {
        var account = new JsonObject { ["connector"] = Name, ["loginUrl"] = address, ["clientId"] = TokenApi.ClientId };
        switch (flow)
        {
            case null or "" or "client-credentials":
                account["clientSecret"] = TokenApi.ClientSecret;
                break;
            case "jwt":
                account["username"] = TokenApi.UserName;
                if (_tokens.PrivateKey is { } key)
                    account["privateKey"] = key;
                break;
            case "refresh":
                account["clientSecret"] = TokenApi.ClientSecret;
                account["refreshToken"] = _tokens.RefreshToken;
                break;
            default:
                return null;
        }

        account["organizationId"] = TokenApi.OrganizationId;
        return account;
    }

    public override void Configure(JsonObject settings)
    {
        foreach (var (name, value) in settings)
        {
            switch (name)
            {
                case "publicKey":
                    _tokens.Trust((string?)value ?? "");
                    break;
                case "runAs":
                    _tokens.RunAs = (bool?)value ?? true;
                    break;
                case "approved":
                    _tokens.Approved = (bool?)value ?? true;
                    break;
                default:
                    throw new BadControlException($"salesforce has no '{name}' to set; it has publicKey (PEM), runAs and approved (true or false).");
            }
        }
    }

    public override IEnumerable<JsonObject> Records(string stream) => Org.Type(stream)!.Rows.OfType<SObject>().Where(row => row.Deleted is null).Select(RecordJson.Admin);

    public override int CountOf(string stream) => Org.Type(stream)!.Rows.Count(row => row is { Deleted: null });

    public override JsonObject? Find(string stream, string id) => Org.Type(stream)!.Record(id) is { Deleted: null } row ? RecordJson.Admin(row) : null;

    public override string NewId(string stream) => Org.Type(stream) is { Writable: true } type ? type.IdOf(Org.Reserve(type)) : throw new BadControlException($"{stream} is made in the set-up, not here.");

    public override void Create(string stream, string id, JsonObject fields)
    {
        var type = Org.Type(stream)!;
        var draft = Read(type, fields, existing: null);
        SalesforceId.TryParse(id, type.Prefix, out var serial);
        var row = Org.Add(type, serial);
        foreach (var (field, value) in draft.Values)
            row.Set(field, value);
        Org.Touch(row, "created");
    }

    public override void Update(string stream, string id, JsonObject fields)
    {
        var row = Org.Type(stream)!.Record(id)!;
        foreach (var (field, value) in Read(row.Type, fields, row).Values)
            row.Set(field, value);
        Org.Touch(row, "updated");
    }

    public override void Delete(string stream, string id) => Org.Delete(Org.Record(id)!);

    public override void Merge(string stream, string id, string loser)
    {
        if (id == loser || Org.Type(stream)!.Find("MasterRecordId") is null)
            throw new BadControlException($"Two different records of Account, Contact or Lead can be merged; not these of {stream}.");
        Org.Merge(Org.Record(id)!, Org.Record(loser)!);
    }

    public override JsonObject? Act(string verb, string stream, string id, JsonObject arguments)
    {
        if (verb != "convert" || stream != "Lead" || Org.Record(id) is not { } lead || lead["IsConverted"] is true)
            return null;
        var (account, contact, opportunity) = Org.Convert(lead);
        return new JsonObject { ["accountId"] = account, ["contactId"] = contact, ["opportunityId"] = opportunity };
    }

    public override HttpRequestMessage? Pack(IReadOnlyList<Notice> notices) => OutboundMessage.Pack(notices, Org);

    public override bool Accepts(HttpResponseMessage response, string body) => response.IsSuccessStatusCode && OutboundMessage.IsAcknowledged(body);

    private Draft Read(SObjectType type, JsonObject fields, SObject? existing)
    {
        try
        {
            // A person sees every field, whatever the integration user sees.
            var draft = Draft.Read(type, fields, Org, new Visibility(new FaultBoard()));
            RecordWriter.CheckKeys(type, existing, draft);
            return draft;
        }
        catch (SalesforceError problem)
        {
            throw new BadControlException(problem.Message);
        }
    }

    private void OnChanged(SObject row, string change)
    {
        // Outbound messages are sent by rules on saving; there is none for a delete.
        if (row.Deleted is null && row.Type.Name is "Account" or "Contact" or "Lead")
            Webhooks.Add(new Notice(row.Type.Name, row.Id, change));
    }

    private void Data(IEndpointRouteBuilder routes, string method, string path, RequestDelegate handle) => routes.MapMethods(path, [method], async context =>
    {
        try
        {
            Admit(context);
            await handle(context);
        }
        catch (SalesforceError error)
        {
            await FailAsync(context, error);
        }
        catch (InvalidOperationException wrong) when (!context.Response.HasStarted)
        {
            // What reading a JSON value as another kind of value throws.
            await FailAsync(context, new SalesforceError(400, "JSON_PARSER_ERROR", wrong.Message));
        }
    });

    private void Admit(HttpContext context)
    {
        var request = context.Request;
        var head = request.Path.Value!.Length + (request.QueryString.Value?.Length ?? 0) + request.Headers.Sum(header => header.Key.Length + header.Value.ToString().Length + 4);
        if (head > LongestHead)
            throw new SalesforceError(414, "URI_TOO_LONG", $"The request line and headers hold more than {LongestHead} bytes.");
        if (request.RouteValues["version"] is string version && !(decimal.TryParse(version, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= OldestVersion and <= NewestVersion))
            throw SalesforceError.NotFound();

        var header = request.Headers.Authorization.ToString();
        lock (Gate)
        {
            if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || !_tokens.IsGood(header[7..].Trim()))
                throw new SalesforceError(401, "INVALID_SESSION_ID", "Session expired or invalid");
            if (Faults.Standing("missing-scope") is not null)
                throw new SalesforceError(401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API");
            _jobs.Progress(context);
        }

        context.Response.Headers["Sforce-Limit-Info"] = $"api-usage={Rules.UsedToday}/{Rules.Limits.PerDay}";
    }

    private static Task VersionsAsync(HttpContext context)
    {
        string[] seasons = ["Spring", "Summer", "Winter"];
        return context.WriteJsonAsync(200, new JsonArray([.. Enumerable.Range(60, 7).Select(version =>
        {
            // Three a year: 60 was Spring '24; Winter bears the number of the year to come.
            var year = 24 + ((version - 60) / 3) + ((version - 60) % 3 == 2 ? 1 : 0);
            return new JsonObject { ["label"] = $"{seasons[(version - 60) % 3]} '{year}", ["url"] = $"/services/data/v{version}.0", ["version"] = $"{version}.0" };
        })]));
    }

    private static Task ResourcesAsync(HttpContext context)
    {
        var url = $"/services/data/v{context.Request.RouteValues["version"]}/";
        return context.WriteJsonAsync(200, new JsonObject(((string[])["sobjects", "query", "queryAll", "limits", "composite", "jobs"]).Select(name => KeyValuePair.Create(name, (JsonNode?)(url + name)))));
    }

    private Task LimitsAsync(HttpContext context)
    {
        static JsonObject Limit(int max, int remaining) => new() { ["Max"] = max, ["Remaining"] = remaining };
        var max = Rules.Limits.PerDay ?? 0;
        return context.WriteJsonAsync(200, new JsonObject
        {
            ["DailyApiRequests"] = Limit(max, Math.Max(0, max - Rules.UsedToday)),
            ["DailyBulkApiBatches"] = Limit(15_000, 15_000),
            ["DailyBulkV2QueryJobs"] = Limit(10_000, 10_000),
            ["DailyBulkV2QueryFileStorageMB"] = Limit(976_562, 976_562),
            ["DataStorageMB"] = Limit(10_240, 10_000),
        });
    }
}
