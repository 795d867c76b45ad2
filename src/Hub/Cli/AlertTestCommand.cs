using System.CommandLine;
using Crm.Integration.Hub.Alerts;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub alerts test</c></summary>
internal sealed class AlertTestCommand : HubCommand
{
    private readonly Argument<string> _channel = new("channel") { Description = "The channel: a name in service.alerts.channels of hub.json." };

    public AlertTestCommand()
        : base("test", "Send a message to a channel, to see that it arrives.")
    {
        Add(_channel);
        Examples = [("hub alerts test it-mail", "before the night in which it is needed")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var configuration = context.LoadConfiguration();
        var channels = configuration.Settings.Service.Alerts.Channels;
        var name = arguments.GetValue(_channel)!;
        if (!channels.TryGetValue(name, out var channel))
            throw CommandException.Usage($"there is no channel '{name}' in service.alerts.channels of hub.json", Suggestion.Of(name, [.. channels.Keys]));
        using var sender = new AlertChannel(context.Clock);
        try
        {
            await sender.SendAsync(channel, new AlertMessage { Event = AlertEvent.Test, Title = "a test", Text = "This is a test of the channel. Nothing is wrong.", Hub = AlertLedger.HubName(configuration) }, context.CancellationToken);
        }
        catch (AlertException exception)
        {
            throw new CommandException(ExitCode.Failed, $"the message to {name} did not arrive: {exception.Message}", "check the channel's settings in hub.json, and whether this machine may reach it", exception);
        }

        context.Show(new { channel = name, sent = true }, console => console.WritePlain($"Sent to {name}: look whether it is there."));
        return ExitCode.Done;
    }
}
