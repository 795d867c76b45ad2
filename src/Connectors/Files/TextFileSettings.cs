using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Crm.Integration.Connectors.Files;

/// <summary>What every connection to a folder of text files can say.</summary>
public abstract record TextFileSettings
{
    /// <summary>The folder.</summary>
    [Description("The folder that holds the files; a relative path starts at the hub folder. Streams are file names relative to it.")]
    public required string Folder { get; init; }

    /// <summary>The encoding.</summary>
    [Description("The encoding of the files: `auto`, or a name such as `utf-8`, `utf-16`, `gb18030`, `gbk`, `windows-1252`, `big5`, `shift_jis`. `auto` takes a byte order mark, else UTF-16 or UTF-8 where the bytes fit, else what `region` says.")]
    public string Encoding { get; init; } = "auto";

    /// <summary>The region.</summary>
    [Description("With encoding `auto`, for files that are neither UTF-8 nor UTF-16: the language they come from, such as `zh-CN`, `zh-TW`, `ja`, `ko`, `ru`, `pl`, `de`. Without it, GB18030 is taken where the bytes read as Chinese, else Windows-1252.")]
    public string? Region { get; init; }

    /// <summary>The largest file.</summary>
    [Description("The largest file that is read, in megabytes, after unpacking."), Range(1, 1_000_000)]
    public int MaxFileMegabytes { get; init; } = 4096;
}
