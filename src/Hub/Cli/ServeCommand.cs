using System.CommandLine;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub serve</c></summary>
internal sealed class ServeCommand : HubCommand
{
    public ServeCommand()
        : base("serve", "Run as a service: schedules, webhooks and the API, until it is stopped.")
    {
        Remarks = "Ctrl-C or SIGTERM stops it at the next checkpoint, within 30 seconds. Where it listens stands in hub.json (service.listen).";
        Examples = [("hub serve", "the service on this folder")];
    }

    public override bool KeepsLog => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadConfiguration();
        using var only = await MasterStore.EngineOf(configuration.Settings.Store, configuration.Folder).LockServiceAsync(context.Clock, context.CancellationToken);
        await using var service = ServiceHost.Build(configuration, context.Loggers, context.Secrets, context.Clock);
        await service.StartAsync(context.CancellationToken);
        context.Error.WritePlain($"listening on {string.Join(", ", service.Urls)}");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = context.CancellationToken.Register(stopped.SetResult);
        await stopped.Task;
        await service.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }
}
