using System.CommandLine;
using Crm.Integration.Hub.Review;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub set</c></summary>
internal sealed class SetCommand : HubCommand
{
    private readonly Argument<string> _id = new("id") { Description = "A master id, such as C1042." };
    private readonly Argument<string[]> _values = new("field=value") { Arity = ArgumentArity.OneOrMore, Description = "Fields with their right values; elements of a list are divided by semicolons. With --verified fields or groups alone: email, address." };
    private readonly Option<bool> _verified = new("--verified") { Description = "Say that the present values are right, in place of giving others." };
    private readonly Option<string?> _until = new("--until") { HelpName = "DATE", Description = "The last day on which it counts." };
    private readonly Option<string?> _why = new("--reason", "--why") { HelpName = "TEXT", Description = "Your reason, kept with it." };

    public SetCommand()
        : base("set", "Correct values of a golden record by hand, or verify them.")
    {
        Add(_id);
        Add(_values);
        Add(_verified);
        Add(_until);
        Add(_why);
        Remarks = "A correction is a record of the connection `steward`, which wins over all sources and outlives their imports. It ends by `hub unset`, on its last day, or, told in the report of the run, when the source that it corrected says something else. An address is corrected as a whole: parts not given stay as they are now.";
        Examples =
        [
            ("hub set C1042 name.family=Smith --reason \"letter of 3 May\"", "correct one value"),
            ("hub set C1042 \"address.line=Rue Neuve 2\" --until 2026-12-31", "for some time"),
            ("hub set C1042 email --verified", "the present one is right, whatever is newer"),
        ];
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (id, given, why) = (arguments.GetValue(_id)!, arguments.GetValue(_values)!, arguments.GetValue(_why));
        var until = arguments.GetValue(_until) is { } day ? Days.End(day, context.Clock) : (DateTimeOffset?)null;
        var decisions = new ValueDecisions(context.Steward());
        var done = arguments.GetValue(_verified)
            ? await decisions.VerifyAsync(id, Names(given), until, why, context.SayMerged, context.CancellationToken)
            : await decisions.SetAsync(id, [.. given.Select(Pair)], until, why, context.SayMerged, context.CancellationToken);
        context.Show(
            done,
            console => console.MarkupLine(
                $"{Markup.Escape(string.Join(", ", done.Fields))} of [bold]{done.Id}[/] {(done.Fields.Count == 1 ? "is" : "are")} {(done.Verified ? "verified" : "corrected")}{(done.Until is { } last ? $" until {Words.Time(last, context.Clock)}" : "")}. "
                + $"[grey]{(done.Changed ? "`hub run` sends it out." : "The golden record stays as it was.")}[/]"));
        return ExitCode.Done;
    }

    private static KeyValuePair<string, string> Pair(string given)
    {
        var at = given.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? new(given[..at].Trim(), given[(at + 1)..])
            : throw CommandException.Usage($"'{given}' is not a field with a value", "write field=value, or add --verified to say that the present value is right");
    }

    private static string[] Names(string[] given) => !given.Any(name => name.Contains('=', StringComparison.Ordinal))
        ? given
        : throw CommandException.Usage("--verified says that the present value is right, so it takes a field alone", "leave --verified out to give another value");
}
