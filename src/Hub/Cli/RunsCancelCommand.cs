using System.CommandLine;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Cli;

/// <summary><c>hub runs cancel</c></summary>
internal sealed class RunsCancelCommand : HubCommand
{
    private readonly Argument<long> _id = new("run") { Description = "The run's number." };

    public RunsCancelCommand()
        : base("cancel", "Stop a run that is at work, wherever: at its next checkpoint, within seconds.")
    {
        Add(_id);
        Remarks = "What it has committed stays; the next run goes on from there.";
        Examples = [("hub runs cancel 17", "run 17 stops; `hub runs` shows when it has")];
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var id = arguments.GetValue(_id);
        using var view = context.OpenView();
        if (RunHistory.Find(view.Store, id) is not { } run)
            throw CommandException.Usage(FormattableString.Invariant($"there is no run {id}"), "`hub runs` lists the last ones");
        var asked = run.State == "running";
        if (asked)
        {
            using var service = RunLeases.Open(view.Store.Engine, context.Clock);
            asked = new RunLeases(service).Cancel(id, Environment.UserName);
        }

        context.Show(new { run = id, asked, run.State }, console => console.WritePlain(asked
            ? FormattableString.Invariant($"Run {id} was asked to stop. `hub runs` shows when it has.")
            : FormattableString.Invariant($"Run {id} is not at work: {run.State}.")));
        return Task.FromResult(asked ? ExitCode.Done : ExitCode.Failed);
    }
}
