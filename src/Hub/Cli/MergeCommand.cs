using System.CommandLine;
using Crm.Integration.Hub.Review;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub merge</c></summary>
internal sealed class MergeCommand : HubCommand
{
    private readonly Argument<string> _a = new("id") { Description = "A master id, such as C1042." };
    private readonly Argument<string> _b = new("other") { HelpName = "OTHER-ID", Description = "Another one: the same customer." };
    private readonly Option<string?> _why = new("--why") { HelpName = "TEXT", Description = "Your reason, kept with the decision." };

    public MergeCommand()
        : base("merge", "Say that two masters are one customer, now and for ever.")
    {
        Add(_a);
        Add(_b);
        Add(_why);
        Remarks = "The id that ends stays an alias of the one that lives on. `hub split` takes it back.";
        Examples = [("hub merge C1042 C77 --why \"asked her\"", "make them one")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (a, b) = (arguments.GetValue(_a)!, arguments.GetValue(_b)!);
        var done = await new IdentityDecisions(context.Steward()).MergeAsync(a, b, arguments.GetValue(_why), context.SayMerged, context.CancellationToken);
        context.Show(done, console => console.MarkupLineInterpolated($"{done.Id} and {done.Alias} are one now: [bold]{done.Id}[/]. [grey]{done.Alias} answers as its alias; `hub run` sends it out.[/]"));
        return ExitCode.Done;
    }
}
