using System.ComponentModel;
using System.Diagnostics;

namespace Crm.Integration.Hub.Service.Installation;

/// <summary>Calls the programs of the system that see to services.</summary>
internal static class ServiceTool
{
    /// <summary>Calls a program to its end.</summary>
    /// <returns>Null when all went well; else what it said.</returns>
    public static async Task<string?> CallAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            var said = $"{await output}{await errors}".Trim();
            return process.ExitCode == 0 ? null : said.Length > 0 ? said : $"it ended with code {process.ExitCode}";
        }
        catch (Win32Exception exception)
        {
            return exception.Message;
        }
    }
}
