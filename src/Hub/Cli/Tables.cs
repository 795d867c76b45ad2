using Spectre.Console;

namespace Crm.Integration.Hub.Cli;

/// <summary>Tables without lines: columns of text under grey headings, calm at any width.</summary>
internal static class Tables
{
    /// <summary>A table. A heading that begins with "#" is of numbers, aligned to the right and never broken.</summary>
    public static Table New(params ReadOnlySpan<string> headings)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        for (var i = 0; i < headings.Length; i++)
        {
            var numeric = headings[i].StartsWith('#');
            var column = new TableColumn(new Markup($"[grey]{Markup.Escape(headings[i].TrimStart('#'))}[/]"))
            {
                Padding = new Padding(i == 0 ? 2 : 0, 0, i == headings.Length - 1 ? 0 : 2, 0),
                Alignment = numeric ? Justify.Right : Justify.Left,
                NoWrap = numeric,
            };
            table.AddColumn(column);
        }

        return table;
    }

    /// <summary>Names and values below each other, without headings; what has no value is left out.</summary>
    public static Table Facts(IEnumerable<(string Name, string? Value)> facts)
    {
        var table = New("", "");
        table.ShowHeaders = false;
        foreach (var (name, value) in facts.Where(fact => !string.IsNullOrEmpty(fact.Value)))
            table.AddRow(new Markup($"[grey]{Markup.Escape(name)}[/]"), Plain(value));
        return table;
    }

    /// <summary>A number; none is a quiet dot, so that the eye finds what happened.</summary>
    public static Markup Number(long number, string? color = null) => number == 0
        ? new Markup("[grey]·[/]")
        : new Markup(color is null ? Words.Number(number) : $"[{color}]{Words.Number(number)}[/]");

    /// <summary>Text as it is.</summary>
    public static Text Plain(string? text, Style? style = null) => new(Visible(text), style);

    /// <summary>Text of which control characters show as what they are: a value from a source must not steer the terminal.</summary>
    public static string Visible(string? text)
    {
        if (text is null)
            return "";
        return !text.Any(char.IsControl)
            ? text
            : string.Concat(text.Select(c => c switch { '\n' => "⏎", '\r' => "", '\t' => " ", _ when char.IsControl(c) => "\uFFFD", _ => c.ToString() }));
    }

    /// <summary>The text cut to a length, with a sign that it goes on.</summary>
    public static string Cut(string? text, int length)
    {
        var visible = Visible(text);
        return visible.Length <= length ? visible : visible[..(length - 1)] + "…";
    }
}
