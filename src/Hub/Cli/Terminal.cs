using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>The two streams that a program writes to, and what they can show.</summary>
internal sealed class Terminal
{
    private readonly Lazy<IAnsiConsole> _out;
    private readonly Lazy<IAnsiConsole> _error;

    /// <summary>A terminal over two writers; tests give their own.</summary>
    public Terminal(TextWriter output, TextWriter error, bool colors, int? width, bool interactive)
    {
        RawOut = output;
        RawError = error;
        Interactive = interactive;
        _out = new(() => Console(output, colors, width, interactive));
        _error = new(() => Console(error, colors, width, interactive));
    }

    private Terminal(bool noColor)
    {
        RawOut = System.Console.Out;
        RawError = System.Console.Error;
        RawIn = System.Console.In;
        Interactive = !System.Console.IsInputRedirected && !System.Console.IsErrorRedirected;
        _out = new(() => Console(RawOut, !noColor && !System.Console.IsOutputRedirected, WidthOf(System.Console.IsOutputRedirected), !System.Console.IsOutputRedirected));
        _error = new(() => Console(RawError, !noColor && !System.Console.IsErrorRedirected, WidthOf(System.Console.IsErrorRedirected), !System.Console.IsErrorRedirected));
    }

    /// <summary>Results.</summary>
    public IAnsiConsole Out => _out.Value;

    /// <summary>Progress, warnings, failures.</summary>
    public IAnsiConsole Error => _error.Value;

    /// <summary>stdout as it is.</summary>
    public TextWriter RawOut { get; }

    /// <summary>stdin as it is.</summary>
    public TextReader RawIn { get; init; } = TextReader.Null;

    /// <summary>stderr as it is.</summary>
    public TextWriter RawError { get; }

    /// <summary>Whether somebody sits there and can be asked.</summary>
    public bool Interactive { get; }

    /// <summary>The terminal that the program was started from.</summary>
    public static Terminal OfProcess(bool noColor) => new(noColor);

    /// <summary>A console whose text nobody sees.</summary>
    public static IAnsiConsole Nowhere() => Console(TextWriter.Null, colors: false, width: 100, interactive: false);

    private static IAnsiConsole Console(TextWriter writer, bool colors, int? width, bool interactive)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colors ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (width is { } columns)
            console.Profile.Width = columns;
        return console;
    }

    // A pipe has no width; a table squeezed into 80 columns there would only lose text.
    private static int? WidthOf(bool redirected) =>
        !redirected ? null : int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns >= 40 ? columns : 100;
}
