using System.Runtime.InteropServices;
using Crm.Integration.Hub.Triggers;
using Microsoft.Extensions.Hosting;

namespace Crm.Integration.Hub.Service.Life;

/// <summary>
/// Gives memory back to the machine once there is nothing to do: after the start and after runs. Else what a run needed for minutes would be held for the rest
/// of the day.
/// </summary>
/// <param name="running">What runs now.</param>
/// <param name="clock">The time.</param>
internal sealed partial class IdleMemory(RunningRuns running, TimeProvider clock) : BackgroundService
{
    // Long enough that runs close to each other are not disturbed.
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    // Below this there is nothing to gain.
    private const long Worth = 4_000_000;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (seen, last) = (0L, 0L);
        try
        {
            while (true)
            {
                await Task.Delay(s_idle, clock, stoppingToken);
                var allocated = GC.GetTotalAllocatedBytes();
                var busy = running.Count > 0 || allocated - last > Worth;
                last = allocated;

                // A collection stops everything for a moment: webhooks that come in must not wait for it.
                if (busy || allocated - seen < Worth)
                    continue;
                GiveBack();
                seen = GC.GetTotalAllocatedBytes();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the process gives all of it back.
        }
    }

    private static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        // SQLite and TLS take theirs from the C library, which keeps what it is given back.
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var libc))
        {
            NativeLibrary.Free(libc);

            // Whether there was anything to give back does not matter.
            _ = Trim(0);
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
