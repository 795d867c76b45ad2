using System.CommandLine;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Mapping.Maps;

namespace Crm.Integration.Hub.Cli;

/// <summary>The pipeline that a command line means.</summary>
internal static class StateChoice
{
    public static Argument<string> Argument() => new("pipeline") { Description = "The pipeline's name." };

    /// <summary>The state of a pipeline.</summary>
    /// <exception cref="CommandException">It has none.</exception>
    public static PipelineStateRow Of(Store.StoreTransaction transaction, string pipeline)
    {
        var rows = PipelineState.List(transaction);
        return rows.FirstOrDefault(row => row.Pipeline == pipeline)
            ?? throw CommandException.Usage(
                $"no pipeline '{pipeline}' has run yet",
                Spelling.Nearest(pipeline, rows.Select(row => row.Pipeline)) is { } nearest ? $"did you mean '{nearest}'?" : "`hub state list` lists those that have");
    }

    /// <summary>Changes a pipeline's state while no other hub writes.</summary>
    public static async Task<ExitCode> ChangeAsync(CommandContext context, string pipeline, string verb, Func<Store.StoreTransaction, PipelineStateRow, string> change)
    {
        using var view = context.OpenView();
        using var held = await view.LockAsync("state " + verb, context);
        string done;
        PipelineStateRow now;
        using (var transaction = view.Store.Begin())
        {
            done = change(transaction, Of(transaction, pipeline));
            now = Of(transaction, pipeline);
            transaction.Commit();
        }

        context.Show(now, console => console.WritePlain(done));
        return ExitCode.Done;
    }
}
