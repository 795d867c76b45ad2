using System.CommandLine;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Service.Installation;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub service install</c>, and <c>hub service show</c>, which only shows what that would do.</summary>
internal sealed class ServiceInstallCommand : HubCommand
{
    private readonly Option<string> _name = ServiceName.Option();
    private readonly Option<string?> _user = new("--user") { HelpName = "NAME", Description = "The account that the service runs under; it must own the hub folder. Without it the account that calls this." };
    private readonly Option<bool>? _print;

    private ServiceInstallCommand(string verb, string description, Option<bool>? print)
        : base(verb, description)
    {
        _print = print;
        Add(_name);
        Add(_user);
        if (print is not null)
            Add(print);
    }

    /// <summary>Installs, unless it is asked to show only.</summary>
    public static ServiceInstallCommand Install() => new(
        "install", "Install `hub serve` on this folder as a service of systemd or Windows, started with the machine.", new("--print") { Description = "Only show what would be installed." })
    {
        Remarks = "Needs the rights of an administrator. The service may write to the hub folder and to the folders of its connections, and to nothing else.",
        Examples = [("sudo hub service install --user hub", "run it under the account hub"), ("hub service install --print", "see the unit first")],
    };

    /// <summary>Shows only.</summary>
    public static ServiceInstallCommand Show() => new("show", "Show what `hub service install` would install.", print: null)
    {
        Examples = [("hub service show --user hub", "the unit, with its account")],
    };

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = ServiceName.Of(arguments.GetValue(_name)!);
        var configuration = context.LoadWithoutSecrets();
        var plan = Plan(configuration, name, arguments.GetValue(_user));
        var print = _print is null || arguments.GetValue(_print);
        if (plan.User == "root")
            context.Error.WritePlain("warning: the service would run as root; name an account of its own with --user, and make the hub folder that account's");
        if (OperatingSystem.IsWindows())
            await OnWindowsAsync(context, plan, print);
        else
            await OnSystemdAsync(context, plan, print);
        return ExitCode.Done;
    }

    private static async Task OnSystemdAsync(CommandContext context, ServicePlan plan, bool print)
    {
        var (path, text) = (SystemdUnit.PathOf(plan.Name), SystemdUnit.Text(plan));
        if (print)
        {
            if (context.Json)
                context.WriteJson(new { path, unit = text });
            else
                context.RawOut.Write(text);
            return;
        }

        if (!Directory.Exists("/run/systemd/system"))
            throw new CommandException(ExitCode.Failed, "this machine is not run by systemd", "`hub service install --print` shows the unit, for another machine; here let the machine's own supervisor start `hub serve`");
        if (await ServiceTool.CallAsync("id", [plan.User!], context.CancellationToken) is not null)
            throw CommandException.Usage($"this machine has no account '{plan.User}'", $"make it: `useradd --system --home-dir {plan.Folder} {plan.User}`, and give it the hub folder: `chown -R {plan.User}: {plan.Folder}`");
        await File.WriteAllTextAsync(path, text, context.CancellationToken);
        await ServiceName.CallAsync("systemctl", ["daemon-reload"], context.CancellationToken);
        await ServiceName.CallAsync("systemctl", ["enable", "--now", plan.Name], context.CancellationToken);
        context.Show(new { installed = path }, console => console.WritePlain($"{path} is installed and started. `systemctl status {plan.Name}` shows it, `journalctl -u {plan.Name}` what it does; variables for ${{env:NAME}} go into {SystemdUnit.EnvironmentOf(plan.Name)}."));
    }

    private static async Task OnWindowsAsync(CommandContext context, ServicePlan plan, bool print)
    {
        var calls = WindowsService.Install(plan);
        if (!print)
        {
            foreach (var call in calls)
                await ServiceName.CallAsync("sc.exe", call, context.CancellationToken);
        }

        context.Show(new { commands = calls.Select(WindowsService.Typed) }, console =>
        {
            if (!print)
                console.WritePlain($"the service {plan.Name} is installed and started.");
            foreach (var call in print ? calls : [])
                console.WritePlain(WindowsService.Typed(call));
        });
    }

    private static ServicePlan Plan(HubConfiguration configuration, string name, string? user)
    {
        // Started by dotnet, the program is a library.
        var program = Environment.ProcessPath ?? "hub";
        var library = Path.Combine(AppContext.BaseDirectory, "hub.dll");
        IReadOnlyList<string> command = Path.GetFileNameWithoutExtension(program) == "dotnet" && File.Exists(library) ? [program, library] : [program];
        if (user is null && !OperatingSystem.IsWindows())
            user = Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } caller ? caller : Environment.UserName;
        return new ServicePlan(name, configuration.Folder, command, user, Outside(configuration), configuration.Settings.Service.Listen.Split(';').Any(IsLow));
    }

    // Whatever the connector: those of files call it so.
    private static IReadOnlyList<string> Outside(HubConfiguration configuration) =>
    [
        .. configuration.Connections.Values
            .Select(connection => connection.Settings.GetType().GetProperty("Folder")?.GetValue(connection.Settings) as string)
            .OfType<string>()
            .Select(folder => Path.GetFullPath(Path.Combine(configuration.Folder, folder)))
            .Where(folder => !folder.StartsWith(configuration.Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && folder != configuration.Folder)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsLow(string address) => Uri.TryCreate(address.Replace("*", "any", StringComparison.Ordinal).Replace("+", "any", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.Port is > 0 and < 1024;
}

/// <summary><c>hub service uninstall</c></summary>
internal sealed class ServiceUninstallCommand : HubCommand
{
    private readonly Option<string> _name = ServiceName.Option();

    public ServiceUninstallCommand()
        : base("uninstall", "Stop the service and take it off the machine. The hub folder stays as it is.")
    {
        Add(_name);
        Examples = [("sudo hub service uninstall", "stop it and take it off")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = ServiceName.Of(arguments.GetValue(_name)!);
        if (OperatingSystem.IsWindows())
        {
            // Stopping one that does not run fails, and does no harm.
            await ServiceTool.CallAsync("sc.exe", WindowsService.Uninstall(name)[0], context.CancellationToken);
            await ServiceName.CallAsync("sc.exe", WindowsService.Uninstall(name)[1], context.CancellationToken);
        }
        else
        {
            var path = SystemdUnit.PathOf(name);
            if (!File.Exists(path))
                throw CommandException.Usage($"there is no service '{name}' on this machine ({path} is missing)", "name it with --name, as when it was installed");
            await ServiceName.CallAsync("systemctl", ["disable", "--now", name], context.CancellationToken);
            File.Delete(path);
            await ServiceName.CallAsync("systemctl", ["daemon-reload"], context.CancellationToken);
        }

        context.Show(new { uninstalled = name }, console => console.WritePlain($"the service {name} is off this machine; the hub folder stays as it is."));
        return ExitCode.Done;
    }
}

/// <summary>What the verbs of services share.</summary>
internal static class ServiceName
{
    public static Option<string> Option() => new("--name") { HelpName = "NAME", DefaultValueFactory = _ => "hub", Description = "The service's name (hub), where a machine has several hub folders." };

    public static string Of(string name) => ServicePlan.IsName(name)
        ? name
        : throw CommandException.Usage($"'{name}' cannot be the name of a service", "letters, digits, '-', '_' and '.', beginning with a letter or digit");

    public static async Task CallAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (await ServiceTool.CallAsync(program, arguments, cancellationToken) is { } problem)
            throw new CommandException(ExitCode.Failed, $"`{program} {string.Join(' ', arguments)}` failed: {problem}", "call it with the rights of an administrator; `--print` shows what is installed");
    }
}
