using System.ComponentModel;

namespace Crm.Integration.Connectors.Csv;

/// <summary>The settings of a <c>csv</c> connection.</summary>
public sealed record CsvSettings : DelimitedFileSettings
{
    /// <summary>The line end of new files.</summary>
    [Description("The line end of files that the hub makes; a file that exists keeps its own.")]
    public LineEnd LineEnd { get; init; } = LineEnd.CrLf;

    /// <summary>The byte order mark of new files.</summary>
    [Description("Begin UTF-8 files that the hub makes with a byte order mark, for people who open them in Excel.")]
    public bool ByteOrderMark { get; init; }
}

/// <summary>A line end.</summary>
public enum LineEnd
{
    /// <summary>CR LF.</summary>
    [Description("CR LF, as RFC 4180 has it.")]
    CrLf,

    /// <summary>LF.</summary>
    [Description("LF, as Unix tools have it.")]
    Lf,
}
