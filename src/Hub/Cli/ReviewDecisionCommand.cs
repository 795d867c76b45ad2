using System.CommandLine;
using Crm.Integration.Hub.Review;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub review accept</c> and <c>hub review reject</c></summary>
internal sealed class ReviewDecisionCommand : HubCommand
{
    private readonly Argument<long[]> _ids = new("pair") { Arity = ArgumentArity.OneOrMore, Description = "The pairs' numbers, as `hub review list` shows them." };
    private readonly Option<string?> _why = new("--why") { HelpName = "TEXT", Description = "Your reason, kept with the decision." };
    private readonly bool _same;

    private ReviewDecisionCommand(bool same, string name, string description)
        : base(name, description)
    {
        _same = same;
        Add(_ids);
        Add(_why);
        Examples = [($"hub review {name} 3", "pair 3"), ($"hub review {name} 3 4 5 --why \"asked them\"", "several, with the reason")];
    }

    /// <summary>They are one customer.</summary>
    public static ReviewDecisionCommand Accept() => new(same: true, "accept", "They are one: merge them, now and for ever.");

    /// <summary>They are two customers.</summary>
    public static ReviewDecisionCommand Reject() => new(same: false, "reject", "They are two: never ask again.");

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var done = await new IdentityDecisions(context.Steward()).DecideAsync(
            arguments.GetValue(_ids)!, _same, arguments.GetValue(_why), id => context.Error.MarkupLine($"[grey]pair {id} no longer waits[/]"), context.CancellationToken);
        context.Show(
            done,
            console => console.MarkupLine(done.Decided == 0 ? "Nothing was decided." : _same
                ? $"{Words.Count(done.Decided, "pair")} accepted: {Words.Count(done.Merged, "master")} merged. [grey]`hub run` sends it out.[/]"
                : $"{Words.Count(done.Decided, "pair")} rejected: they stay two, and nobody is asked again."));
        return ExitCode.Done;
    }
}
