using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Hub.Tests.Cli;

/// <summary>Runs command lines as the program does, in this process.</summary>
internal static class CommandLine
{
    public static async Task<(ExitCode Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        var screen = new Screen();
        var code = await new HubProgram(screen.Terminal, TimeProvider.System).RunAsync(arguments, TestContext.Current.CancellationToken);
        return (code, screen.Text, screen.ErrorText);
    }
}
