using System.CommandLine;
using Crm.Integration.Hub.Inbox;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub inbox list</c></summary>
internal sealed class InboxListCommand : HubCommand
{
    private readonly Option<MessageState?> _state = new("--state") { HelpName = "waiting|done|poison", Description = "Only those in this state." };
    private readonly Option<string?> _connection = new("--connection") { HelpName = "NAME", Description = "Only those to this connection." };
    private readonly Option<int> _limit = new("--limit") { HelpName = "N", DefaultValueFactory = _ => 20, Description = "How many at most (20)." };

    public InboxListCommand()
        : base("list", "List webhooks: what waits and for what, what cannot be read, and the last ones that came.")
    {
        Add(_state);
        Add(_connection);
        Add(_limit);
        Examples = [("hub inbox list", "what is open, and the last ones"), ("hub inbox list --state poison", "those that could not be read")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var connection = arguments.GetValue(_connection);
        var limit = arguments.GetValue(_limit);
        using var store = InboxAccess.Open(context);
        var open = store is null ? [] : InboxQuery.Open(store, connection);
        var messages = store is null ? [] : InboxQuery.List(store, new InboxFilter(arguments.GetValue(_state), connection), limit);
        context.Show(
            new { open, messages = messages.Select(MessageDocument.Of) },
            console => Write(console, context, open, messages, limit));
        return Task.FromResult(ExitCode.Done);
    }

    private static void Write(IAnsiConsole console, CommandContext context, IReadOnlyList<InboxGroup> open, IReadOnlyList<InboxEntry> messages, int limit)
    {
        if (open.Count > 0)
        {
            var table = Tables.New("#webhooks", "stream", "state", "oldest", "why");
            foreach (var group in open)
                table.AddRow(Tables.Number(group.Count, group.State == MessageState.Poison ? "red" : "yellow"), Tables.Plain($"{group.Connection}/{group.Stream}"), Tables.Plain(Word(group.State)), Tables.Plain(Words.Ago(group.Since, context.Clock)), Tables.Plain(group.Problem));
            console.Write(table);
            console.WriteLine();
        }

        if (messages.Count == 0)
        {
            console.WriteLine(open.Count == 0 ? "The inbox is empty." : "None is in that state.");
            return;
        }

        var list = Tables.New("#id", "came", "stream", "state", "run", "why");
        foreach (var message in messages)
        {
            list.AddRow(
                Tables.Plain(FormattableString.Invariant($"{message.Id}")), Tables.Plain(Words.Ago(message.ReceivedAt, context.Clock)), Tables.Plain($"{message.Connection}/{message.Stream}"),
                Tables.Plain(Word(message.State)), Tables.Plain(message.RunId is { } run ? FormattableString.Invariant($"{run}") : null), Tables.Plain(message.Problem));
        }

        console.Write(list);
        if (messages.Count == limit)
            console.MarkupLine($"[grey]the last {limit}; --limit N shows more[/]");
        if (open.Any(group => group.State == MessageState.Poison))
            console.MarkupLine("[grey]`hub inbox show ID` shows one; `hub inbox replay --poison` once the cause is put right.[/]");
    }

    /// <summary>A state for people.</summary>
    public static string Word(MessageState state) => state switch
    {
        MessageState.Waiting => "waiting",
        MessageState.Done => "done",
        _ => "poison",
    };
}
