using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Crm.Integration.Hub.Backup;

/// <summary>Takes a hub out of a backup.</summary>
internal static class HubRestore
{
    /// <summary>Unpacks a backup and compares every file with what the backup says of it.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="folder">Where to; must not exist, or be empty.</param>
    /// <returns>What was in it.</returns>
    /// <exception cref="InvalidDataException">It is no backup, or was damaged; the message says where.</exception>
    public static BackupManifest Unpack(string file, string folder)
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var unzipped = new GZipStream(stream, CompressionMode.Decompress);
            using var archive = new TarReader(unzipped);
            if (archive.GetNextEntry() is not { Name: BackupManifest.Entry, DataStream: { } head } || JsonSerializer.Deserialize<BackupManifest>(head, BackupManifest.Json) is not { } manifest)
                throw new InvalidDataException($"{file} is not a backup of a hub: it does not begin with {BackupManifest.Entry}");
            var left = manifest.Files.ToDictionary(one => one.Path, StringComparer.Ordinal);
            while (archive.GetNextEntry() is { } entry)
            {
                if (!left.Remove(entry.Name, out var expected))
                    throw new InvalidDataException($"{file} holds '{entry.Name}', of which its manifest knows nothing");
                Unpack(entry, expected, folder, file);
            }

            return left.Count == 0 ? manifest : throw new InvalidDataException($"{file} ends before {left.Keys.First()}: it was cut off");
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or JsonException || (exception is InvalidDataException && !exception.Message.Contains(file, StringComparison.Ordinal)))
        {
            throw new InvalidDataException($"{file} is damaged or not a backup of a hub: {exception.Message}", exception);
        }
    }

    private static void Unpack(TarEntry entry, BackedUpFile expected, string folder, string file)
    {
        var path = Path.GetFullPath(Path.Combine(folder, expected.Path));

        // A backup comes from somewhere else, perhaps by mail.
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new InvalidDataException($"{file} holds '{entry.Name}', which is no file below the hub folder");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var to = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        entry.DataStream?.CopyTo(to);
        to.Flush(flushToDisk: true);
        to.Position = 0;
        if (to.Length != expected.Bytes || Convert.ToHexStringLower(SHA256.HashData(to)) != expected.Sha256)
            throw new InvalidDataException($"{expected.Path} in {file} is damaged: its content is not what was backed up");
        if (!OperatingSystem.IsWindows() && expected.Path.EndsWith(".db", StringComparison.Ordinal))
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
