using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Service;

public sealed class LifeTests
{
    [Fact]
    public async Task A_service_that_is_stopped_in_a_long_run_ends_at_a_checkpoint_and_goes_on_when_it_is_started_again()
    {
        const int people = 60_000;
        using var folder = HubFolder.OfPeople(HubFolder.People(people));
        folder.Edit("pipelines/shop.json", "\"entity\"", """ "trigger": { "every": "1s" }, "entity" """);
        using (var hub = await ServingHub.StartAsync(folder))
        {
            await hub.HearsAsync("begins: shop");
            var (code, took) = await hub.StopAsync();

            Assert.Equal(0, code);
            Assert.InRange(took.TotalSeconds, 0, 30);
            Assert.Contains("is given back: the service stops", hub.Said, StringComparison.Ordinal);
        }

        using (var hub = await ServingHub.StartAsync(folder))
        {
            await hub.HearsAsync("is done: run");
            await hub.StopAsync();
        }

        (await folder.HubAsync("export", "customer", "--out", folder.In("customers.csv"))).With(0);
        Assert.Equal(people + 1, File.ReadLines(folder.In("customers.csv")).Count());
    }

    [Fact]
    public async Task Systemd_is_told_when_the_service_is_ready_and_when_it_stops()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no systemd");
        using var folder = HubFolder.OfPeople(HubFolder.People(3));
        var path = Path.Combine(Path.GetTempPath(), $"hub-notify-{Guid.NewGuid():N}");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        systemd.ReceiveTimeout = 30_000;
        try
        {
            using var hub = await ServingHub.StartAsync(folder, environment: new() { ["NOTIFY_SOCKET"] = path });
            Assert.Equal("READY=1", Told());
            Assert.Equal(200, (await hub.GetAsync("/health/live")).Status);
            await hub.StopAsync();
            Assert.Equal("STOPPING=1", Told());
        }
        finally
        {
            File.Delete(path);
        }

        string Told()
        {
            var buffer = new byte[1024];
            return Encoding.UTF8.GetString(buffer, 0, systemd.Receive(buffer)).Trim();
        }
    }

    [Fact]
    public async Task Systemd_accepts_the_unit_that_would_be_installed()
    {
        const string analyze = "/usr/bin/systemd-analyze";
        Assert.SkipUnless(File.Exists(analyze), "server: systemd (systemd-analyze is not here)");
        using var folder = HubFolder.OfPeople(HubFolder.People(3));
        var shown = (await folder.HubAsync("service", "install", "--print", "--name", "hub-e2e", "--user", Environment.UserName)).With(0).Output;
        folder.Write("hub-e2e.service", shown);
        var start = new ProcessStartInfo(analyze) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("verify");
        start.ArgumentList.Add(folder.In("hub-e2e.service"));
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // It also tells of other units of the machine.
        Assert.DoesNotContain("hub-e2e", said, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task An_idle_service_needs_little_memory_and_starts_quickly()
    {
        using var folder = HubFolder.OfPeople(HubFolder.People(200));
        folder.Edit("pipelines/shop.json", "\"entity\"", """ "trigger": { "every": "12s" }, "entity" """);
        using var hub = await ServingHub.StartAsync(folder);
        await hub.HearsAsync("is done: run");

        // The figures of the design are measured by a benchmark, on a machine with nothing beside it; here they have some air.
        Assert.InRange(hub.Started.TotalSeconds, 0, 10);
        await hub.Eventually(() => Task.FromResult(hub.Memory() < 150_000_000), "the memory of the run to be given back");
    }
}
