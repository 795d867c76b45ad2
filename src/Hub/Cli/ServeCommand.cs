using System.CommandLine;
using Crm.Integration.Hub.Service;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Triggers;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub serve</c></summary>
internal sealed class ServeCommand : HubCommand
{
    private readonly Option<string?> _listen = new("--listen") { HelpName = "URL", Description = "Where to listen, in place of service.listen in hub.json; port 0 for any that is free." };

    public ServeCommand()
        : base("serve", "Run as a service: schedules, webhooks and the API, until it is stopped.")
    {
        Add(_listen);
        Remarks = "Ctrl-C or SIGTERM stops it at the next checkpoint, within 30 seconds. Where it listens stands in hub.json (service.listen).";
        Examples = [("hub serve", "the service on this folder"), ("hub serve --listen http://127.0.0.1:9000", "on another port")];
    }

    public override bool KeepsLog => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadConfiguration();
        using var only = await MasterStore.EngineOf(configuration.Settings.Store, configuration.Folder).LockServiceAsync(context.Clock, context.CancellationToken);
        var node = Node.OfProcess(context.Clock);
        context.StartServiceLog(configuration.Settings.Log, node.Name);
        await using var service = ServiceHost.Build(configuration, node, context.Loggers, context.Secrets, context.Clock, arguments.GetValue(_listen));
        await service.StartAsync(context.CancellationToken);
        if (ScheduleView.Next(configuration, [], context.Clock.GetUtcNow(), 1) is { Count: > 0 } planned)
            ScheduleView.Write(context.Error, planned);
        context.Error.WritePlain($"listening on {string.Join(", ", service.Urls)}");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = context.CancellationToken.Register(() => stopped.TrySetResult());

        // Windows stops a service by way of its own.
        await using var ended = service.Lifetime.ApplicationStopping.Register(() => stopped.TrySetResult());
        await stopped.Task;
        await service.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }
}
