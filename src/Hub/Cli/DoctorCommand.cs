using System.CommandLine;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub doctor</c></summary>
internal sealed class DoctorCommand : HubCommand
{
    public DoctorCommand()
        : base("doctor", "Check the folder, the configuration, the store and the machine, and say what to do.")
    {
        Remarks = "Changes nothing. Ends with exit code 1 when something fails; warnings are for you to judge.";
        Examples = [("hub doctor", "look at everything"), ("hub doctor --json", "for a monitoring system")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var lines = new Examination(context.HubFolder, context.ReadConfiguration, context.Secrets, context.Clock).All();
        var failed = lines.Count(line => line.Verdict == Verdict.Fail);
        var warned = lines.Count(line => line.Verdict == Verdict.Warn);
        context.Show(new { failed, warned, checks = lines }, console =>
        {
            var width = lines.Max(line => line.Subject.Length);
            foreach (var line in lines)
            {
                var (word, color) = line.Verdict switch { Verdict.Ok => ("ok  ", "green"), Verdict.Warn => ("warn", "yellow"), _ => ("fail", "red") };
                var first = true;
                foreach (var text in Words.Wrap(Tables.Visible(line.Message), Math.Max(30, console.Profile.Width - width - 10)))
                {
                    console.MarkupLine(first ? $"  [{color}]{word}[/]  {line.Subject.PadRight(width)}  {Markup.Escape(text)}" : $"{new string(' ', width + 10)}{Markup.Escape(text)}");
                    first = false;
                }

                foreach (var text in line.Fix is null ? [] : Words.Wrap("fix: " + line.Fix, Math.Max(30, console.Profile.Width - width - 10)))
                    console.MarkupLine($"{new string(' ', width + 10)}[grey]{Markup.Escape(text)}[/]");
            }

            console.WriteLine();
            console.MarkupLine(failed > 0 ? $"[red]{Words.Count(failed, "check")} failed.[/]" : warned > 0 ? $"Nothing fails; {Words.Count(warned, "warning")}." : "[green]All is well.[/]");
        });
        return Task.FromResult(failed > 0 ? ExitCode.Failed : ExitCode.Done);
    }
}
