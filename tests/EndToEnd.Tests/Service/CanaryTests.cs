using System.Text;
using System.Text.Json;
using Crm.Integration.EndToEnd.Tests.Program;
using Crm.Integration.Hub.Logging;

namespace Crm.Integration.EndToEnd.Tests.Service;

/// <summary>
/// The real service works with secrets and persons that are easily recognised, on systems that throw them back in every refusal. Then everything that it wrote
/// and answered is searched for them.
/// </summary>
public sealed class CanaryTests
{
    private const string ApiKey = "canary-Key/with+odd=signs\"1";
    private const string HookSecret = "canary-hook-secret-2";
    private const string CollectorKey = "canary,collector=key-3";
    private const string WrongToken = "canary-wrong-token-4";

    private static readonly string[] s_persons = ["Zaphodine", "Quuxberry", "leak.example", "55501234", "Kanarienweg", "1971-03-19"];

    [Fact]
    public async Task No_secret_and_no_person_gets_into_anything_that_the_service_writes_or_answers()
    {
        using var collector = new OtlpReceiver();
        using var crm = new LocalServer(ThrowBack);
        using var folder = Folder(collector.Address, crm.Address);
        var environment = new Dictionary<string, string> { ["CANARY_KEY"] = ApiKey, ["CANARY_HOOK"] = HookSecret, ["CANARY_OTLP"] = CollectorKey };
        var answers = new List<(string Where, string Text)>();
        using (var hub = await ServingHub.StartAsync(folder, ["--verbose"], environment))
        {
            await hub.Eventually(async () => await hub.MetricAsync("""hub_pipeline_ended_total{cause="schedule",pipeline="shop",state="done"}""") > 0, "the shop to be read");
            await hub.Eventually(async () => await hub.MetricAsync("""hub_pipeline_ended_total{cause="schedule",pipeline="crm-in",state="failed"}""") > 0, "the CRM to refuse to be read");
            await hub.Eventually(async () => await hub.MetricAsync("""hub_pipeline_pushes_total{fate="rejected",pipeline="crm-out"}""") > 0, "the CRM to refuse what is pushed");
            await hub.Eventually(() => Task.FromResult(collector.Lines().Any(line => line.StartsWith("HTTP ", StringComparison.Ordinal) && line.EndsWith("hub.pipeline < hub.run", StringComparison.Ordinal))), "calls to be traced");
            await hub.Eventually(() => Task.FromResult(collector.Metrics.ContainsKey("hub.connector.calls")), "calls to be measured");

            answers.Add(("an unsigned webhook", await PostAsync(hub, "hooks/hook/people", Person)));
            answers.Add(("a webhook to nowhere", await PostAsync(hub, "hooks/nobody/people?token=" + Uri.EscapeDataString(HookSecret), Person)));
            answers.Add(("a wrong token", (await hub.GetAsync("/api/runs", ("Authorization", "Bearer " + WrongToken))).Body));
            answers.Add(("metrics", (await hub.GetAsync("/metrics")).Body));
            answers.Add(("readiness", (await hub.GetAsync("/health/ready")).Body));
            await hub.StopAsync();
            answers.Add(("the console", hub.Said));
        }

        foreach (var file in Directory.GetFiles(folder.In("data/logs")))
            answers.Add((Path.GetFileName(file), File.ReadAllText(file)));
        answers.AddRange(collector.Bodies.Select(body => ("the collector", Encoding.Latin1.GetString(body))));
        Assert.All(answers, answer => Clean(answer.Where, answer.Text, s_persons));
        Assert.Contains(answers, answer => answer.Where.EndsWith(".log", StringComparison.Ordinal) && answer.Text.Contains("denies access", StringComparison.Ordinal));

        // Who reads them knows none of the secrets, and so masks none.
        folder.Write("hub.json", "{}");

        // What a system said of a record is kept for those who have to put it right, who may see the record; secrets are not.
        foreach (var run in (await folder.HubAsync("runs", "--json")).Json.EnumerateArray())
        {
            var report = (await folder.HubAsync("runs", run.GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture), "--json")).Output;
            Clean("a run's report", report, report.Contains("crm-out", StringComparison.Ordinal) ? [] : s_persons);
        }
    }

    private const string Person = """{"id":"1","first":"Zaphodine","last":"Quuxberry","email":"zaphodine.quuxberry@leak.example","phone":"+4917155501234"}""";

    private static void Clean(string where, string text, IReadOnlyList<string> persons)
    {
        var redactor = new SecretRedactor();
        foreach (var secret in (string[])[ApiKey, HookSecret, CollectorKey, WrongToken])
            redactor.Add(secret);
        var masked = redactor.Redact(text);
        if (masked != text)
        {
            var at = text.Zip(masked).TakeWhile(pair => pair.First == pair.Second).Count();
            Assert.Fail($"{where} tells a secret: …{text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 100)]}…");
        }

        foreach (var person in persons)
        {
            var at = text.IndexOf(person, StringComparison.OrdinalIgnoreCase);
            Assert.True(at < 0, $"{where} tells of a person: …{(at < 0 ? "" : text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 100)])}…");
        }
    }

    // As systems do: a refusal quotes the credentials when one reads, and the record when one writes.
    private static (int Status, string Type, string Body) ThrowBack(System.Net.HttpListenerRequest request, byte[] body) => request.HttpMethod == "GET"
        ? request.Url!.AbsolutePath.EndsWith("/Leads", StringComparison.Ordinal)
            ? (403, "application/json", JsonSerializer.Serialize(new { Message = $"no access for {request.Headers["Authorization"]}, that is key {ApiKey} of zaphodine.quuxberry@leak.example, phone +49 171 55501234" }))
            : (200, "application/json", "[]")
        : (400, "application/json", JsonSerializer.Serialize(new { Message = $"invalid for {request.Headers["Authorization"]}: {Encoding.UTF8.GetString(body)}" }));

    private static async Task<string> PostAsync(ServingHub hub, string path, string body)
    {
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(hub.Address, path), content);
        Assert.False(answer.IsSuccessStatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static HubFolder Folder(string collector, string crm)
    {
        var folder = HubFolder.Empty();
        folder.Write("hub.json", $$"""
            { "log": { "level": "debug" },
              "service": { "otlp": { "endpoint": "{{collector}}", "headers": { "x-key": "${env:CANARY_OTLP}" }, "everySeconds": 1 } } }
            """);
        folder.Write("connections/shop.json", """{ "connector": "csv", "folder": "in" }""");
        folder.Write("connections/crm.json", $$"""{ "connector": "insightly", "baseUrl": "{{crm}}", "apiKey": "${env:CANARY_KEY}", "plan": "professional" }""");
        folder.Write("connections/hook.json", """{ "connector": "webhook", "secret": "${env:CANARY_HOOK}" }""");
        folder.Write("pipelines/shop.json", """
            { "from": { "connection": "shop", "stream": "people.csv", "key": "id" }, "entity": "customer",
              "map": { "name.given": "first", "name.family": "last", "email": "email | email", "phone": "phone | phone('DE')", "birthDate": "born | date", "address.line": "street" },
              "validate": [ { "field": "email", "rule": "email", "otherwise": "reject" } ], "trigger": { "every": "1s" } }
            """);
        folder.Write("pipelines/hook.json", """{ "from": { "connection": "hook", "stream": "people", "key": "id" }, "entity": "customer", "map": { "name.given": "first", "email": "email" } }""");
        folder.Write("pipelines/crm-in.json", """
            { "from": { "connection": "crm", "stream": "Leads", "key": "LEAD_ID" }, "entity": "customer", "map": { "name.given": "FIRST_NAME", "name.family": "LAST_NAME" }, "trigger": { "every": "2s" } }
            """);
        folder.Write("pipelines/crm-out.json", """
            { "entity": "customer", "to": { "connection": "crm", "stream": "Contacts", "key": "CONTACT_ID" },
              "map": { "FIRST_NAME": "name.given", "LAST_NAME": "name.family", "EMAIL_ADDRESS": "email", "PHONE": "phone", "DATE_OF_BIRTH": "birthDate", "ADDRESS_MAIL_STREET": "address.line" }, "trigger": { "every": "3s" } }
            """);
        folder.Write("in/people.csv", """
            id,first,last,email,phone,born,street
            1,Zaphodine,Quuxberry,zaphodine.quuxberry@leak.example,+49 171 55501234,1971-03-19,Kanarienweg 7
            2,Zaphodine,Quuxberry,not a mailbox of leak.example,0171 55501234,1971-03-19,Kanarienweg 7

            """);
        return folder;
    }
}
