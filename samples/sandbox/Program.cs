using System.Globalization;
using Crm.Integration.Sandbox;

const string usage = "usage: dotnet run --project samples/sandbox -- [--port 7070] [--vendors salesforce,…]   (port 0: any free one)";

var port = 7070;
string[]? vendors = null;
for (var i = 0; i < args.Length; i++)
{
    var value = i + 1 < args.Length ? args[i + 1] : null;
    switch (args[i])
    {
        case "--port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port < 65536:
            i++;
            break;
        case "--vendors" when value is not null:
            vendors = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            i++;
            break;
        default:
            Console.Error.WriteLine($"'{args[i]}' is not understood.\n{usage}");
            return 2;
    }
}

try
{
    await using var host = await SandboxHost.StartAsync(port, vendors, TimeProvider.System, CancellationToken.None);
    Console.WriteLine($"The sandbox plays {string.Join(", ", host.Vendors)} at {host.Address} (open it in a browser). Ctrl-C ends it.");
    await host.WaitForShutdownAsync();
    return 0;
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine($"{problem.Message}\n{usage}");
    return 2;
}
catch (IOException problem)
{
    Console.Error.WriteLine($"Port {port} cannot be listened to: {problem.Message} Name another one with --port, or 0 for any free one.");
    return 1;
}
