using System.IO.Compression;
using System.Text;

namespace Crm.Integration.Connectors.Files;

/// <summary>
/// A file that is written beside its name and takes the name only when it is whole and on disk: whoever looks sees the
/// old content or the new, and a power cut leaves one of them.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _file;
    private bool _isCommitted;

    public AtomicFile(string path, Encoding encoding, bool packed)
    {
        _path = path;
        // The name begins with a dot and ends in .tmp, so that drop folders and our own listing pass it over.
        _temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        // Unbuffered, since the writer above it gathers: closing it then never has to write, and cannot fail on a full disk.
        _file = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            if (!OperatingSystem.IsWindows() && File.Exists(path))
                File.SetUnixFileMode(_file.SafeFileHandle, File.GetUnixFileMode(path));
            Stream bytes = packed ? new GZipStream(_file, CompressionLevel.Optimal, leaveOpen: true) : _file;
            Output = new StreamWriter(bytes, encoding, 1 << 16, leaveOpen: !packed);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Removes what a hub that was killed left beside a file. A file that is still being written is locked, and stays.</summary>
    public static void RemoveLeftovers(string path)
    {
        foreach (var leftover in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.*.tmp"))
        {
            try
            {
                using var unlocked = new FileStream(leftover, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                // Somebody is at work on it.
            }
        }
    }

    /// <summary>Where the content goes.</summary>
    public TextWriter Output { get; } = TextWriter.Null;

    /// <summary>Puts the file in place of the old one, durably.</summary>
    public void Commit()
    {
        Output.Dispose();
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _isCommitted = true;
        FileSystem.SyncFolder(Path.GetDirectoryName(_path)!);
    }

    public void Dispose()
    {
        if (_isCommitted)
            return;
        try
        {
            Output.Dispose();
        }
        catch (IOException)
        {
            // The disk is full: what is left in the writer cannot be written, and is not wanted.
        }

        _file.Dispose();
        File.Delete(_temporary);
    }
}
