namespace Crm.Integration.Hub.Service;

/// <summary>One process of the service; several of them share a store on a server.</summary>
/// <param name="Name">What tells it from all others, also from itself before a restart: machine, process and when it began.</param>
internal sealed record Node(string Name)
{
    /// <summary>The node that this process is.</summary>
    /// <param name="clock">The time.</param>
    public static Node OfProcess(TimeProvider clock) =>
        new(FormattableString.Invariant($"{Environment.MachineName}/{Environment.ProcessId}/{clock.GetUtcNow():yyyyMMddTHHmmss}"));
}
