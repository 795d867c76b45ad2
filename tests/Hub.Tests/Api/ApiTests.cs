using System.Text.Json;
using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Api;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Tests.Store;
using Microsoft.AspNetCore.Routing;

namespace Crm.Integration.Hub.Tests.Api;

/// <summary>The API over real sockets, on every engine.</summary>
public abstract class ApiTests<TStore> : IDisposable
    where TStore : TestStore, new()
{
    private readonly TStore _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Each_endpoint_serves_its_role_and_higher_ones_and_nobody_else()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        var clients = Enum.GetValues<Role>().ToDictionary(role => role, role => hub.Client(role));
        using var stranger = hub.Client(null);
        List<string> wrong = [];
        foreach (var endpoint in ApiReference.Endpoints())
        {
            var needed = endpoint.Metadata.GetRequiredMetadata<NeededRole>().Role;
            var method = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Single();
            var path = System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!, @"\{[^}]+\}", "999999");
            foreach (var (role, client) in clients)
            {
                var (status, _) = await ApiHub.SendAsync(client, method, path, "{}");
                if (status is 401 or >= 500 || status == 403 != role < needed)
                    wrong.Add($"{method} {path} as {role}: {status}");
            }

            if ((await ApiHub.SendAsync(stranger, method, path, "{}")).Status != 401)
                wrong.Add($"{method} {path} without a token is served");
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public async Task A_token_is_for_its_scopes_only()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        using var client = hub.Client(Role.Admin, "runs", "system");

        Assert.Equal(200, (await ApiHub.GetAsync(client, "/api/runs")).Status);
        Assert.Equal(200, (await ApiHub.GetAsync(client, "/api/system")).Status);
        Assert.Equal(403, (await ApiHub.GetAsync(client, "/api/customers")).Status);
        Assert.Equal(403, (await ApiHub.GetAsync(client, "/api/tokens")).Status);
    }

    [Fact]
    public async Task A_token_made_by_the_verb_opens_and_a_revoked_one_does_not()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        var (_, text, _) = await hub.HubAsync("token", "create", "nightly", "--role", "operator", "--expires", "90d");
        using var client = hub.Client(null);
        client.DefaultRequestHeaders.Authorization = new("Bearer", text.Trim());
        Assert.Equal(200, (await ApiHub.GetAsync(client, "/api/runs")).Status);

        await hub.HubAsync("token", "revoke", "nightly");
        await Task.Delay(TimeSpan.FromSeconds(2.2), Token);

        Assert.Equal(401, (await ApiHub.GetAsync(client, "/api/runs")).Status);
        Assert.Contains("revoked", (await hub.HubAsync("token", "list")).Out, StringComparison.Ordinal);
        Assert.Contains("token create", (await hub.HubAsync("audit", "list")).Out, StringComparison.Ordinal);
        Assert.Equal(Hub.Cli.ExitCode.Done, (await hub.HubAsync("audit", "verify")).Code);
    }

    [Fact]
    public async Task Pages_leave_nobody_out_while_others_come()
    {
        await using var hub = await ApiHub.StartAsync(_test, people: 12);
        using var client = hub.Client(Role.Viewer);
        List<string> seen = [];
        var next = "/api/customers?entity=customer&limit=5";
        for (var page = 0; next is not null; page++)
        {
            var (status, body) = await ApiHub.GetAsync(client, next);
            Assert.Equal(200, status);
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            next = body.GetProperty("next").GetString();
            if (page == 0)
                await hub.PeopleAsync(16);
        }

        Assert.Equal(Enumerable.Range(1, 16).Select(i => $"{ApiHub.NameOf(i, "given")} {ApiHub.NameOf(i, "family")}").Order(), seen.Order());
        Assert.Equal(422, (await ApiHub.GetAsync(client, "/api/runs?after=Y3VzdG9tZXJzOjE")).Status);
        Assert.Equal(422, (await ApiHub.GetAsync(client, "/api/runs?limit=501")).Status);
    }

    [Fact]
    public async Task A_run_that_is_asked_for_under_a_key_is_asked_for_once_and_carried_out()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        using var client = hub.Client(Role.Operator);

        var (status, first) = await ApiHub.SendAsync(client, "POST", "/api/runs", """{ "pipelines": ["shop"] }""", ("Idempotency-Key", "k"));
        var (_, second) = await ApiHub.SendAsync(client, "POST", "/api/runs", """{ "pipelines": ["shop"] }""", ("Idempotency-Key", "k"));

        Assert.Equal(202, status);
        var id = first.GetProperty("id").GetInt64();
        Assert.Equal(id, second.GetProperty("id").GetInt64());
        Assert.Equal(422, (await ApiHub.SendAsync(client, "POST", "/api/runs", """{ "plan": true }""", ("Idempotency-Key", "k"))).Status);
        var request = await EndOf(client, id);
        Assert.Equal("done", request.GetProperty("state").GetString());
        var run = request.GetProperty("runId").GetInt64();
        Assert.Equal("done", (await ApiHub.GetAsync(client, $"/api/runs/{run}")).Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_plan_keeps_its_report_and_nothing_else()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        using var client = hub.Client(Role.Operator);
        var before = (await ApiHub.GetAsync(client, "/api/runs")).Body.GetProperty("items").GetArrayLength();

        var (_, asked) = await ApiHub.SendAsync(client, "POST", "/api/runs", """{ "plan": true }""");
        var request = await EndOf(client, asked.GetProperty("id").GetInt64());

        Assert.True(request.GetProperty("report").GetProperty("rehearsal").GetBoolean());
        Assert.Equal(before, (await ApiHub.GetAsync(client, "/api/runs")).Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_run_that_waits_is_cancelled_and_a_decision_meanwhile_is_told_who_holds_the_store()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        using var client = hub.Client(Role.Steward);
        using (await hub.Engine.LockAsync("test", LockMode.Alone, TimeSpan.FromSeconds(10), _ => { }, TimeProvider.System, Token))
        {
            var (_, asked) = await ApiHub.SendAsync(client, "POST", "/api/runs", "{}");
            var id = asked.GetProperty("id").GetInt64();
            Assert.Equal(200, (await ApiHub.SendAsync(client, "POST", $"/api/runs/requests/{id}/cancel", "{}")).Status);
            Assert.Equal("cancelled", (await EndOf(client, id)).GetProperty("state").GetString());
            Assert.Equal(409, (await ApiHub.SendAsync(client, "POST", $"/api/runs/requests/{id}/cancel", "{}")).Status);

            var (status, problem) = await ApiHub.SendAsync(client, "POST", "/api/customers/merge", """{ "left": "C1", "right": "C2" }""");
            Assert.Equal(409, status);
            Assert.Contains(Environment.MachineName, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_stewards_decide_bears_the_name_of_their_token_and_stands_in_the_audit_log()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        using var client = hub.Client(Role.Admin);

        var (status, merged) = await ApiHub.SendAsync(client, "POST", "/api/customers/merge", """{ "left": "C1", "right": "C2", "why": "asked her" }""");
        Assert.Equal(200, status);
        var (id, alias) = (merged.GetProperty("id").GetString(), merged.GetProperty("alias").GetString());
        Assert.Equal(id, (await ApiHub.GetAsync(client, $"/api/customers/{alias}")).Body.GetProperty("id").GetString());
        Assert.Equal(409, (await ApiHub.SendAsync(client, "POST", "/api/customers/merge", $$"""{ "left": "{{id}}", "right": "{{alias}}" }""")).Status);
        Assert.Equal(200, (await ApiHub.SendAsync(client, "POST", $"/api/customers/{id}/corrections", """{ "fields": { "name.family": "Smith" } }""")).Status);
        Assert.Equal("Smith", (await ApiHub.GetAsync(client, $"/api/customers/{id}")).Body.GetProperty("fields").GetProperty("name.family").GetString());
        Assert.Equal(422, (await ApiHub.SendAsync(client, "POST", $"/api/customers/{id}/corrections", """{ "fields": { "name.famly": "x" } }""")).Status);
        Assert.Equal(200, (await ApiHub.SendAsync(client, "DELETE", $"/api/customers/{id}/corrections?field=name.family", "")).Status);
        var history = (await ApiHub.GetAsync(client, $"/api/customers/{id}/history")).Body;
        Assert.StartsWith("t", history.GetProperty("decisions")[0].GetProperty("who").GetString(), StringComparison.Ordinal);
        Assert.Equal(200, (await ApiHub.SendAsync(client, "POST", $"/api/customers/{id}/split", """{ "records": ["shop/people.csv/2"] }""")).Status);

        var audit = (await ApiHub.GetAsync(client, "/api/audit")).Body.GetProperty("items").EnumerateArray().ToList();
        Assert.Contains(audit, entry => entry.GetProperty("subject").GetString() == "left=C1 right=C2" && entry.GetProperty("outcome").GetString() == "200");
        Assert.Contains(audit, entry => entry.GetProperty("outcome").GetString() == "409");
        Assert.DoesNotContain(audit, entry => entry.GetRawText().Contains("Smith", StringComparison.Ordinal));
        Assert.Equal(JsonValueKind.Null, (await ApiHub.GetAsync(client, "/api/audit/verify")).Body.GetProperty("problem").ValueKind);
    }

    [Fact]
    public async Task Rejected_rows_are_seen_retried_and_put_away()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        using var client = hub.Client(Role.Operator);
        var row = Assert.Single((await ApiHub.GetAsync(client, "/api/quarantine")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal("email", row.GetProperty("rule").GetString());

        Assert.Equal(1, (await ApiHub.SendAsync(client, "POST", "/api/quarantine/retry", "{}")).Body.GetProperty("retried").GetInt32());
        Assert.Equal(422, (await ApiHub.SendAsync(client, "POST", "/api/quarantine/discard", "{}")).Status);
        Assert.Equal(1, (await ApiHub.SendAsync(client, "POST", "/api/quarantine/discard", $$"""{ "ids": [{{row.GetProperty("id")}}] }""")).Body.GetProperty("discarded").GetInt32());

        Assert.Empty((await ApiHub.GetAsync(client, "/api/quarantine")).Body.GetProperty("items").EnumerateArray());
        Assert.Single((await ApiHub.GetAsync(client, "/api/quarantine?state=discarded")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal(422, (await ApiHub.GetAsync(client, "/api/quarantine?state=discard")).Status);
    }

    [Fact]
    public async Task Who_has_an_answer_already_is_not_sent_it_again()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        using var client = hub.Client(Role.Viewer);
        using var first = await client.GetAsync(new Uri("/api/customers/C1", UriKind.Relative), Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/customers/C1", UriKind.Relative)) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };

        using var second = await client.SendAsync(request, Token);

        Assert.Equal(304, (int)second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task Everything_leaves_as_a_stream()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        using var client = hub.Client(Role.Steward);

        var csv = await client.GetStringAsync(new Uri("/api/export/customer", UriKind.Relative), Token);
        var jsonl = await client.GetStringAsync(new Uri("/api/export/links?format=jsonl", UriKind.Relative), Token);

        Assert.Equal(13, csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(12, jsonl.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("did you mean 'customer'", (await ApiHub.GetAsync(client, "/api/export/custmer")).Body.GetProperty("fix").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_names_every_endpoint_with_its_answers()
    {
        await using var hub = await ApiHub.StartAsync(_test);
        using var client = hub.Client(Role.Viewer);

        var (_, api) = await ApiHub.GetAsync(client, "/api/openapi.json");

        Assert.StartsWith("3.1", api.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal("bearer", api.GetProperty("components").GetProperty("securitySchemes").GetProperty("token").GetProperty("scheme").GetString());
        foreach (var endpoint in ApiReference.Endpoints().Where(endpoint => endpoint.RoutePattern.RawText != "/api/openapi.json"))
        {
            var path = endpoint.RoutePattern.RawText!.Replace(":long", "", StringComparison.Ordinal).TrimEnd('/');
            var method = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Single().ToLowerInvariant();
            var operation = api.GetProperty("paths").GetProperty(path).GetProperty(method);
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.Contains("Needs the role", operation.GetProperty("description").GetString(), StringComparison.Ordinal);
            var responses = operation.GetProperty("responses").EnumerateObject().ToList();
            Assert.Contains(responses, response => response.Name == "204" || (response.Name[0] == '2' && response.Value.TryGetProperty("content", out _)));
            Assert.Contains(responses, response => response.Name == "422");
            if (operation.TryGetProperty("parameters", out var parameters))
                Assert.All(parameters.EnumerateArray(), parameter => Assert.True(parameter.TryGetProperty("description", out _), $"{method} {path}: {parameter.GetProperty("name")}"));
        }
    }

    private static async Task<JsonElement> EndOf(HttpClient client, long id)
    {
        for (var i = 0; i < 300; i++)
        {
            var (_, request) = await ApiHub.GetAsync(client, $"/api/runs/requests/{id}");
            if (request.GetProperty("ended").GetBoolean())
                return request;
            await Task.Delay(100, Token);
        }

        throw new TimeoutException("the run did not end");
    }
}

public sealed class ApiOnSqliteTests : ApiTests<SqliteStore>;

public sealed class ApiOnPostgreSqlTests : ApiTests<PostgreSqlStore>;
