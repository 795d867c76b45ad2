using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Benchmarks.Vendors;

/// <summary>
/// Pulls the contacts of Salesforce by a bulk job, beside a client that only downloads the result of the same job. Both are done several times in turn, and
/// the median counts. How busy the sandbox was meanwhile tells who waited for whom: it answers a request on one processor.
/// </summary>
internal static class BulkPullMeasurement
{
    private const int Rounds = 3;

    public static async Task RunAsync(int rows, TextWriter output, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxProcess.StartAsync("salesforce", cancellationToken);
        await sandbox.AskAsync("POST", "reset", new JsonObject { ["records"] = rows, ["seed"] = 1 }, cancellationToken);
        await using var connection = await sandbox.OpenAsync([], cancellationToken);
        var (pulls, downloads, memory) = (new List<Took>(), new List<Took>(), new List<long>());
        var (peak, read, bytes) = (0L, 0, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            pulls.Add(await Took.OfAsync(sandbox, async begin =>
            {
                (read, var next) = (0, rows / 10);
                await foreach (var page in connection.PullAsync(new PullRequest("Contact"), cancellationToken))
                {
                    // Until then the sandbox does the job; reading its result begins here.
                    if (read == 0)
                        begin();
                    read += page.Rows.Count;
                    if (read < next || memory.Count == 10)
                        continue;
                    next += rows / 10;
                    memory.Add(Environment.WorkingSet >> 20);
                }
            }));
            using var self = Process.GetCurrentProcess();
            peak = Math.Max(peak, self.PeakWorkingSet64 >> 20);
            using var client = await SignInAsync(sandbox, cancellationToken);
            downloads.Add(await Took.OfAsync(sandbox, async begin => bytes = await DownloadAsync(client, begin, cancellationToken)));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{read:N0} contacts, {bytes >> 20:N0} MB, the median of {Rounds}; memory at each tenth {string.Join(' ', memory)} MB, peak {peak} MB"));
        await output.WriteLineAsync();
        await output.WriteLineAsync("| | took, s | rows/s | processor, s | the sandbox's processor, s | the sandbox was busy |");
        await output.WriteLineAsync("|---|---:|---:|---:|---:|---:|");
        foreach (var (what, took) in new[] { ("pulled into pages of rows", Took.Median(pulls)), ("only downloaded", Took.Median(downloads)) })
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {what} | {took.Time.TotalSeconds:0.00} | {read / took.Time.TotalSeconds:N0} | {took.Own.TotalSeconds:0.00} | {took.Sandbox.TotalSeconds:0.00} | {took.Sandbox / took.Time:0 %} |"));
    }

    private static async Task<HttpClient> SignInAsync(SandboxProcess sandbox, CancellationToken cancellationToken)
    {
        var account = (await sandbox.AskAsync("GET", "account", null, cancellationToken))!;
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(sandbox.Address, "salesforce/") };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = (string)account["clientId"]!,
            ["client_secret"] = (string)account["clientSecret"]!,
        });
        using var token = await client.PostAsync(new Uri("services/oauth2/token", UriKind.Relative), form, cancellationToken);
        var signed = JsonNode.Parse(await token.Content.ReadAsStringAsync(cancellationToken))!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)signed["access_token"]!);
        return client;
    }

    private static async Task<long> DownloadAsync(HttpClient client, Action begin, CancellationToken cancellationToken)
    {
        var jobs = JsonNode.Parse(await client.GetStringAsync(new Uri("services/data/v66.0/jobs/query", UriKind.Relative), cancellationToken))!;
        var job = (string)jobs["records"]!.AsArray()[^1]!["id"]!;
        var (bytes, locator, buffer) = (0L, "", new byte[1 << 16]);
        begin();
        while (locator != "null")
        {
            using var part = await client.GetAsync(new Uri($"services/data/v66.0/jobs/query/{job}/results?maxRecords=50000{(locator.Length == 0 ? "" : $"&locator={Uri.EscapeDataString(locator)}")}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            part.EnsureSuccessStatusCode();
            await using var body = await part.Content.ReadAsStreamAsync(cancellationToken);
            for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0;)
                bytes += count;
            locator = part.Headers.GetValues("Sforce-Locator").Single();
        }

        return bytes;
    }

    /// <summary>What something took.</summary>
    /// <param name="Time">By the clock.</param>
    /// <param name="Own">Time of this process's processors.</param>
    /// <param name="Sandbox">Time of the sandbox's processors.</param>
    private sealed record Took(TimeSpan Time, TimeSpan Own, TimeSpan Sandbox)
    {
        public static async Task<Took> OfAsync(SandboxProcess sandbox, Func<Action, Task> work)
        {
            using var self = Process.GetCurrentProcess();
            var (watch, own, its) = (new Stopwatch(), TimeSpan.Zero, TimeSpan.Zero);
            await work(() =>
            {
                self.Refresh();
                (own, its) = (self.TotalProcessorTime, sandbox.ProcessorTime);
                watch.Start();
            });
            watch.Stop();
            self.Refresh();
            return new(watch.Elapsed, self.TotalProcessorTime - own, sandbox.ProcessorTime - its);
        }

        public static Took Median(IEnumerable<Took> all) => all.OrderBy(took => took.Time).ElementAt(Rounds / 2);
    }
}
