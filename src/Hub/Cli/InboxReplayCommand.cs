using System.CommandLine;
using Crm.Integration.Hub.Inbox;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub inbox replay</c></summary>
internal sealed class InboxReplayCommand : HubCommand
{
    private readonly Argument<long[]> _ids = new("webhook") { Arity = ArgumentArity.ZeroOrMore, Description = "Their numbers." };
    private readonly Option<bool> _poison = new("--poison") { Description = "All that could not be read." };
    private readonly Option<string?> _connection = new("--connection") { HelpName = "NAME", Description = "With --poison: only those to this connection." };

    public InboxReplayCommand()
        : base("replay", "Take webhooks once more: those that could not be read, or any other.")
    {
        Add(_ids);
        Add(_poison);
        Add(_connection);
        Remarks = "The running service takes them within seconds. What has come of a record since is newer, and is not written over.";
        Examples = [("hub inbox replay 12 13", "these two"), ("hub inbox replay --poison --connection shop", "all of one connection that could not be read")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var ids = arguments.GetValue(_ids)!;
        if (ids.Length == 0 != arguments.GetValue(_poison))
            throw CommandException.Usage(ids.Length == 0 ? "which webhooks?" : "either numbers or --poison", "name them by number, or all that could not be read by --poison; `hub inbox list` lists them");
        using var store = InboxAccess.Open(context);
        foreach (var id in ids)
        {
            if (store is null || InboxQuery.Find(store, id) is null)
                throw CommandException.Usage(FormattableString.Invariant($"the inbox has no webhook {id}"), "`hub inbox list` lists them");
        }

        var replayed = 0;
        if (store is not null)
        {
            using var transaction = store.Begin();
            replayed = InboxQuery.Replay(transaction, ids.Length > 0 ? ids : [.. InboxQuery.Poison(store, arguments.GetValue(_connection))]);
            transaction.Commit();
        }

        context.Show(new { replayed }, console => console.WriteLine(replayed == 0 ? "None of them had been taken." : $"{Words.Count(replayed, "webhook")} will be taken again by the service."));
        return Task.FromResult(ExitCode.Done);
    }
}
