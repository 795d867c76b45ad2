using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Faults;
using Crm.Integration.Sandbox.Seeding;
using Crm.Integration.Sandbox.Traffic;

namespace Crm.Integration.Sandbox.Control;

/// <summary>What steers a vendor, below <c>/_sandbox/{vendor}</c>: for tests, demos and the curious with curl.</summary>
internal static class ControlApi
{
    /// <summary>All there is, as shown to people.</summary>
    public static IReadOnlyList<(string Verb, string Does)> Verbs { get; } =
    [
        ("POST reset", """{"records":N,"seed":S,"first":0} empties the account, seeds N people from the given one on, and puts everything else back to its start"""),
        ("GET account?flow=", "the settings of a connection that works here"),
        ("PUT account", "changes the account, for example {\"publicKey\":PEM}"),
        ("GET faults", "the faults in force"),
        ("PUT faults", """[{"kind":K,"count":n,"probability":p,"path":"part","after":k,…}] replaces them"""),
        ("GET counters", "calls, records written, violations, tokens, webhooks"),
        ("POST counters/reset", "sets them to zero"),
        ("GET requests?since=n", "the last calls"),
        ("GET records", "the streams and how many records each holds"),
        ("GET records/{stream}", "all records with all fields; ?Email=ann@example.com: those that hold it"),
        ("GET records/{stream}/{id}", "one record"),
        ("POST records/{stream}", "a user makes a record; answers its id"),
        ("PATCH records/{stream}/{id}", "a user edits a record"),
        ("DELETE records/{stream}/{id}", "a user deletes a record"),
        ("POST records/{stream}/{id}/merge", """{"loser":id2}: a user merges two records"""),
        ("POST clock", """{"advanceSeconds":s} moves the vendor's clock on"""),
        ("GET limits", "the limits in force and what was used today"),
        ("PUT limits", """{"requestsPerWindow":n,"windowSeconds":s,"concurrency":n,"perDay":n}; null is the vendor's own"""),
        ("PUT webhooks", """{"target":url,"automatic":false}; automatic sends once a second, otherwise only a flush sends"""),
        ("POST webhooks/flush", """{"reverse":false,"repeat":1} sends what waits and answers what became of it"""),
    ];

    public static void Map(IEndpointRouteBuilder routes, IReadOnlyList<Vendor> vendors)
    {
        var group = routes.MapGroup("/_sandbox/{vendor}");

        void Verb(string method, string path, Func<Vendor, HttpContext, Task<JsonNode?>> act) =>
            group.MapMethods(path, [method], context => HandleAsync(vendors, context, act));
        void Plain(string method, string path, Func<Vendor, HttpContext, JsonNode?> act) =>
            Verb(method, path, (vendor, context) => Task.FromResult(act(vendor, context)));

        Verb("POST", "reset", ResetAsync);
        Plain("GET", "account", Account);
        Verb("PUT", "account", ConfigureAsync);
        Plain("GET", "faults", (vendor, _) => JsonSerializer.SerializeToNode(vendor.Faults.All, Fault.Json));
        Verb("PUT", "faults", SetFaultsAsync);
        Plain("GET", "counters", (vendor, _) => vendor.Counters.ToJson());
        Plain("POST", "counters/reset", ResetCounters);
        Plain("GET", "requests", (vendor, context) => vendor.Log.Since(Number(context.Request.Query["since"])));
        Verb("POST", "clock", AdvanceAsync);
        Plain("GET", "limits", (vendor, _) => Limits(vendor));
        Verb("PUT", "limits", SetLimitsAsync);
        Verb("PUT", "webhooks", SetWebhooksAsync);
        Verb("POST", "webhooks/flush", FlushAsync);
        RecordsApi.Map(Verb);

        routes.Map("/_sandbox/{**rest}", context => context.WriteJsonAsync(404, new JsonObject
        {
            ["error"] = $"There is no {context.Request.Method} {context.Request.Path}.",
            ["vendors"] = new JsonArray([.. vendors.Select(vendor => JsonValue.Create(vendor.Name))]),
            ["below /_sandbox/{vendor}/"] = new JsonObject(Verbs.Select(verb => KeyValuePair.Create(verb.Verb, (JsonNode?)verb.Does))),
        }));
    }

    /// <summary>The body as an object; an empty body is an empty object.</summary>
    public static async Task<JsonObject> ObjectAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        if (string.IsNullOrWhiteSpace(text))
            return [];

        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new BadControlException("The body must be a JSON object.");
        }
        catch (JsonException problem)
        {
            throw new BadControlException("The body is not JSON: " + problem.Message);
        }
    }

    private static async Task HandleAsync(IReadOnlyList<Vendor> vendors, HttpContext context, Func<Vendor, HttpContext, Task<JsonNode?>> act)
    {
        var name = context.Request.RouteValues["vendor"] as string;
        var vendor = vendors.FirstOrDefault(vendor => vendor.Name == name);
        if (vendor is null)
        {
            await context.WriteJsonAsync(404, new JsonObject { ["error"] = $"'{name}' is not played here; there are {string.Join(", ", vendors.Select(vendor => vendor.Name))}." });
            return;
        }

        try
        {
            vendor.Settle();
            var answer = await act(vendor, context);
            await context.WriteJsonAsync(answer is null ? 204 : 200, answer);
        }
        catch (BadControlException problem)
        {
            await context.WriteJsonAsync(422, new JsonObject { ["error"] = problem.Message });
        }
        catch (InvalidOperationException wrong) when (!context.Response.HasStarted)
        {
            // What reading a JSON value as another kind of value throws.
            await context.WriteJsonAsync(422, new JsonObject { ["error"] = "A value in the body is of the wrong kind: " + wrong.Message });
        }
    }

    private static async Task<JsonNode?> ResetAsync(Vendor vendor, HttpContext context)
    {
        var body = await ObjectAsync(context);
        var plan = new SeedPlan(Whole(body, "records") ?? 100, Whole(body, "seed") ?? 1, Whole(body, "first") ?? 0, vendor.Clock.GetUtcNow());
        vendor.Start(plan);
        return null;
    }

    private static JsonObject? Account(Vendor vendor, HttpContext context)
    {
        string? flow = context.Request.Query["flow"];
        lock (vendor.Gate)
            return vendor.Account(flow, $"{context.Request.Scheme}://{context.Request.Host}/{vendor.Name}")
                ?? throw new BadControlException($"{vendor.Name} has no flow '{flow}'.");
    }

    private static async Task<JsonNode?> ConfigureAsync(Vendor vendor, HttpContext context)
    {
        var settings = await ObjectAsync(context);
        lock (vendor.Gate)
            vendor.Configure(settings);
        return null;
    }

    private static async Task<JsonNode?> SetFaultsAsync(Vendor vendor, HttpContext context)
    {
        Fault[] faults;
        try
        {
            faults = await JsonSerializer.DeserializeAsync<Fault[]>(context.Request.Body, Fault.Json, context.RequestAborted) ?? [];
        }
        catch (JsonException problem)
        {
            throw new BadControlException("The faults cannot be read: " + problem.Message);
        }

        string[] known = [.. FaultKinds.General, .. vendor.OwnFaults];
        if (faults.FirstOrDefault(fault => !known.Contains(fault.Kind)) is { } strange)
        {
            throw new BadControlException($"{vendor.Name} cannot show '{strange.Kind}'{(FaultKinds.Special.Contains(strange.Kind) ? "" : ", which no vendor can")}. It can show {string.Join(", ", known)}.");
        }

        vendor.Faults.Replace(faults);
        return null;
    }

    private static JsonNode? ResetCounters(Vendor vendor, HttpContext context)
    {
        vendor.Counters.Reset();
        return null;
    }

    private static async Task<JsonNode?> AdvanceAsync(Vendor vendor, HttpContext context)
    {
        var body = await ObjectAsync(context);
        var seconds = (double?)body["advanceSeconds"] ?? throw new BadControlException("advanceSeconds is missing.");
        vendor.Clock.Advance(TimeSpan.FromSeconds(seconds));
        vendor.Settle();
        return new JsonObject { ["now"] = vendor.Clock.GetUtcNow().UtcDateTime };
    }

    private static JsonObject Limits(Vendor vendor)
    {
        var limits = (JsonObject)JsonSerializer.SerializeToNode(vendor.Rules.Limits, JsonAnswers.Options)!;
        limits["usedToday"] = vendor.Rules.UsedToday;
        return limits;
    }

    private static async Task<JsonNode?> SetLimitsAsync(Vendor vendor, HttpContext context)
    {
        var body = await ObjectAsync(context);
        var own = vendor.OwnLimits;
        vendor.Rules.Limits = new Limits(
            Whole(body, "requestsPerWindow") ?? own.RequestsPerWindow,
            Whole(body, "windowSeconds") ?? own.WindowSeconds,
            Whole(body, "concurrency") ?? own.Concurrency,
            Whole(body, "perDay") ?? own.PerDay);
        return Limits(vendor);
    }

    private static async Task<JsonNode?> SetWebhooksAsync(Vendor vendor, HttpContext context)
    {
        var body = await ObjectAsync(context);
        var target = (string?)body["target"];
        if (target is not null && !Uri.IsWellFormedUriString(target, UriKind.Absolute))
            throw new BadControlException($"target: '{target}' is not an absolute address.");

        vendor.Webhooks.Aim(target is null ? null : new Uri(target), (bool?)body["automatic"] ?? false);
        return null;
    }

    private static async Task<JsonNode?> FlushAsync(Vendor vendor, HttpContext context)
    {
        var body = await ObjectAsync(context);
        return await vendor.Webhooks.FlushAsync((bool?)body["reverse"] ?? false, Whole(body, "repeat") ?? 1, context.RequestAborted);
    }

    private static int? Whole(JsonObject body, string name)
    {
        if (body[name] is not { } node)
            return null;
        return node is JsonValue value && value.TryGetValue<int>(out var number) && number >= 0
            ? number
            : throw new BadControlException($"{name} must be a whole number that is not negative.");
    }

    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
