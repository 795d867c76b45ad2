using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Loading;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Backup;

/// <summary>Puts a hub into one file while it goes on working: its configuration and, where the store is files, the store.</summary>
/// <param name="hubFolder">The hub folder.</param>
/// <param name="engine">The store's engine.</param>
/// <param name="clock">The time.</param>
internal sealed class HubBackup(string hubFolder, StoreEngine engine, TimeProvider clock)
{
    private static readonly string[] s_folders = ["connections", "pipelines", "model", "tests", ConnectorFolder.Name];

    /// <summary>
    /// Makes the backup. The service's own part is copied before the store: a webhook that was processed between the two is processed again after a
    /// restore, which does no harm; the other way round it would be lost.
    /// </summary>
    /// <param name="file">Where to; an existing one is replaced once the new one is whole and on the disk.</param>
    /// <param name="version">The version of the program.</param>
    /// <param name="keyId">Which key seals, or null.</param>
    /// <exception cref="IOException">It cannot be written; what stood there before stands there still.</exception>
    public BackupManifest Make(string file, string version, string? keyId)
    {
        file = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var copies = Directory.CreateDirectory(file + ".copies").FullName;
        var draft = file + ".part";
        try
        {
            var sources = Sources(copies).ToList();
            var manifest = new BackupManifest(version, clock.GetUtcNow(), Environment.MachineName, engine.Name, keyId, [.. sources.Select(source => Describe(source.Path, source.File))]);
            using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write))
            {
                using (var zipped = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
                using (var archive = new TarWriter(zipped))
                {
                    using var head = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupManifest.Json));
                    archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.Entry) { DataStream = head });
                    foreach (var (path, source) in sources)
                        archive.WriteEntry(source, path);
                }

                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(draft, file, overwrite: true);
            return manifest;
        }
        finally
        {
            File.Delete(draft);
            Directory.Delete(copies, recursive: true);
        }
    }

    private IEnumerable<(string Path, string File)> Sources(string copies)
    {
        yield return (ConfigurationLoader.HubFile, Path.Combine(hubFolder, ConfigurationLoader.HubFile));
        foreach (var folder in s_folders.Select(folder => Path.Combine(hubFolder, folder)).Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                yield return (Path.GetRelativePath(hubFolder, file).Replace('\\', '/'), file);
        }

        foreach (var part in (StoreEngine[])[engine.Service, engine.Accounts, engine])
        {
            if (!part.IsFile || !part.Exists())
                continue;
            var copy = Path.Combine(copies, Path.GetFileName(part.Place));
            part.CopyTo(copy);
            yield return (PathOf(part), copy);
        }
    }

    // A store that lies somewhere else comes back into the hub folder.
    private string PathOf(StoreEngine part)
    {
        var path = Path.GetRelativePath(hubFolder, part.Place).Replace('\\', '/');
        return Path.IsPathRooted(path) || path.StartsWith("../", StringComparison.Ordinal) ? "data/" + Path.GetFileName(part.Place) : path;
    }

    private static BackedUpFile Describe(string path, string file)
    {
        using var stream = File.OpenRead(file);
        return new BackedUpFile(path, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
