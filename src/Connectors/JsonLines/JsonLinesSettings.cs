using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Integration.Connectors.Files;

namespace Crm.Integration.Connectors.JsonLines;

/// <summary>The settings of a <c>jsonl</c> connection.</summary>
public sealed record JsonLinesSettings : TextFileSettings
{
    /// <summary>The longest line.</summary>
    [Description("The longest line, in kilobytes. A longer one is refused; the lines after it are read."), Range(1, 65536)]
    public int MaxLineKilobytes { get; init; } = 8192;
}
