using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Benchmarks.Vendors;

/// <summary>A push that meets one limit of a vendor.</summary>
/// <param name="Vendor">The vendor.</param>
/// <param name="Stream">Where the records go.</param>
/// <param name="Fields">What they have; the first is the key.</param>
/// <param name="Records">How many: enough for half a minute.</param>
/// <param name="Allowance">The limit.</param>
internal sealed record PushCase(string Vendor, string Stream, IReadOnlyList<string> Fields, int Records, Allowance Allowance)
{
    // A vendor's own answers take about so long; without it a push would never have to hide it.
    private static readonly JsonObject s_usual = new() { ["kind"] = "slow", ["ms"] = 200 };

    public JsonObject Settings { get; init; } = [];

    public JsonObject Limits { get; init; } = [];

    public JsonObject Slow { get; init; } = s_usual;

    public static IReadOnlyList<PushCase> All { get; } =
    [
        new("salesforce", "Contact", ["Hub_Id__c", "LastName", "Email"], 100_000, new PerDay(200, 0.15))
        {
            Settings = new() { ["bulkFrom"] = 1_000_000, ["reservePercent"] = 15 },
            Limits = new() { ["perDay"] = 200 },
        },
        new("zoho", "Contacts", ["Hub_Id", "Last_Name", "Email"], 25_000, new AtOnce(10, "/upsert"))
        {
            Settings = new() { ["bulkWriteFrom"] = 0 },
            Slow = new() { ["kind"] = "slow", ["ms"] = 1000, ["path"] = "/upsert" },
        },
        new("insightly", "Contacts", ["Hub_Id__c", "FIRST_NAME", "EMAIL_ADDRESS"], 150, new Paced(10, TimeSpan.FromSeconds(1), EachInterface: false)),
        new("fxiaoke", "ContactObj", ["hub_id__c", "name", "email"], 210, new Paced(100, TimeSpan.FromSeconds(20), EachInterface: true)),
    ];

    public async IAsyncEnumerable<Write> WritesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        for (var i = 0; i < Records; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(i, WriteKind.Create, $"B{i:D6}", [Value.Text($"B{i:D6}"), Value.Text($"Okafor {i}"), Value.Text($"b{i}@example.com")], [true, true, true]);
        }
    }
}

/// <summary>How much of what a vendor allows a push makes use of, and whether it breaks a rule.</summary>
internal static class PushMeasurement
{
    public static async Task RunAsync(PushCase push, TextWriter output, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxProcess.StartAsync(push.Vendor, cancellationToken);
        await using var connection = await sandbox.OpenAsync(push.Settings, cancellationToken);
        // The first call of all is slow, since both programs still compile themselves; what follows is measured.
        await foreach (var stream in connection.DiscoverAsync(push.Stream, cancellationToken))
            Debug.Assert(stream.Problem is null, stream.Problem);
        if (push.Limits.Count > 0)
            await sandbox.AskAsync("PUT", "limits", push.Limits.DeepClone(), cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken);
        await sandbox.AskAsync("PUT", "faults", new JsonArray(push.Slow.DeepClone()), cancellationToken);
        var before = SeenCall.Read(await sandbox.AskAsync("GET", "requests?since=0", null, cancellationToken)).Count;

        var (written, refused, watch) = (0, 0, Stopwatch.StartNew());
        try
        {
            await foreach (var outcome in connection.PushAsync(new PushRequest(push.Stream, push.Fields[0], push.Fields), push.WritesAsync(cancellationToken), cancellationToken))
            {
                if (outcome.Failure is null)
                    written++;
                else
                    refused++;
            }
        }
        catch (ConnectorException exception) when (exception.PausedUntil is not null && push.Allowance is PerDay)
        {
            // That is how a day's calls end.
        }

        var took = watch.Elapsed;
        var seen = SeenCall.Read(await sandbox.AskAsync("GET", $"requests?since={(push.Allowance is PerDay ? 0 : before)}", null, cancellationToken));
        var violations = (long)(await sandbox.AskAsync("GET", "counters", null, cancellationToken))!["violations"]!;
        var (achieved, share) = push.Allowance.Of(seen);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {push.Vendor} | {push.Allowance.Text} | {achieved} | {share:0.0 %} | {violations} | {written:N0}{(refused > 0 ? $" ({refused:N0} refused)" : "")} | {written / took.TotalSeconds:N1} |"));
    }
}
