using Crm.Integration.Hub.Cli;
using Spectre.Console;

namespace Crm.Integration.Hub.Runs;

/// <summary>What a run would send, write by write and field by field.</summary>
internal static class PlanView
{
    private const int ValueWidth = 40;
    private const int RowsShown = 5;

    /// <summary>Writes what a run would do: who would join whom, what would be rejected, what would be sent.</summary>
    public static void Write(IAnsiConsole console, RunReport report)
    {
        foreach (var pipeline in report.Pipelines.Where(pipeline => pipeline.Moves.Count + pipeline.Rejects.Count > 0))
        {
            console.WriteLine();
            console.MarkupLine($"[bold]{Markup.Escape(pipeline.Name)}[/] [grey]({Markup.Escape(pipeline.Endpoint)})[/] {Inbound(pipeline)}");
            foreach (var move in pipeline.Moves.Take(RowsShown))
                console.MarkupLine($"  [yellow]>[/] {Markup.Escape(Tables.Cut(move.Record, ValueWidth + 20))} {(move.To is null ? $"would leave {move.From}" : $"would move from {move.From} to {move.To}")}");
            foreach (var reject in pipeline.Rejects.Take(RowsShown))
                console.MarkupLine($"  [red]![/] {Markup.Escape(Tables.Cut(reject.Message.StartsWith(reject.Position, StringComparison.Ordinal) ? reject.Message : $"{reject.Position}: {reject.Message}", console.Profile.Width - 6))}");
            if (pipeline.Rejects.Count > RowsShown)
                console.MarkupLine("  [grey]and more[/]");
        }

        foreach (var pipeline in report.Pipelines.Where(pipeline => !pipeline.Inbound))
        {
            console.WriteLine();
            console.MarkupLine($"[bold]{Markup.Escape(pipeline.Name)}[/] [grey]({Markup.Escape(pipeline.Endpoint)})[/] {(pipeline.State == RunState.Stopped ? "is held back by a limit; its writes begin like this:" : Would(pipeline.Counts))}");
            foreach (var write in pipeline.Writes)
                Write(console, write);
            var rest = pipeline.Counts.Created + pipeline.Counts.Changed + pipeline.Counts.Deleted - pipeline.Writes.Count;
            if (pipeline.Writes.Count > 0 && rest > 0)
                console.MarkupLine($"  [grey]and {Words.Count(rest, "more write")}[/]");
        }
    }

    private static string Inbound(PipelineReport pipeline)
    {
        var rejects = pipeline.Counts.Rejected > 0 ? $"reject {Words.Count(pipeline.Counts.Rejected, "row")}{(pipeline.Rejects.Count > 0 ? ", new in the quarantine" : "")}" : null;
        var moves = pipeline.Moves.Count > 0 ? "move records between masters" : null;
        return "would " + string.Join(" and ", new[] { rejects, moves }.Where(part => part is not null));
    }

    /// <summary>"would create 12, change 3, delete 1".</summary>
    public static string Would(Counts counts)
    {
        (long Count, string Word)[] parts = [(counts.Created, "create"), (counts.Changed, "change"), (counts.Deleted, "delete")];
        var text = string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{part.Word} {Words.Number(part.Count)}"));
        return text.Length == 0 ? "would change nothing" : "would " + text;
    }

    private static void Write(IAnsiConsole console, PlannedWrite write)
    {
        var (sign, color) = write.Kind switch
        {
            "create" => ('+', "green"),
            "delete" => ('-', "red"),
            _ => ('~', "yellow"),
        };
        var master = write.MasterId == write.Key ? "" : $" [grey]{Markup.Escape(write.MasterId)}[/]";
        console.MarkupLine($"  [{color}]{sign} {Markup.Escape(Tables.Cut(write.Key, ValueWidth))}[/]{master}");
        var fields = write.Kind == "delete" ? [] : write.Fields.Where(field => field.Before != field.After).ToList();
        if (fields.Count == 0)
            return;
        var width = Math.Min(24, fields.Max(field => field.Field.Length));
        foreach (var field in fields)
        {
            var name = Markup.Escape(Tables.Cut(field.Field, 24).PadRight(width));
            var room = Math.Max(ValueWidth, console.Profile.Width - width - 8);
            if (write.Kind == "create")
            {
                console.MarkupLine($"      {name}  {Value(field.After, room)}");
            }
            else if ((field.Before?.Length ?? 0) + (field.After?.Length ?? 0) + 12 > room)
            {
                // Lists differ at their end: cut to half a line each they would look the same.
                console.MarkupLine($"      {name}  [grey]{Value(field.Before, room)}[/]");
                console.MarkupLine($"      {"→".PadLeft(width)}  {Value(field.After, room)}");
            }
            else
            {
                console.MarkupLine($"      {name}  [grey]{Value(field.Before, room)} →[/] {Value(field.After, room)}");
            }
        }
    }

    private static string Value(string? value, int width) => string.IsNullOrEmpty(value) ? "(empty)" : Markup.Escape(Tables.Cut(value, width));
}
