using System.Data.Common;
using Crm.Integration.Hub.Store;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Runs;

/// <summary>
/// The signs of life of a run, over a connection of its own: it hears how far the run comes, writes that down every two seconds, and learns in
/// the same moment whether somebody wants the run to stop.
/// </summary>
internal sealed class RunHeartbeat : IProgress<RunProgress>, IDisposable
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private const int KnownSteps = 64;

    private readonly StoreEngine _engine;
    private readonly long _run;
    private readonly IProgress<RunProgress> _inner;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly Queue<long> _steps = new(KnownSteps);
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Task _beating;
    private RunProgress? _last;
    private long _progressAt;

    /// <summary>Begins the lease of a run.</summary>
    /// <param name="engine">The store's engine.</param>
    /// <param name="run">The run.</param>
    /// <param name="node">The process that does it.</param>
    /// <param name="inner">Who else hears how far it comes.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">The log.</param>
    public RunHeartbeat(StoreEngine engine, long run, string node, IProgress<RunProgress> inner, TimeProvider clock, ILogger log)
    {
        (_engine, _run, _inner, _clock, _log) = (engine, run, inner, clock, log);
        _progressAt = Now;
        var store = RunLeases.Open(engine, clock);
        try
        {
            new RunLeases(store).Begin(run, node);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        _beating = Task.Run(() => BeatAsync(store));
    }

    /// <summary>Somebody wants the run to stop.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Who wants it to stop; null when nobody does.</summary>
    public string? CancelledBy { get; private set; }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public void Report(RunProgress value)
    {
        lock (_lock)
        {
            // To say the same again is not to come further.
            if (_last is null || (value.Pipeline, value.Phase, value.Done) != (_last.Pipeline, _last.Phase, _last.Done))
            {
                var now = Now;
                if (_steps.Count == KnownSteps)
                    _steps.Dequeue();
                _steps.Enqueue(now - _progressAt);
                _progressAt = now;
            }

            _last = value;
        }

        _inner.Report(value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _over.Cancel();
        _beating.GetAwaiter().GetResult();
        _over.Dispose();
        _cancelled.Dispose();
    }

    private RunPulse Pulse()
    {
        lock (_lock)
        {
            var steps = _steps.Order().ToList();
            return new RunPulse(_last?.Pipeline, _last?.Phase, _last?.Done ?? 0, _progressAt, steps.Count == 0 ? 0 : steps[steps.Count / 2]);
        }
    }

    private async Task BeatAsync(MasterStore first)
    {
        MasterStore? store = first;
        using var timer = new PeriodicTimer(Every, _clock);
        while (await NextAsync(timer))
        {
            Try(ref store, leases =>
            {
                if (leases.Beat(_run, Pulse()) is { } by && CancelledBy is null)
                {
                    CancelledBy = by;
                    _cancelled.Cancel();
                }
            });
        }

        Try(ref store, leases => leases.End(_run));
        store?.Dispose();
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_over.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // A sign of life that cannot be given ends no run: the run itself sees soon enough whether its store is gone.
    private void Try(ref MasterStore? store, Action<RunLeases> work)
    {
        try
        {
            work(new RunLeases(store ??= RunLeases.Open(_engine, _clock)));
        }
        catch (Exception exception) when (exception is DbException or StoreException or InvalidOperationException or IOException)
        {
            _log.LogWarning("run {RunId} could not give a sign of life: {Problem}", _run, _engine.Translate(exception)?.Message ?? exception.Message);
            store?.Dispose();
            store = null;
        }
    }
}
