using System.IO.Enumeration;
using System.Security.Cryptography;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;

namespace Crm.Integration.Connectors.DropFolder;

/// <summary>The files that lie in a drop folder, and what becomes of them.</summary>
internal sealed class DroppedFiles(string folder, DropFolderSettings settings, TimeProvider clock)
{
    /// <summary>The folder's absolute path.</summary>
    public string Folder { get; } = folder;

    /// <summary>The files that match a pattern, in the order in which people number them.</summary>
    public IReadOnlyList<FileInfo> Matching(string pattern) =>
    [
        .. new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.TopDirectoryOnly)
            .Where(file => FileSystemName.MatchesSimpleExpression(pattern, file.Name, ignoreCase: false))
            .Where(file => !FileNames.IsUnfinished(file.Name) && !file.Name.Any(char.IsControl) && !IsMarker(file.Name) && !StreamPath.LeadsOut(Folder, file.FullName))
            .OrderBy(file => file.Name, FileNames.Natural),
    ];

    /// <summary>A pattern for a file and its like: orders-2026-05-01.csv gives orders-*.csv.</summary>
    public static string PatternOf(string name)
    {
        var first = name.AsSpan().IndexOfAnyInRange('0', '9');
        if (first < 0)
            return name;
        var last = name.AsSpan(0, Math.Max(first + 1, name.IndexOf('.', first) is > 0 and var dot ? dot : name.Length)).LastIndexOfAnyInRange('0', '9');
        return $"{name[..first]}*{name[(last + 1)..]}";
    }

    /// <summary>Why a file is left alone for now, or null when it can be taken.</summary>
    public string? NotReady(FileInfo file)
    {
        if (settings.ReadyMarker.Length > 0 && !File.Exists(file.FullName + settings.ReadyMarker))
            return $"{file.Name} waits for {file.Name}{settings.ReadyMarker}.";
        var age = clock.GetUtcNow() - new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
        // A time ahead of ours by more than that is a clock gone wrong, and must not keep a file waiting for ever.
        return age.Duration() < TimeSpan.FromSeconds(settings.MinAgeSeconds) ? $"{file.Name} was changed less than {settings.MinAgeSeconds} seconds ago; the next run takes it." : null;
    }

    /// <summary>The hash of a file's content, or null when it changes meanwhile or cannot be read yet.</summary>
    public static async Task<string?> HashAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(file.FullName, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 0 });
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        return IsSame(file) ? hash : null;
    }

    /// <summary>Whether a file is still the one that was listed.</summary>
    public static bool IsSame(FileInfo file)
    {
        var now = new FileInfo(file.FullName);
        return now.Exists && now.Length == file.Length && now.LastWriteTimeUtc == file.LastWriteTimeUtc;
    }

    /// <summary>Puts a file away that was taken. Once its records are durable this may happen any number of times.</summary>
    public void Finish(FileInfo file, string hash)
    {
        // A new file of the same name is not the one that was taken.
        if (settings.Afterwards == Afterwards.Mark || !IsSame(file))
            return;
        Guarded(file.Name, () =>
        {
            if (settings.Afterwards == Afterwards.Move)
                Move(file, settings.DoneFolder, hash);
            else
                file.Delete();
            if (settings.ReadyMarker.Length > 0)
                File.Delete(file.FullName + settings.ReadyMarker);
        });
    }

    /// <summary>Puts a file away that cannot be read, with a text that says why.</summary>
    public void Refuse(FileInfo file, string hash, ConnectorException reason)
    {
        if (settings.Afterwards == Afterwards.Mark || !IsSame(file))
            return;
        Guarded(file.Name, () =>
        {
            var target = Move(file, settings.ErrorFolder, hash);
            File.WriteAllText(target + ".error.txt", $"{reason.Message}\n{reason.Fix}\n");
            if (settings.ReadyMarker.Length > 0)
                File.Delete(file.FullName + settings.ReadyMarker);
        });
    }

    private bool IsMarker(string name) => settings.ReadyMarker.Length > 0 && name.EndsWith(settings.ReadyMarker, StringComparison.Ordinal);

    private string Move(FileInfo file, string name, string hash)
    {
        var folder = StreamPath.Resolve(Folder, name);
        Directory.CreateDirectory(folder);
        var target = Path.Combine(folder, file.Name);
        // Partners use the same name each day: what lies there already stays.
        if (File.Exists(target))
            target = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(file.Name)}.{hash[..12]}{file.Extension}");
        File.Move(file.FullName, target, overwrite: true);
        FileSystem.SyncFolder(folder);
        FileSystem.SyncFolder(Folder);
        return target;
    }

    private static void Guarded(string name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            throw new ConnectorException(FailureKind.Configuration, $"{name} was taken but could not be put away ({exception.Message}).", "Let the hub's account write to the folder. The file is not taken twice; the next run puts it away.", exception);
        }
    }
}
