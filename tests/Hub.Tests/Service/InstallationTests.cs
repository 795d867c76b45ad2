using Crm.Integration.Hub.Cli;
using Crm.Integration.Hub.Service.Installation;
using Crm.Integration.Hub.Tests.Cli;

namespace Crm.Integration.Hub.Tests.Service;

public sealed class InstallationTests
{
    private static readonly ServicePlan s_plan = new("hub", "/srv/hub", ["/opt/hub/hub"], "hub", [], LowPort: false);

    [Fact]
    public void The_unit_is_told_when_the_service_is_ready_and_waits_for_its_end()
    {
        var unit = SystemdUnit.Text(s_plan);

        Assert.Contains("\nType=notify\nExecStart=/opt/hub/hub --hub /srv/hub serve\n", unit, StringComparison.Ordinal);
        Assert.Contains("\nTimeoutStopSec=35\n", unit, StringComparison.Ordinal);
        Assert.Contains("\nRestart=on-failure\n", unit, StringComparison.Ordinal);
        Assert.Contains("\nUser=hub\n", unit, StringComparison.Ordinal);
    }

    [Fact]
    public void The_unit_writes_to_its_folder_and_those_of_its_connections_only()
    {
        var unit = SystemdUnit.Text(s_plan with { Writable = ["/mnt/files of the shop"] });

        Assert.Contains("\nNoNewPrivileges=true\nProtectSystem=strict\nReadWritePaths=/srv/hub \"/mnt/files of the shop\"\nProtectHome=true\nPrivateTmp=true\n", unit, StringComparison.Ordinal);
        Assert.Contains("\nCapabilityBoundingSet=\n", unit, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_at_home_stays_in_sight_and_a_low_port_may_be_bound()
    {
        var unit = SystemdUnit.Text(s_plan with { Folder = "/home/anna/100% \"hub\"", LowPort = true });

        Assert.Contains("\nProtectHome=read-only\n", unit, StringComparison.Ordinal);
        Assert.Contains("ExecStart=/opt/hub/hub --hub \"/home/anna/100%% \\\"hub\\\"\" serve", unit, StringComparison.Ordinal);
        Assert.Contains("\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n", unit, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_is_told_in_calls_of_sc()
    {
        var calls = WindowsService.Install(new("hub", @"C:\customer data", [@"C:\Program Files\hub\hub.exe"], @"NT SERVICE\hub", [], LowPort: false));

        Assert.Equal(
            "sc.exe create hub binPath= \"\\\"C:\\Program Files\\hub\\hub.exe\\\" --hub \\\"C:\\customer data\\\" serve\" start= delayed-auto DisplayName= \"hub (hub)\" obj= \"NT SERVICE\\hub\"",
            WindowsService.Typed(calls[0]));
        Assert.Equal(["create", "description", "failure", "start"], calls.Select(call => call[0]));
    }

    [Theory]
    [InlineData("../evil"), InlineData("a b"), InlineData(""), InlineData("-x")]
    public void A_name_that_would_lead_elsewhere_is_refused(string name) => Assert.False(ServicePlan.IsName(name));

    [Fact]
    public async Task Alone_the_verb_only_shows()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no units");
        using var folder = new TemporaryFolder();
        folder.Write("hub.json", "{}");
        folder.Write("connections/files.json", """{ "connector": "csv", "folder": "/srv/files" }""");
        var screen = new Screen();

        var code = await new HubProgram(screen.Terminal, TimeProvider.System).RunAsync(["--hub", folder.Path, "service"], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains($"ReadWritePaths={folder.Path} /srv/files", screen.Text, StringComparison.Ordinal);
    }
}
