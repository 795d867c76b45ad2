namespace Crm.Integration.Hub.Store;

/// <summary>Waits for a lock: tells every few seconds who has it, and ends when it has lasted long enough.</summary>
/// <param name="atMost">How long; null for as long as it takes.</param>
/// <param name="waiting">Hears, now and then, who is waited for.</param>
/// <param name="clock">The time.</param>
internal sealed class LockWait(TimeSpan? atMost, Action<string> waiting, TimeProvider clock)
{
    /// <summary>What is said where nobody knows who has it.</summary>
    public const string Unknown = "unknown holder";

    private static readonly TimeSpan s_sayEvery = TimeSpan.FromSeconds(5);

    private readonly long _started = clock.GetTimestamp();

    /// <summary>How much of the time is left; null for as long as it takes.</summary>
    public TimeSpan? Left => atMost is not { } most ? null : most - clock.GetElapsedTime(_started) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>What is thrown when the time is over.</summary>
    /// <param name="holder">Who has it.</param>
    public static StoreException Refusal(string? holder) => new(
        $"another hub is at work on this store: {holder ?? Unknown}",
        "wait for it to end, or stop it; `--wait SECONDS` waits longer");

    /// <summary>Waits until it is there.</summary>
    /// <param name="take">Takes it, and waits in its queue for that.</param>
    /// <param name="holder">Who has it, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<T> ForAsync<T>(Func<CancellationToken, Task<T>> take, Func<string?> holder, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var turn = take(enough.Token);
        while (!turn.IsCompleted)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var next = Left is { } left && left < s_sayEvery ? left : s_sayEvery;
            await Task.WhenAny(turn, Task.Delay(next, clock, patience.Token));
            await patience.CancelAsync();
            if (turn.IsCompleted || cancellationToken.IsCancellationRequested)
                break;
            var name = holder() ?? Unknown;
            if (Left != TimeSpan.Zero)
            {
                waiting(name);
                continue;
            }

            await enough.CancelAsync();
            try
            {
                // It may have come at the very last moment.
                return await turn;
            }
            catch (Exception exception) when (exception is OperationCanceledException or System.Data.Common.DbException)
            {
                throw Refusal(name);
            }
        }

        return await turn;
    }
}
