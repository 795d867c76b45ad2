using System.CommandLine;
using Crm.Integration.Hub.Review;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub unset</c></summary>
internal sealed class UnsetCommand : HubCommand
{
    private readonly Argument<string> _id = new("id") { Description = "A master id, such as C1042." };
    private readonly Argument<string[]> _fields = new("field") { Arity = ArgumentArity.OneOrMore, Description = "The fields or groups whose correction or verification is taken back." };

    public UnsetCommand()
        : base("unset", "Take corrections by hand back: the sources decide again.")
    {
        Add(_id);
        Add(_fields);
        Examples = [("hub unset C1042 name.family", "one field"), ("hub unset C1042 email address", "several")];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var done = await new ValueDecisions(context.Steward()).UnsetAsync(arguments.GetValue(_id)!, arguments.GetValue(_fields)!, context.SayMerged, context.CancellationToken);
        context.Show(
            done,
            console => console.MarkupLine($"The sources decide again about {Markup.Escape(string.Join(", ", done.Fields.Distinct()))} of [bold]{done.Id}[/]. [grey]{(done.Changed ? "`hub run` sends it out." : "The golden record stays as it was.")}[/]"));
        return ExitCode.Done;
    }
}
