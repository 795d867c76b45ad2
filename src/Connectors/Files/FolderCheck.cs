using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Files;

/// <summary>Checks a folder and its files without writing anything.</summary>
internal static class FolderCheck
{
    public static IReadOnlyList<CheckLine> Run(string folder, TextFileSettings settings, bool isOurs, Func<IReadOnlyList<string>> streams)
    {
        var subject = $"folder {settings.Folder}";
        if (!Directory.Exists(folder) && isOurs)
            return [new(subject, true, "It does not exist yet. The first push makes it; a pull needs it with its files.")];
        if (!Directory.Exists(folder))
            return [new(subject, false, $"It does not exist ({folder}). Create it, or correct `folder` in the connection; relative paths start at the hub folder.")];
        var lines = new List<CheckLine>();
        try
        {
            var names = streams();
            lines.Add(new(subject, true, names.Count == 0 ? "It can be read and holds no file of this kind yet." : $"It can be read and holds {names.Count:N0} {(names.Count == 1 ? "file" : "files")}."));
            lines.Add(FileSystem.CanWrite(folder)
                ? new($"{subject}, writing", true, "Files can be written.")
                // Reading alone is all that a source needs.
                : new($"{subject}, writing", true, "Files can be read but not written: pipelines to this connection would fail."));
            foreach (var name in names.Take(50))
                lines.Add(Look(folder, name, settings));
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            var failure = FileErrors.Translate(exception, subject, "read");
            lines.Add(new(subject, false, $"{failure.Message} {failure.Fix}"));
        }

        return lines;
    }

    private static CheckLine Look(string folder, string name, TextFileSettings settings)
    {
        try
        {
            using var file = TextFile.Open(Path.Combine(folder, name), name, settings);
            return new(name, true, $"{file.Encoding.WebName}{(file.IsPacked ? ", gzip" : "")}, {Size(file.Length)}.") { IsStream = true };
        }
        catch (ConnectorException exception)
        {
            return new(name, false, $"{exception.Message} {exception.Fix}") { IsStream = true };
        }
    }

    private static string Size(long bytes) => bytes < 10_240 ? $"{bytes:N0} bytes" : bytes < 10 << 20 ? $"{bytes >> 10:N0} KB" : $"{bytes >> 20:N0} MB";
}
