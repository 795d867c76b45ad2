using Crm.Integration.Hub.Cli;

namespace Crm.Integration.Hub.Tests.Cli;

/// <summary>A terminal of a given width whose text can be read.</summary>
internal sealed class Screen
{
    public Screen(int width = 100) => Terminal = new Terminal(Out, Error, colors: false, width, interactive: false);

    public StringWriter Out { get; } = new();

    public StringWriter Error { get; } = new();

    public Terminal Terminal { get; }

    public string Text => Trimmed(Out);

    public string ErrorText => Trimmed(Error);

    // Tables fill their lines with blanks, which editors strip from the expected text.
    private static string Trimmed(StringWriter writer) =>
        string.Join('\n', writer.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n');
}
