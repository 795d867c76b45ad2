using System.CommandLine;
using Crm.Integration.Hub.Quarantine;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub quarantine discard</c></summary>
internal sealed class QuarantineDiscardCommand : HubCommand
{
    private readonly Argument<long[]> _ids = new("entry") { Arity = ArgumentArity.ZeroOrMore, Description = "The entries' numbers." };
    private readonly Option<string?> _pipeline = new("--pipeline") { HelpName = "NAME", Description = "All of this pipeline." };
    private readonly Option<string?> _rule = new("--rule") { HelpName = "RULE", Description = "All that this rule rejected." };

    public QuarantineDiscardCommand()
        : base("discard", "Put rejected rows away: they are not asked about again unless they change.")
    {
        Add(_ids);
        Add(_pipeline);
        Add(_rule);
        Examples = [("hub quarantine discard 12 13", "these two"), ("hub quarantine discard --pipeline shop --rule ragged-row", "all with one cause")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var view = context.OpenView();
        var ids = QuarantineChoice.Of(view, arguments.GetValue(_ids)!, arguments.GetValue(_pipeline), arguments.GetValue(_rule), limit: int.MaxValue);
        using var held = await view.LockAsync("quarantine discard", context.SayWaiting, context.CancellationToken);
        using var transaction = view.Store.Begin();
        var discarded = QuarantineQuery.Discard(transaction, ids, Environment.UserName);
        transaction.Commit();
        context.Show(new { discarded }, console => console.WriteLine(discarded == 0 ? "None of them was waiting." : $"{Words.Count(discarded, "row")} put away."));
        return ExitCode.Done;
    }
}
