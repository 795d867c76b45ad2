using System.CommandLine;
using Crm.Integration.Hub.Inbox;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub inbox show</c></summary>
internal sealed class InboxShowCommand : HubCommand
{
    private readonly Argument<long> _id = new("webhook") { Description = "Its number, as `hub inbox list` shows it." };

    public InboxShowCommand()
        : base("show", "Show a webhook whole: when it came, what became of it, its headers and its body.")
    {
        Add(_id);
        Remarks = "Secrets are masked. The body holds what the system sent, personal data included.";
        Examples = [("hub inbox show 12", "webhook 12")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var id = arguments.GetValue(_id);
        using var store = InboxAccess.Open(context);
        var message = store is null ? null : InboxQuery.Find(store, id);
        if (message is null)
            throw CommandException.Usage(FormattableString.Invariant($"the inbox has no webhook {id}"), "`hub inbox list` lists them");

        // What the connections hold secret is to be known, so that it is masked.
        context.ReadConfiguration();
        var headers = MessageText.Members(message.Headers, context.Secrets);
        var query = MessageText.Members(message.Query, context.Secrets);
        var body = MessageText.Of(message.Body, context.Secrets);
        context.Show(
            new { message = MessageDocument.Of(message), headers, query, body },
            console => Write(console, context, message, headers, query, body));
        return Task.FromResult(ExitCode.Done);
    }

    private static void Write(IAnsiConsole console, CommandContext context, InboxEntry message, IReadOnlyDictionary<string, string> headers, IReadOnlyDictionary<string, string> query, string body)
    {
        console.MarkupLine($"[bold]Webhook {message.Id}[/] {(message.State == MessageState.Poison ? "[red]poison[/]" : InboxListCommand.Word(message.State))} [grey](came {Words.Time(message.ReceivedAt, context.Clock)})[/]");
        console.WriteLine();
        console.Write(Tables.Facts(
        [
            ("stream", $"{message.Connection}/{message.Stream}"),
            ("delivery", message.DeliveryId),
            ("attempts", message.Attempts == 0 ? null : FormattableString.Invariant($"{message.Attempts}")),
            ("done", message.DoneAt is { } at ? Words.Time(at, context.Clock) : null),
            ("run", message.RunId is { } run ? FormattableString.Invariant($"{run}") : null),
            ("why", message.Problem),
            .. headers.Select(header => (header.Key, (string?)header.Value)),
            .. query.Select(member => ($"?{member.Key}", (string?)member.Value)),
        ]));
        console.WriteLine();
        foreach (var line in body.Split('\n'))
            console.WritePlain(Tables.Visible(line));
    }
}
