using System.Diagnostics;

namespace Crm.Integration.EndToEnd.Tests.Program;

/// <summary>A small file system of its own for one folder: full after so many megabytes, or read-only. Only root may make one.</summary>
internal sealed class Mount : IDisposable
{
    private readonly string _folder;

    private Mount(string folder) => _folder = folder;

    /// <summary>Mounts a file system in memory, or skips the test where that is not allowed.</summary>
    public static Mount At(string folder, string options)
    {
        Directory.CreateDirectory(folder);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder), "only root may mount a small file system here");
        return new Mount(folder);
    }

    /// <summary>Makes it larger, or writable.</summary>
    public void Change(string options) => Assert.True(Run("mount", "-o", "remount," + options, _folder));

    public void Dispose() => Run("umount", _folder);

    private static bool Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
