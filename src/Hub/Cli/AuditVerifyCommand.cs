using System.CommandLine;
using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub audit verify</c></summary>
internal sealed class AuditVerifyCommand : HubCommand
{
    private readonly Option<string?> _head = new("--head") { HelpName = "NUMBER:HASH", Description = "The end of the log as it was noted before: what came after it may be added, nothing before it changed." };

    public AuditVerifyCommand()
        : base("verify", "Look whether any entry of the audit log was changed or is missing.")
    {
        Add(_head);
        Remarks = "Each entry's hash covers the one before. Who can write to the database could write the whole log anew: note what this prints in another place, and give it the next time. Ends with exit code 1 when something is wrong.";
        Examples = [("hub audit verify", "look, and print the end of the log"), ("hub audit verify --head 1041:9f2c…", "and compare with what was noted")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        using var access = new AccessStore(context);
        var check = access.Audit.Verify(arguments.GetValue(_head));
        context.Show(check, console =>
        {
            if (check.Problem is { } problem)
                console.MarkupLineInterpolated($"[red]{problem}[/]");
            else
                console.WritePlain($"{Words.Count(check.Entries, "entry")}, each as it was written.");
            if (check.Head is { } head)
                console.WritePlain(head);
        });
        return Task.FromResult(check.Problem is null ? ExitCode.Done : ExitCode.Failed);
    }
}
