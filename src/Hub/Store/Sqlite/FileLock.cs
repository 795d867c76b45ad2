using System.Globalization;

namespace Crm.Integration.Hub.Store.Sqlite;

/// <summary>
/// A lock file that the operating system releases when its holder ends, however it ends. Who holds it stands in a file
/// beside it, since a locked file cannot be read everywhere.
/// </summary>
internal sealed class FileLock : IDisposable
{
    /// <summary>How often whoever waits looks whether it is free.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_sayEvery = TimeSpan.FromSeconds(5);

    private readonly FileStream _file;
    private readonly string _holder;

    private FileLock(FileStream file, string holder)
    {
        _file = file;
        _holder = holder;
    }

    /// <summary>Whether another process has looked for it a moment ago, and did not get it.</summary>
    /// <param name="path">The lock file.</param>
    public static bool IsWanted(string path) =>
        // What a file says of its time is the machine's time, whatever clock the program goes by.
        File.GetLastWriteTimeUtc(Wanted(path)) > TimeProvider.System.GetUtcNow().UtcDateTime - (LookEvery * 4);

    /// <summary>Takes the lock, or throws a <see cref="StoreException"/> that says who holds it.</summary>
    public static async Task<IDisposable> TakeAsync(string path, string purpose, TimeSpan wait, Action<string> waiting, TimeProvider clock, CancellationToken cancellationToken)
    {
        var holder = path + ".holder";
        var started = clock.GetTimestamp();
        var said = TimeSpan.Zero;
        while (true)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                var now = clock.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
                await File.WriteAllTextAsync(holder, $"hub {purpose}, process {Environment.ProcessId} on {Environment.MachineName}, since {now}", cancellationToken);
                File.Delete(Wanted(path));
                return new FileLock(file, holder);
            }
            catch (UnauthorizedAccessException exception)
            {
                throw new StoreException($"the folder {Path.GetDirectoryName(path)} cannot be written", "give the account that runs hub the right to write there", exception);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (clock.GetElapsedTime(started) >= wait)
                    throw LockWait.Refusal(Holder(path));

                await File.WriteAllBytesAsync(Wanted(path), [], cancellationToken);
                if (clock.GetElapsedTime(started) is var waited && waited - said >= s_sayEvery)
                {
                    said = waited;
                    waiting(Holder(path) ?? LockWait.Unknown);
                }
            }

            await Task.Delay(LookEvery, clock, cancellationToken);
        }
    }

    /// <summary>Who holds the lock, or null when nobody does.</summary>
    /// <param name="path">The lock file.</param>
    public static string? Holder(string path)
    {
        if (!File.Exists(path + ".holder"))
            return null;
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (IOException)
        {
            return File.ReadAllText(path + ".holder");
        }
    }

    private static string Wanted(string path) => path + ".wanted";

    public void Dispose()
    {
        File.Delete(_holder);
        _file.Dispose();
    }
}
