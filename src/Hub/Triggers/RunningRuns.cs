using System.Collections.Concurrent;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Triggers;

/// <summary>The runs that this node carries out now.</summary>
internal sealed class RunningRuns
{
    private readonly ConcurrentDictionary<long, RunningRun> _runs = [];

    /// <summary>How many.</summary>
    public int Count => _runs.Count;

    /// <summary>All of them.</summary>
    public ICollection<RunningRun> All => _runs.Values;

    /// <summary>The one of a request, if this node carries it out.</summary>
    public RunningRun? Find(long requestId) => _runs.GetValueOrDefault(requestId);

    /// <summary>Adds one.</summary>
    public void Add(RunningRun run) => _runs[run.Request.Id] = run;

    /// <summary>Removes one that has ended.</summary>
    public void Remove(RunningRun run) => _runs.TryRemove(run.Request.Id, out _);
}

/// <summary>A run that is being carried out.</summary>
/// <param name="request">The request, as it was claimed.</param>
/// <param name="stopping">The service is asked to stop.</param>
internal sealed class RunningRun(RunRequest request, CancellationToken stopping) : IProgress<RunProgress>, IDisposable
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private volatile RunProgress? _progress;

    /// <summary>The request, as it was claimed.</summary>
    public RunRequest Request { get; } = request;

    /// <summary>How far it has come; null as long as nothing is known.</summary>
    public RunProgress? Progress => _progress;

    /// <summary>Whether another node has it by now.</summary>
    public bool Lost { get; private set; }

    /// <summary>Who wants it ended, if somebody does.</summary>
    public string? CancelledBy { get; private set; }

    /// <summary>The service is asked to stop.</summary>
    public CancellationToken Stopping { get; } = stopping;

    /// <summary>Ends it at its next checkpoint.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Somebody wants it ended.</summary>
    public void Cancel(string by)
    {
        CancelledBy = by;
        _end.Cancel();
    }

    /// <summary>It is this node's no longer.</summary>
    public void Lose()
    {
        Lost = true;
        _end.Cancel();
    }

    /// <inheritdoc/>
    public void Report(RunProgress value) => _progress = value;

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();
}
