using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Nightly;

/// <summary>The sandbox, started as a user would start it, on a free port.</summary>
internal sealed partial class SandboxProcess : IDisposable
{
    private readonly Process _process;

    private SandboxProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<SandboxProcess> StartAsync(CancellationToken cancellationToken)
    {
        // The same configuration as these tests: …/bin/Debug/net10.0.
        var built = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(HubFolder.Samples, "sandbox", "bin", built.Parent!.Name, built.Name, "Crm.Integration.Sandbox" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, "--port 0") { RedirectStandardOutput = true };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? "it ended at once";
        var address = SaidAddress().Match(line);
        Assert.True(address.Success, $"the sandbox did not start: {line}");
        return new SandboxProcess(process, new Uri(address.Value));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [GeneratedRegex("http://[^ ]+/")]
    private static partial Regex SaidAddress();
}
