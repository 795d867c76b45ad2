using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>What <c>hub</c> alone says: where you are, and what to do next.</summary>
internal static class Orientation
{
    public static void Write(CommandContext context)
    {
        var isHub = File.Exists(Path.Combine(context.HubFolder, "hub.json"));
        (string Line, string Purpose)[] next = isHub
            ?
            [
                ("hub validate", "is the configuration right?"),
                ("hub plan", "what would a run do?"),
                ("hub run", "do it"),
                ("hub search anna", "look somebody up"),
                ("hub --help", "everything else"),
            ]
            :
            [
                ("hub init --connector csv --from customers.csv", "make a hub here from a file you have"),
                ("hub init", "make an empty hub here"),
                ("hub --hub DIR", "work with a hub elsewhere"),
                ("hub --help", "everything else"),
            ];
        context.Show(
            new { version = HubProgram.Version, hubFolder = context.HubFolder, isHub, next = next.Select(each => each.Line) },
            console =>
            {
                console.MarkupLineInterpolated($"[bold]hub {HubProgram.Version}[/] keeps a company's customer data the same everywhere.");
                console.WriteLine();
                console.WritePlain(isHub ? $"This folder is a hub: {context.HubFolder}" : $"There is no hub in {context.HubFolder} yet.");
                console.WriteLine();
                var width = next.Max(each => each.Line.Length);
                foreach (var (line, purpose) in next)
                    console.MarkupLine($"  {Markup.Escape(line.PadRight(width))}  [grey]{Markup.Escape(purpose)}[/]");
            });
    }
}
