using System.Text.Json;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Http;

/// <summary>A job that a system does for us, as last heard of.</summary>
/// <param name="Id">The system's id of it; null while it is being made: after a crash then the system is to be asked whether there is one.</param>
/// <param name="Request">What it was made for, such as a hash of the query: a job for another request is not taken up.</param>
/// <param name="StartedAt">When it was made.</param>
public sealed record BulkJob(string? Id, string Request, DateTimeOffset StartedAt)
{
    /// <summary>How far it is, in the system's words.</summary>
    public string? State { get; init; }

    /// <summary>How far its results are read: a locator, a page.</summary>
    public string? Position { get; init; }

    /// <summary>What else has to be known to go on.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();
}

/// <summary>Remembers a connection's bulk jobs, so that a process that was killed goes on with its job and does not make another.</summary>
/// <param name="context">What the hub lends to the connection.</param>
public sealed class JobLedger(ConnectionContext context)
{
    /// <summary>The job of a name that was made for this request; one made for another is forgotten.</summary>
    /// <param name="name">What the job is for: "pull Contact".</param>
    /// <param name="request">What it shall be made for.</param>
    /// <param name="keepFor">How long the system keeps a job and its results; an older one is forgotten.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async ValueTask<BulkJob?> FindAsync(string name, string request, TimeSpan keepFor, CancellationToken cancellationToken)
    {
        if (await context.Memory.ReadAsync(Name(name), cancellationToken) is not { } text || JsonSerializer.Deserialize<BulkJob>(text) is not { } job)
            return null;
        if (job.Request == request && context.Clock.GetUtcNow() - job.StartedAt < keepFor)
            return job;
        await ForgetAsync(name, cancellationToken);
        return null;
    }

    /// <summary>Remembers a job as it is now.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up before it is written.</param>
    public ValueTask SaveAsync(string name, BulkJob job, CancellationToken cancellationToken) =>
        context.Memory.WriteAsync(Name(name), JsonSerializer.Serialize(job), secret: false, cancellationToken);

    /// <summary>The job is done with.</summary>
    /// <param name="name">What it was for.</param>
    /// <param name="cancellationToken">Gives up before it is written.</param>
    public ValueTask ForgetAsync(string name, CancellationToken cancellationToken) => context.Memory.WriteAsync(Name(name), null, secret: false, cancellationToken);

    /// <summary>
    /// The job to go on with: the one that is remembered, or a new one. The intent is remembered before it is made, so that after a kill
    /// in between <paramref name="find"/> can look for it at the system.
    /// </summary>
    /// <param name="name">What it is for.</param>
    /// <param name="request">What it is made for.</param>
    /// <param name="keepFor">How long the system keeps it.</param>
    /// <param name="make">Makes it at the system and gives its id.</param>
    /// <param name="find">Looks for one that was made since a time and is not known by its id; null where the system cannot tell, or when a second one does no harm.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<BulkJob> ResumeOrMakeAsync(
        string name,
        string request,
        TimeSpan keepFor,
        Func<CancellationToken, Task<string>> make,
        Func<DateTimeOffset, CancellationToken, Task<string?>>? find,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(make);
        if (await FindAsync(name, request, keepFor, cancellationToken) is { } known)
        {
            if (known.Id is not null)
                return known;
            if (find is not null && await find(known.StartedAt, cancellationToken) is { } found)
                return await Keep(known with { Id = found });
        }

        var job = new BulkJob(null, request, context.Clock.GetUtcNow());
        await SaveAsync(name, job, cancellationToken);
        return await Keep(job with { Id = await make(cancellationToken) });

        async Task<BulkJob> Keep(BulkJob made)
        {
            // It exists now: that is remembered even if somebody stops us here.
            await SaveAsync(name, made, CancellationToken.None);
            return made;
        }
    }

    private static string Name(string name) => $"job {name}";
}
