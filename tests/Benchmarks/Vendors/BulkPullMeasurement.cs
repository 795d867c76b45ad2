using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Benchmarks.Vendors;

/// <summary>Pulls the contacts of Salesforce by a bulk job, beside a client that only downloads the result of the same job.</summary>
internal static class BulkPullMeasurement
{
    public static async Task RunAsync(int rows, TextWriter output, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxProcess.StartAsync("salesforce", cancellationToken);
        await sandbox.AskAsync("POST", "reset", new JsonObject { ["records"] = rows, ["seed"] = 1 }, cancellationToken);
        await using var connection = await sandbox.OpenAsync([], cancellationToken);

        var (read, next, memory, watch) = (0, rows / 10, new List<long>(), Stopwatch.StartNew());
        using var self = Process.GetCurrentProcess();
        await foreach (var page in connection.PullAsync(new PullRequest("Contact"), cancellationToken))
        {
            read += page.Rows.Count;
            if (read < next)
                continue;
            next += rows / 10;
            memory.Add(Environment.WorkingSet >> 20);
        }

        var took = watch.Elapsed;
        self.Refresh();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"pulled {read:N0} contacts by bulk job in {took.TotalSeconds:0.0} s: {read / took.TotalSeconds:N0} rows/s, {self.TotalProcessorTime.TotalSeconds:0.0} s of a processor; memory at each tenth {string.Join(' ', memory)} MB, peak {self.PeakWorkingSet64 >> 20} MB"));
        var (bytes, alone) = await DownloadAsync(sandbox, cancellationToken);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"the same job downloaded and thrown away: {bytes >> 20:N0} MB in {alone.TotalSeconds:0.0} s: {read / alone.TotalSeconds:N0} rows/s; the pull took {took / alone:0.00} times as long"));
    }

    private static async Task<(long Bytes, TimeSpan Took)> DownloadAsync(SandboxProcess sandbox, CancellationToken cancellationToken)
    {
        var account = (await sandbox.AskAsync("GET", "account", null, cancellationToken))!;
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(sandbox.Address, "salesforce/") };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = (string)account["clientId"]!,
            ["client_secret"] = (string)account["clientSecret"]!,
        });
        using var token = await client.PostAsync(new Uri("services/oauth2/token", UriKind.Relative), form, cancellationToken);
        var signed = JsonNode.Parse(await token.Content.ReadAsStringAsync(cancellationToken))!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)signed["access_token"]!);

        var jobs = JsonNode.Parse(await client.GetStringAsync(new Uri("services/data/v66.0/jobs/query", UriKind.Relative), cancellationToken))!;
        var job = (string)jobs["records"]!.AsArray()[^1]!["id"]!;
        var (bytes, locator, buffer, watch) = (0L, "", new byte[1 << 16], Stopwatch.StartNew());
        while (locator != "null")
        {
            using var part = await client.GetAsync(new Uri($"services/data/v66.0/jobs/query/{job}/results?maxRecords=50000{(locator.Length == 0 ? "" : $"&locator={Uri.EscapeDataString(locator)}")}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            part.EnsureSuccessStatusCode();
            await using var body = await part.Content.ReadAsStreamAsync(cancellationToken);
            for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0;)
                bytes += count;
            locator = part.Headers.GetValues("Sforce-Locator").Single();
        }

        return (bytes, watch.Elapsed);
    }
}
