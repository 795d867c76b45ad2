using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Files;

/// <summary>Finds the file of a stream, and keeps it inside the connection's folder.</summary>
internal static class StreamPath
{
    /// <param name="folder">The absolute path of the connection's folder.</param>
    /// <param name="stream">A file name relative to it.</param>
    /// <exception cref="ConnectorException">The name leads out of the folder.</exception>
    public static string Resolve(string folder, string stream)
    {
        if (string.IsNullOrWhiteSpace(stream) || stream.Any(char.IsControl))
            throw Refused(stream, "is not a file name");
        // A backslash is a character of a name on Linux and a separator on Windows: what is safe on one must not break out on the other.
        var segments = stream.Split('/', '\\');
        if (Path.IsPathRooted(stream) || stream.Contains(':', StringComparison.Ordinal) || segments.Any(segment => segment is "" or "." or ".."))
            throw Refused(stream, "leads out of the folder of the connection");

        var path = folder;
        foreach (var segment in segments)
        {
            path = Path.Combine(path, segment);
            if (LeadsOut(folder, path))
                throw Refused(stream, "is a link that leads out of the folder of the connection");
        }

        return path;
    }

    /// <summary>Whether a file or folder is a link to something outside.</summary>
    public static bool LeadsOut(string folder, string path)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (info.LinkTarget is null)
            return false;
        var root = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;
        var target = info.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        return target is null || !(target + Path.DirectorySeparatorChar).StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    /// <summary>Says that a stream's file is missing, and what is there instead.</summary>
    public static ConnectorException Missing(string folder, string folderName, string stream)
    {
        if (!Directory.Exists(folder))
            return new(FailureKind.Configuration, $"The folder {folderName} does not exist.", "Create it, or correct `folder` in the connection. Relative paths start at the hub folder.");
        var names = Directory.EnumerateFiles(folder).Select(Path.GetFileName).Where(name => !name!.StartsWith('.')).Order(StringComparer.Ordinal).Take(6).ToList();
        var there = names.Count switch
        {
            0 => "The folder is empty.",
            6 => $"There are {string.Join(", ", names.Take(5))} and others.",
            _ => $"There is {string.Join(", ", names)}.",
        };
        return new(FailureKind.Configuration, $"There is no file {stream} in {folderName}. {there}", "Correct `stream` in the pipeline, or see that the file arrives.");
    }

    private static ConnectorException Refused(string stream, string why) => new(
        FailureKind.Configuration,
        $"The stream '{new string([.. stream.Select(c => char.IsControl(c) ? '?' : c)])}' {why}.",
        "Name a file below the folder of the connection, such as customers.csv.");
}
