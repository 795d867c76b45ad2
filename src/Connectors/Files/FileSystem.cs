using System.Runtime.InteropServices;
using System.Text;

namespace Crm.Integration.Connectors.Files;

/// <summary>What the base library leaves out: making a rename durable, and asking for rights without trying them.</summary>
internal static class FileSystem
{
    private const int WriteAndSearch = 3;

    /// <summary>Whether files can be made in a folder; on Windows only a try would tell, so it is taken for granted.</summary>
    public static bool CanWrite(string folder) => OperatingSystem.IsWindows() || access(Path(folder), WriteAndSearch) == 0;

    /// <summary>Makes renames and deletes in a folder durable; Windows writes them through by itself.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = open(Path(folder), 0);
        if (handle < 0)
            return;
        _ = fsync(handle);
        _ = close(handle);
    }

    private static byte[] Path(string path) => Encoding.UTF8.GetBytes(path + '\0');

#pragma warning disable SYSLIB1054, IDE1006, CA5392 // Blittable calls into the C library: nothing to generate, and their names are not ours.
    [DllImport("libc")]
    private static extern int access(byte[] path, int mode);

    [DllImport("libc")]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc")]
    private static extern int fsync(int handle);

    [DllImport("libc")]
    private static extern int close(int handle);
#pragma warning restore SYSLIB1054, IDE1006, CA5392
}
