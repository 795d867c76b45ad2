using System.Globalization;
using System.Text;
using Crm.Integration.Hub.Cli;

// Numbers and messages look the same on every machine: they are copied into tickets and read by scripts.
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

var noColor = args.Contains("--no-color") || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
using var stop = new StopSignal(Console.Error);
return (int)await new HubProgram(Terminal.OfProcess(noColor), TimeProvider.System).RunAsync(args, stop.Token);
