using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Tests.OneByOne;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Rates;

/// <summary>What a vendor allows is used, and never more than that. The benchmark <c>connectors</c> measures the same for longer.</summary>
[Collection(nameof(Undisturbed))]
public sealed class AllowedRateTests
{
    // A busy machine may hold one measurement up; a fault in the hub holds up all of them.
    private const int Tries = 3;

    [Fact]
    public async Task Insightlys_ten_calls_a_second_are_used()
    {
        var share = 0.0;
        for (var tried = 0; tried < Tries && share < 0.9; tried++)
        {
            await using var crm = await PlayedVendor.StartAsync("insightly", 0);
            await crm.BreakAsync(new JsonObject { ["kind"] = "slow", ["ms"] = 100 });
            await PushAsync(crm, "Contacts", "Hub_Id__c,FIRST_NAME,EMAIL_ADDRESS", 25);

            var calls = await CallsAsync(crm, "/Contacts");
            share = TimeSpan.FromSeconds((calls.Count - 1) / 10) / (calls[^1].At - calls[0].At);
            Assert.Equal(0, await crm.CounterAsync("violations"));
        }

        Assert.True(share >= 0.9, $"{share:0.0 %}");
    }

    [Fact]
    public async Task Zohos_ten_large_writes_at_the_same_time_are_used()
    {
        var atOnce = 0.0;
        for (var tried = 0; tried < Tries && atOnce < 9; tried++)
        {
            await using var crm = await PlayedVendor.StartAsync("zoho", 0, new() { ["bulkWriteFrom"] = 0 });
            await crm.BreakAsync(new JsonObject { ["kind"] = "slow", ["ms"] = 700, ["path"] = "/upsert" });
            await PushAsync(crm, "Contacts", "Hub_Id,Last_Name,Email", 5_000);

            var calls = await CallsAsync(crm, "/upsert");
            var (first, last) = (calls[0].At, calls[^1].At);
            atOnce = calls.Sum(call => (TimeSpan.FromTicks(Math.Min((call.At + call.Took).Ticks, last.Ticks) - call.At.Ticks) / (last - first)));
            Assert.Equal(0, await crm.CounterAsync("violations"));
        }

        Assert.True(atOnce >= 9, $"{atOnce:0.0}");
    }

    [Fact]
    public async Task Salesforces_calls_of_a_day_are_used_to_the_reserve()
    {
        await using var crm = await PlayedVendor.StartAsync("salesforce", 0);
        await crm.AskAsync("PUT", "limits", new JsonObject { ["perDay"] = 40 });

        var pause = await Assert.ThrowsAsync<ConnectorException>(() => PushAsync(crm, "Contact", "Hub_Id__c,LastName,Email", 9_000));

        Assert.NotNull(pause.PausedUntil);
        // 15 % are left to people and other programs.
        Assert.Equal((34, 0), (await crm.CounterAsync("calls"), await crm.CounterAsync("violations")));
    }

    private static async Task PushAsync(PlayedVendor crm, string stream, string fields, int count)
    {
        var names = fields.Split(',');
        var writes = Enumerable.Range(0, count).Select(i => new Write(i, WriteKind.Create, $"R{i}", [Value.Text($"R{i}"), Value.Text($"Okafor {i}"), Value.Text($"r{i}@example.com")], [true, true, true]));
        await foreach (var outcome in crm.Connection.PushAsync(new PushRequest(stream, names[0], names), Pushes.Stream(writes), TestContext.Current.CancellationToken))
            Assert.Null(outcome.Failure);
    }

    private static async Task<List<(DateTimeOffset At, TimeSpan Took)>> CallsAsync(PlayedVendor crm, string path) =>
    [
        .. (await crm.AskAsync("GET", "requests?since=0"))!.AsArray()
            .Where(call => ((string)call!["path"]!).Contains(path, StringComparison.Ordinal))
            .Select(call => ((DateTimeOffset)call!["at"]!, TimeSpan.FromMilliseconds((long)call["ms"]!)))
            .Order(),
    ];
}
