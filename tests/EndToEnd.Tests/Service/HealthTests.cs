using System.Diagnostics;
using System.Text.Json;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Service;

public sealed class HealthTests
{
    [Fact]
    public async Task A_service_that_works_is_ready_and_names_its_parts()
    {
        using var folder = HubFolder.OfPeople(HubFolder.People(3));
        using var hub = await ServingHub.StartAsync(folder);

        await hub.Eventually(async () => (await hub.GetAsync("/health/ready")).Status == 200, "the service to be ready");
        var answer = JsonDocument.Parse((await hub.GetAsync("/health/ready")).Body).RootElement;

        Assert.Equal("ready", answer.GetProperty("status").GetString());
        Assert.Superset(new HashSet<string?> { "store", "disk", "schedules" }, answer.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()).ToHashSet());
        Assert.Equal(200, (await hub.GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task Why_it_is_not_ready_is_told_on_the_machine_and_not_outside()
    {
        using var folder = HubFolder.OfPeople(HubFolder.People(3));
        folder.Write("hub.json", """{ "service": { "health": { "leastFreeMegabytes": 1000000 } } }""");
        Assert.SkipWhen(new DriveInfo(folder.Path).AvailableFreeSpace > 1_000_000_000_000, "this disk is too large to be full");
        using var hub = await ServingHub.StartAsync(folder);

        var here = await hub.GetAsync("/health/ready");
        var outside = await hub.GetAsync("/health/ready", ("X-Forwarded-For", "198.51.100.7"));

        Assert.Equal((503, 503), (here.Status, outside.Status));
        Assert.Contains("are to be left (service.health.leastFreeMegabytes)", here.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("MB", outside.Body, StringComparison.Ordinal);
        Assert.Contains("\"disk\"", outside.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await hub.GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task Without_its_database_a_service_lives_on_is_not_ready_and_is_again_when_it_is_back()
    {
        var server = Path.Combine(Path.GetTempPath(), "hub-health-" + Guid.NewGuid().ToString("N"));
        var connection = await PostgreSqlAsync("start", server);
        Assert.SkipWhen(connection is null, "server: PostgreSQL (none can be started here)");
        try
        {
            using var folder = HubFolder.OfPeople(HubFolder.People(3)).OnPostgreSql(connection);
            using (var hub = await ServingHub.StartAsync(folder))
            {
                await hub.Eventually(async () => (await hub.GetAsync("/health/ready")).Status == 200, "the service to be ready");
                Assert.Contains("its clock agrees with ours", (await hub.GetAsync("/health/ready")).Body, StringComparison.Ordinal);

                await PostgreSqlAsync("crash", server);
                await hub.Eventually(async () => (await hub.GetAsync("/health/ready")).Status == 503, "the service to miss its database");
                Assert.Equal(200, (await hub.GetAsync("/health/live")).Status);
                Assert.Equal(200, (await hub.GetAsync("/metrics")).Status);

                await PostgreSqlAsync("again", server);
                await hub.Eventually(async () => (await hub.GetAsync("/health/ready")).Status == 200, "the service to be ready again");
            }
        }
        finally
        {
            await PostgreSqlAsync("stop", server);
        }
    }

    private static async Task<string?> PostgreSqlAsync(string verb, string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "server: PostgreSQL (its script needs a shell)");
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(HubFolder.Samples, "..", "tests", "postgresql.sh"), verb, folder])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 3 ? null : output.Trim();
    }
}
