using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Csv;

namespace Crm.Integration.Connectors.DropFolder;

/// <summary>The settings of a <c>drop-folder</c> connection.</summary>
public sealed record DropFolderSettings : DelimitedFileSettings
{
    /// <summary>The format.</summary>
    [Description("What the files hold. The settings about columns, quotes and fields are for `csv`.")]
    public required DropFormat Format { get; init; }

    /// <summary>What happens to a file that was taken.</summary>
    [Description("What happens to a file once its records are stored.")]
    public Afterwards Afterwards { get; init; } = Afterwards.Move;

    /// <summary>The age.</summary>
    [Description("A file that was changed less than this many seconds ago is left alone: it may still be being written."), Range(0, 86400)]
    public int MinAgeSeconds { get; init; } = 5;

    /// <summary>The marker.</summary>
    [Description("Take `x.csv` only when a file with this ending stands beside it: `.done` asks for `x.csv.done`. Empty: none is needed.")]
    public string ReadyMarker { get; init; } = "";

    /// <summary>Where taken files go.</summary>
    [Description("With `move`: the folder for files that were taken, inside the connection's folder.")]
    public string DoneFolder { get; init; } = "done";

    /// <summary>Where refused files go.</summary>
    [Description("The folder for files that cannot be read at all, each with a text file that says why; inside the connection's folder.")]
    public string ErrorFolder { get; init; } = "error";

    /// <summary>The longest line.</summary>
    [Description("With format `jsonl`: the longest line, in kilobytes."), Range(1, 65536)]
    public int MaxLineKilobytes { get; init; } = 8192;
}

/// <summary>What the files of a drop folder hold.</summary>
public enum DropFormat
{
    /// <summary>CSV.</summary>
    [Description("Delimited text, as the connector csv reads it.")]
    Csv,

    /// <summary>JSON Lines.</summary>
    [Description("A JSON object a line, as the connector jsonl reads it.")]
    Jsonl,
}

/// <summary>What happens to a file that was taken.</summary>
public enum Afterwards
{
    /// <summary>It is moved.</summary>
    [Description("It is moved to the folder `doneFolder`.")]
    Move,

    /// <summary>It stays.</summary>
    [Description("It stays where it is; the hub remembers its content and does not take it again.")]
    Mark,

    /// <summary>It is deleted.</summary>
    [Description("It is deleted.")]
    Delete,
}
