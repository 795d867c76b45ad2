using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Files;

namespace Crm.Integration.Connectors.Csv;

/// <summary>How delimited text is read; shared by the connectors that meet such files.</summary>
public abstract record DelimitedFileSettings : TextFileSettings
{
    /// <summary>The delimiter.</summary>
    [Description("What separates the columns: `auto`, `tab`, or the character itself, such as `;`.")]
    public string Delimiter { get; init; } = "auto";

    /// <summary>The quote.</summary>
    [Description("What encloses a value that holds delimiters or line breaks: `auto`, or the character itself.")]
    public string Quote { get; init; } = "auto";

    /// <summary>The escape.</summary>
    [Description("What stands before a quote inside a quoted value: the quote itself (as RFC 4180 has it) when empty, or a character such as `\\`.")]
    public string Escape { get; init; } = "";

    /// <summary>Lines before the header.</summary>
    [Description("How many lines stand before the header, such as a report's title."), Range(0, 1000)]
    public int SkipLines { get; init; }

    /// <summary>No header.</summary>
    [Description("The files have no header line: the columns are called column_1, column_2, …")]
    public bool NoHeader { get; init; }

    /// <summary>Unwraps formulas that are texts.</summary>
    [Description("Read a cell `=\"00123\"`, which keeps spreadsheets from dropping the zeros, as 00123.")]
    public bool UnwrapTextFormulas { get; init; } = true;

    /// <summary>Formulas.</summary>
    [Description("What is done about cells that a spreadsheet would run as formulas.")]
    public FormulaPolicy Formulas { get; init; } = FormulaPolicy.Escape;

    /// <summary>The largest field.</summary>
    [Description("The largest value, in kilobytes of text. A longer one is nearly always a quote that was never closed."), Range(1, 65536)]
    public int MaxFieldKilobytes { get; init; } = 1024;
}

/// <summary>What is done about cells that a spreadsheet would run as formulas.</summary>
public enum FormulaPolicy
{
    /// <summary>Escaped.</summary>
    [Description("A text that begins with = + - @ TAB or CR is written with a leading apostrophe, which is taken off again when the file is read. Numbers (-5) and phone numbers (+49 30 123456) stay as they are.")]
    Escape,

    /// <summary>Left alone.</summary>
    [Description("Nothing: for files that only machines read.")]
    Allow,
}
