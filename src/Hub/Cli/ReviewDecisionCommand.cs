using System.CommandLine;
using Crm.Integration.Hub.Runs;
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
        var why = arguments.GetValue(_why);
        var total = default(MatchCounts);
        var decided = 0;
        using (var view = context.OpenView())
        {
            foreach (var id in arguments.GetValue(_ids)!)
                ReviewChoice.Of(view, id);
        }

        foreach (var id in arguments.GetValue(_ids)!)
        {
            context.CancellationToken.ThrowIfCancellationRequested();

            // Each anew: one decision can settle the next.
            using var view = context.OpenView();
            if (Hub.Review.ReviewQuery.Find(view.Store, id) is not { State: "open", MasterA: { } a, MasterB: { } b } pair || a == b)
            {
                context.Error.MarkupLine($"[grey]pair {id} no longer waits[/]");
                continue;
            }

            total += await StewardRun.DoAsync(context, pair.Entity, why, steward => _same ? steward.Merge(a, b) : steward.Separate(a, b));
            decided++;
        }

        context.Show(
            new { decided, merged = total.Merged, reviews = total.Reviews },
            console => console.MarkupLine(decided == 0 ? "Nothing was decided." : _same
                ? $"{Words.Count(decided, "pair")} accepted: {Words.Count(total.Merged, "master")} merged. [grey]`hub run` sends it out.[/]"
                : $"{Words.Count(decided, "pair")} rejected: they stay two, and nobody is asked again."));
        return ExitCode.Done;
    }
}
