using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.Triggers;

/// <summary>Why a run is asked for.</summary>
internal enum RunCause
{
    /// <summary>Its time has come.</summary>
    Schedule,

    /// <summary>Another pipeline was done.</summary>
    After,

    /// <summary>Customers have changed.</summary>
    Change,

    /// <summary>A person wants it, at the console.</summary>
    Manual,

    /// <summary>A webhook asked for it.</summary>
    Webhook,

    /// <summary>A program asked for it.</summary>
    Api,
}

/// <summary>How far a request has come.</summary>
internal enum RequestState
{
    /// <summary>Nobody has begun it, or not since it was given back.</summary>
    Waiting,

    /// <summary>A node carries it out.</summary>
    Running,

    /// <summary>Its run went to its end.</summary>
    Done,

    /// <summary>Its run failed.</summary>
    Failed,

    /// <summary>A limit stopped its run; a person is to look.</summary>
    Stopped,

    /// <summary>A quota is used up; another request goes on when it is renewed.</summary>
    Paused,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,

    /// <summary>It was missed, and its trigger says that this is not made up for.</summary>
    Skipped,
}

/// <summary>A run that is asked for.</summary>
internal sealed record NewRunRequest
{
    /// <summary>The pipelines; empty for all.</summary>
    public IReadOnlyList<string> Pipelines { get; init; } = [];

    /// <summary>Why.</summary>
    public required RunCause Cause { get; init; }

    /// <summary>Who asks: a node, the name of a token, a pipeline.</summary>
    public required string By { get; init; }

    /// <summary>When it is due; null for now. Of a schedule it is the instant that fired, once and never again.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Go on where a limit would stop the run.</summary>
    public bool IgnoreLimits { get; init; }

    /// <summary>Do it all and keep nothing: a plan.</summary>
    public bool Rehearsal { get; init; }

    /// <summary>What is to be known of it, in front of what its run says.</summary>
    public string? Note { get; init; }
}

/// <summary>A run that was asked for, and what became of it.</summary>
internal sealed record RunRequest
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The pipelines; empty for all.</summary>
    public required IReadOnlyList<string> Pipelines { get; init; }

    /// <summary>Why.</summary>
    public required RunCause Cause { get; init; }

    /// <summary>Who asked.</summary>
    public required string By { get; init; }

    /// <summary>When it is due.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How far it has come.</summary>
    public required RequestState State { get; init; }

    /// <summary>Go on where a limit would stop the run.</summary>
    public bool IgnoreLimits { get; init; }

    /// <summary>Do it all and keep nothing.</summary>
    public bool Rehearsal { get; init; }

    /// <summary>How often it was begun.</summary>
    public long Attempts { get; init; }

    /// <summary>Higher each time it is begun: who holds a lower one has lost it.</summary>
    public long Fence { get; init; }

    /// <summary>The node that carries it out, or did last.</summary>
    public string? Node { get; init; }

    /// <summary>When it was last begun.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The run that it became; null as long as it has not ended, and for a rehearsal.</summary>
    public long? RunId { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who wants it ended.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>What is to be known of it: that it was late, who cancelled it, why it failed.</summary>
    public string? Note { get; init; }

    /// <summary>Of a rehearsal, what a run would do.</summary>
    public RunReport? Report { get; init; }

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool Ended => State is not (RequestState.Waiting or RequestState.Running);
}

/// <summary>Hears of every run that the service has carried out.</summary>
internal interface IRunObserver
{
    /// <summary>A run has ended, well or not. What is thrown here is logged, and nothing else comes of it.</summary>
    /// <param name="request">The request, in its last state.</param>
    /// <param name="report">What the run did.</param>
    /// <param name="cancellationToken">The service is asked to stop.</param>
    Task EndedAsync(RunRequest request, RunReport report, CancellationToken cancellationToken);
}
