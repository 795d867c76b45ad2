using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Files;

/// <summary>Turns what the operating system says about a file into who must act.</summary>
internal static class FileErrors
{
    private const int NoSpaceLinux = 28;
    private const int QuotaLinux = 122;
    private const int NoSpaceWindows = unchecked((int)0x80070070);

    /// <summary>Whether <see cref="Translate"/> has words for it.</summary>
    public static bool Knows(Exception exception) => exception is IOException or UnauthorizedAccessException or InvalidDataException;

    /// <param name="exception">What the operating system said.</param>
    /// <param name="name">The file or folder as the user knows it.</param>
    /// <param name="doing">"read" or "write".</param>
    public static ConnectorException Translate(Exception exception, string name, string doing) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(FailureKind.Configuration, $"{name} does not exist.", "Check the folder of the connection and the stream of the pipeline.", exception),
        UnauthorizedAccessException => new(FailureKind.Configuration, $"{name}: the hub has no right to {doing} it.", $"Let the account that runs the hub {doing} the file and its folder.", exception),
        PathTooLongException => new(FailureKind.Configuration, $"{name}: the path is too long for this system.", "Use a shorter folder or file name.", exception),
        InvalidDataException => new(FailureKind.Rejected, $"{name} is a damaged gzip file.", "Have it sent again; `gzip -t` shows whether a copy is whole.", exception),
        IOException when exception.HResult is NoSpaceLinux or QuotaLinux or NoSpaceWindows => new(FailureKind.Transient, $"{name}: the disk is full.", "Free some space; the file is as it was before, and the next run writes it.", exception),
        _ => new(FailureKind.Transient, $"{name}: the system could not {doing} it ({exception.Message}).", "If another program holds the file, let it finish; the next run tries again.", exception),
    };
}
