using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Integration.EndToEnd.Tests.Nightly;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Webhooks;

/// <summary>A sandbox of four systems with a few people each, a hub folder that reads them, and the service, to which they send webhooks.</summary>
internal sealed class HookStage : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    private readonly SandboxProcess _sandbox;
    private readonly HttpClient _control;

    private HookStage(SandboxProcess sandbox)
    {
        _sandbox = sandbox;
        _control = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(sandbox.Address, "_sandbox/") };
    }

    /// <summary>The systems: the stream of people, the field of a family name, and what the connection needs besides the account.</summary>
    public static IReadOnlyList<(string System, string Stream, string Key, string Given, string Family, string Modified, Dictionary<string, string> More)> Systems { get; } =
    [
        ("salesforce", "Contact", "Id", "FirstName", "LastName", "LastModifiedDate", new() { ["organizationId"] = "00D000000000001EAA" }),
        ("zoho", "Contacts", "id", "First_Name", "Last_Name", "Modified_Time", new() { ["notificationToken"] = "a-token-of-this-test" }),
        ("insightly", "Contacts", "CONTACT_ID", "FIRST_NAME", "LAST_NAME", "DATE_UPDATED_UTC", []),
        ("fxiaoke", "ContactObj", "_id", "name", "name", "last_modified_time", []),
    ];

    public HubFolder Folder { get; } = HubFolder.Empty();

    public ServingHub Hub { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public static async Task<HookStage> SetAsync(bool onPostgreSql = false)
    {
        if (onPostgreSql)
            TestSchema.SkipWithoutServer();
        var stage = new HookStage(await SandboxProcess.StartAsync(TestContext.Current.CancellationToken));
        var port = ServingHub.FreePort();
        stage.Folder.Write("hub.json", $$"""
            {
              "store": { "provider": "sqlite", "connectionString": "Data Source=data/hub.db" },
              "service": { "publicAddress": "http://127.0.0.1:{{port.ToString(CultureInfo.InvariantCulture)}}", "hooks": { "graceSeconds": 0 } }
            }
            """);
        foreach (var (system, stream, key, given, family, modified, more) in Systems)
        {
            await stage.PostAsync($"{system}/reset", new { records = 4, seed = 1 });
            var account = JsonNode.Parse(await stage._control.GetStringAsync(new Uri($"{system}/account", UriKind.Relative), TestContext.Current.CancellationToken))!.AsObject();
            foreach (var (name, value) in more)
                account[name] = value;
            stage.Folder.Write($"connections/{system}.json", account.ToJsonString());
            stage.Folder.Write($"pipelines/{system}.json", $$"""
                {
                  "from": { "connection": "{{system}}", "stream": "{{stream}}", "key": "{{key}}", "cursor": "{{(system == "salesforce" ? "SystemModstamp" : modified)}}", "modified": "{{modified}} | instant" },
                  "entity": "customer",
                  "map": { "name.given": "{{given}}", "name.family": "{{family}}" }
                }
                """);
        }

        if (onPostgreSql)
            stage.Folder.OnPostgreSql();
        (await stage.Folder.HubAsync("run")).With(0);
        await stage.ServeAsync(port);
        foreach (var (system, stream, _, _, _, _, _) in Systems.Where(each => each.System != "zoho"))
            await stage.PutAsync($"{system}/webhooks", new { target = new Uri(stage.Address, $"hooks/{system}/{stream}") });
        return stage;
    }

    public async Task ServeAsync(int port) => (Hub, Address) = await ServingHub.StartAsync(Folder, port);

    /// <summary>A user renames the first person of a system.</summary>
    public async Task RenameAsync(string system, string name)
    {
        var (_, stream, _, _, family, _, _) = Systems.Single(each => each.System == system);
        var people = await _control.GetFromJsonAsync<JsonElement>($"{system}/records/{stream}", TestContext.Current.CancellationToken);
        using var answer = await _control.PatchAsJsonAsync($"{system}/records/{stream}/{people[0].GetProperty("id")}", new Dictionary<string, string> { [family] = name }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A system sends what waits; what became of it.</summary>
    public async Task<JsonElement> FlushAsync(string system, object? how = null)
    {
        using var answer = await _control.PostAsJsonAsync($"{system}/webhooks/flush", how ?? new { }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public async Task FaultsAsync(string system, params object[] faults) => await PutAsync($"{system}/faults", faults);

    /// <summary>How many records of a system have a family name; in Fxiaoke the name is one.</summary>
    public long Named(string name) => StoreDump.Count(Folder, $"source_record where data like '%{name}%'");

    /// <summary>What the log files say so far.</summary>
    public string Log() => string.Concat(Directory.GetFiles(Folder.In("data/logs")).Select(File.ReadAllText));

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<bool> isSo, string what)
    {
        var clock = TimeProvider.System;
        for (var began = clock.GetTimestamp(); !isSo(); await Task.Delay(TimeSpan.FromMilliseconds(200), clock, TestContext.Current.CancellationToken))
            Assert.True(clock.GetElapsedTime(began) < s_patience, $"in vain: {what}\n{Hub.Errors}");
    }

    public void Dispose()
    {
        Hub?.Dispose();
        _control.Dispose();
        _sandbox.Dispose();
        Folder.Dispose();
    }

    public async Task PostAsync(string path, object body)
    {
        using var answer = await _control.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async Task PutAsync(string path, object body)
    {
        using var answer = await _control.PutAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
