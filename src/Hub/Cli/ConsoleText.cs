using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>Text as it is, without markup and without breaking lines: paths and messages must stay whole to be copied.</summary>
internal static class ConsoleText
{
    /// <summary>Writes a line that is never wrapped.</summary>
    public static void WritePlain(this IAnsiConsole console, string text) =>
        console.Write(new UnbrokenText(text + "\n"));

    private sealed class UnbrokenText(string text) : Spectre.Console.Rendering.IRenderable
    {
        public Spectre.Console.Rendering.Measurement Measure(Spectre.Console.Rendering.RenderOptions options, int maxWidth) => new(0, maxWidth);

        public IEnumerable<Spectre.Console.Rendering.Segment> Render(Spectre.Console.Rendering.RenderOptions options, int maxWidth)
        {
            yield return new Spectre.Console.Rendering.Segment(text);
        }
    }
}
