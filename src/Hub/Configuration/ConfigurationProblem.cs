namespace Crm.Integration.Hub.Configuration;

/// <summary>A mistake in the configuration.</summary>
/// <param name="File">The file, relative to the hub folder, with forward slashes.</param>
/// <param name="Line">The line, counted from 1; 0 when the file as a whole is meant.</param>
/// <param name="Column">The column in characters, counted from 1.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do: the nearest valid spelling. May be null.</param>
internal sealed record ConfigurationProblem(string File, int Line, int Column, string Message, string? Fix)
{
    /// <summary>"pipelines/shop.json:12:8", as compilers write it, so that editors can jump there.</summary>
    public string Place => Line == 0 ? File : $"{File}:{Line}:{Column}";

    /// <summary>One line: place, message and fix.</summary>
    public override string ToString() => Fix is null ? $"{Place}: {Message}" : $"{Place}: {Message}; {Fix}";
}
