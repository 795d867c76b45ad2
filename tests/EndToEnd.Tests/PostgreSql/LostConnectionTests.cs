using System.Diagnostics;
using Crm.Integration.EndToEnd.Tests.Crashes;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.PostgreSql;

/// <summary>The server goes away in the middle of a run.</summary>
public sealed class LostConnectionTests(QuickstartOnPostgreSql quickstart) : IClassFixture<QuickstartOnPostgreSql>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_run_whose_sessions_are_ended_goes_on_and_says_so(int seed)
    {
        TestSchema.SkipWithoutServer();
        using var folder = HubFolder.Sample("quickstart").OnPostgreSql();
        var random = new Random(seed);
        using var hub = folder.Start("--json", "run");
        var ended = 0;
        var moments = new List<string>();
        while (!hub.HasEnded && ended < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300) + (quickstart.Took * random.NextDouble() * 0.5), TestContext.Current.CancellationToken);
            var records = folder.Schema!.Exists ? StoreDump.Count(folder, "source_record") : 0;
            ended += folder.Schema.EndSessions();
            moments.Add($"{records} records");
        }

        var outcome = (await hub.EndAsync()).With(0);

        outcome.Json.AssertAddsUp();
        if (ended > 0 && moments[0] != "0 records")
            Assert.Contains("taken up again", outcome.Output, StringComparison.Ordinal);
        await Blows.AssertHealedAsync(folder, quickstart.Finished, $"sessions ended at {string.Join(", ", moments)}");
    }

    [Fact]
    public async Task A_run_outlives_a_restart_of_the_server_and_one_that_does_not_come_back_fails_in_words()
    {
        TestSchema.SkipWithoutServer();
        var place = Directory.CreateTempSubdirectory("hub-server-").FullName;
        var server = Script("start", place).Trim();
        try
        {
            using (var folder = HubFolder.Sample("quickstart").OnPostgreSql(server))
            {
                using (var hub = folder.Start("--json", "run"))
                {
                    await UntilRecordsAsync(folder, hub);
                    Script("crash", place);
                    await Task.Delay(700, TestContext.Current.CancellationToken);
                    Script("again", place);
                    var outcome = (await hub.EndAsync()).With(0);
                    outcome.Json.AssertAddsUp();
                    Assert.Contains("taken up again", outcome.Output, StringComparison.Ordinal);
                }

                await Blows.AssertHealedAsync(folder, quickstart.Finished, "server stopped as by a power cut");
            }

            using var second = HubFolder.Sample("quickstart").OnPostgreSql(server);
            using (var hub = second.Start("run"))
            {
                await UntilRecordsAsync(second, hub);
                Script("crash", place);
                var outcome = await hub.EndAsync();
                Script("again", place);
                outcome.With(1);
                Assert.Contains("nothing listens at", outcome.Output + outcome.Errors, StringComparison.Ordinal);
            }

            await Blows.AssertHealedAsync(second, quickstart.Finished, "server stopped for good");
        }
        finally
        {
            Script("stop", place);
        }
    }

    private static async Task UntilRecordsAsync(HubFolder folder, HubProcess hub)
    {
        while (!hub.HasEnded && !(folder.Schema!.Exists && StoreDump.Count(folder, "source_record") > 0))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(hub.HasEnded, "the run was over before the server could be stopped");
    }

    private static string Script(string verb, string place)
    {
        var script = Path.Combine(HubFolder.Samples, "..", "tests", "postgresql.sh");
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[script, verb, place])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.SkipWhen(process.ExitCode == 3, "server: PostgreSQL (its programs are not here)");
        Assert.True(process.ExitCode == 0 || verb == "stop", $"postgresql.sh {verb} ended with {process.ExitCode}");

        // The server itself holds on to the output of who started it: what was said stands in the first line.
        return verb == "start" ? process.StandardOutput.ReadLine() ?? "" : "";
    }
}
