using System.CommandLine;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub audit list</c></summary>
internal sealed class AuditListCommand : HubCommand
{
    private readonly Option<int> _limit = new("--limit") { HelpName = "N", DefaultValueFactory = _ => 20, Description = "How many at most (20)." };

    public AuditListCommand()
        : base("list", "List who did what through the API, and with its tokens, the newest first.")
    {
        Add(_limit);
        Remarks = "What changes something stands there twice: when it was asked for, and with what came of it.";
        Examples = [("hub audit list", "the last twenty"), ("hub audit list --limit 1000 --json", "for a program")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var access = new AccessStore(context);
        var entries = access.Audit.List(long.MaxValue, arguments.GetValue(_limit));
        context.Show(
            entries.Select(entry => new { entry.Seq, at = Instant.Of(entry.At), entry.Actor, entry.Action, entry.Subject, entry.Outcome, entry.Hash }),
            console =>
            {
                if (entries.Count == 0)
                {
                    console.WriteLine("Nobody has done anything yet.");
                    return;
                }

                var table = Tables.New("#entry", "when", "who", "what", "of", "outcome");
                foreach (var entry in entries)
                    table.AddRow(Tables.Plain(FormattableString.Invariant($"{entry.Seq}")), Tables.Plain(Words.Time(entry.At, context.Clock)), Tables.Plain(entry.Actor), Tables.Plain(entry.Action), Tables.Plain(entry.Subject), Tables.Plain(entry.Outcome));
                console.Write(table);
            });
        return Task.FromResult(ExitCode.Done);
    }
}
