using System.Net.Http.Json;
using System.Text.Json;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Nightly;

/// <summary>
/// samples/nightly, smaller: a sandbox of its own with thirty people, twelve in each system, six of whom the next one knows too; the ERP
/// knows ten of them; and a copy of the folder that points there.
/// </summary>
internal sealed class NightlyStage : IDisposable
{
    /// <summary>How many people there are in all.</summary>
    public const int People = 30;

    private const int Each = 12, Debtors = 10;
    private static readonly string[] s_streams = ["salesforce/records/Contact", "zoho/records/Contacts", "insightly/records/Contacts", "fxiaoke/records/ContactObj"];
    private static readonly string[] s_systems = [.. s_streams.Select(stream => stream.Split('/')[0])];

    private readonly SandboxProcess _sandbox;
    private readonly HttpClient _control;

    private NightlyStage(SandboxProcess sandbox)
    {
        _sandbox = sandbox;
        _control = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(sandbox.Address, "_sandbox/") };
    }

    public HubFolder Folder { get; } = HubFolder.Sample("nightly");

    public static async Task<NightlyStage> SetAsync()
    {
        var stage = new NightlyStage(await SandboxProcess.StartAsync(TestContext.Current.CancellationToken));
        for (var i = 0; i < s_systems.Length; i++)
            await stage.PostAsync($"{s_systems[i]}/reset", new { records = Each, seed = 1, first = i * Each / 2 });

        var address = stage._sandbox.Address.ToString().TrimEnd('/');
        foreach (var system in s_systems)
        {
            stage.Folder.Write($"connections/{system}.json", stage.Folder.Read($"connections/{system}.json")
                .Replace("${env:CRM_SANDBOX}", address, StringComparison.Ordinal)
                .Replace("${env:SALESFORCE_SECRET}", "sandbox-consumer-secret", StringComparison.Ordinal)
                .Replace("${env:ZOHO_SECRET}", "sandbox-secret", StringComparison.Ordinal)
                .Replace("${env:ZOHO_REFRESH_TOKEN}", "1000.sandbox.refresh", StringComparison.Ordinal)
                .Replace("${env:INSIGHTLY_API_KEY}", "sandbox-api-key", StringComparison.Ordinal)
                .Replace("${env:FXIAOKE_APP_SECRET}", "sandbox-secret", StringComparison.Ordinal)
                .Replace("${env:FXIAOKE_PERMANENT_CODE}", "sandbox-permanent-code", StringComparison.Ordinal));
        }

        stage.Folder.Write("in/debtors.csv", string.Concat(stage.Folder.Read("in/debtors.csv").Split('\n').Take(1 + Debtors).Select(line => line + "\n")));
        return stage;
    }

    /// <summary>Runs the hub; it must end well.</summary>
    public async Task<JsonElement> RunAsync(params string[] more)
    {
        var report = (await Folder.HubAsync(["--json", "run", .. more])).With(0).Json;
        report.AssertAddsUp();
        return report;
    }

    /// <summary>Night after night, until one makes no write call; those who would have been written to say so.</summary>
    public async Task<int> RunUntilSilentAsync(int most, params string[] first)
    {
        for (var night = 1; night <= most; night++)
        {
            await ForgetCallsAsync();
            await RunAsync(night == 1 ? first : []);
            if (await SumAsync("writeCalls") == 0)
                return night;
        }

        throw new InvalidOperationException($"after {most} runs there is still something to write");
    }

    /// <summary>A count of all systems together.</summary>
    public async Task<long> SumAsync(string counter)
    {
        long sum = 0;
        foreach (var system in s_systems)
            sum += (await GetAsync($"{system}/counters")).GetProperty(counter).GetInt64();
        return sum;
    }

    /// <summary>How many records each system has.</summary>
    public async Task<IReadOnlyList<int>> SizesAsync()
    {
        var sizes = new List<int>();
        foreach (var stream in s_streams)
            sizes.Add((await GetAsync(stream)).GetArrayLength());
        return sizes;
    }

    /// <summary>What a user sees of the one record whose field holds a value.</summary>
    public async Task<JsonElement> OnlyAsync(string stream, string field, string value)
    {
        var found = await GetAsync($"{stream}?{field}={Uri.EscapeDataString(value)}");
        Assert.True(found.GetArrayLength() == 1, $"{found.GetArrayLength()} records of {stream} hold {value} as {field}");
        return found[0];
    }

    /// <summary>A user edits the record whose field holds a value.</summary>
    public async Task EditAsync(string stream, string field, string value, string target, string text) =>
        await EditAsync(stream, (await OnlyAsync(stream, field, value)).GetProperty("id").GetString()!, target, text);

    /// <summary>A user edits a record.</summary>
    public async Task EditAsync(string stream, string id, string target, string text)
    {
        using var answer = await _control.PatchAsJsonAsync($"{stream}/{id}", new Dictionary<string, string> { [target] = text }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<JsonElement> GetAsync(string path) => await _control.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    public async Task PostAsync(string path, object body)
    {
        using var answer = await _control.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The same faults for all systems; none without an argument.</summary>
    public async Task FaultsAsync(params object[] faults)
    {
        foreach (var system in s_systems)
            await FaultsOfAsync(system, faults);
    }

    /// <summary>Faults of one system.</summary>
    public async Task FaultsOfAsync(string system, params object[] faults)
    {
        using var answer = await _control.PutAsJsonAsync($"{system}/faults", faults, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The counters begin anew.</summary>
    public async Task ForgetCallsAsync()
    {
        foreach (var system in s_systems)
            await PostAsync($"{system}/counters/reset", new { });
    }

    public void Dispose()
    {
        _control.Dispose();
        _sandbox.Dispose();
        Folder.Dispose();
    }
}
