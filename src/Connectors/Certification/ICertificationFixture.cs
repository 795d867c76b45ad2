using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Certification;

/// <summary>
/// All that a connector adds to be certified: itself, and a system on which it can be rehearsed. A class with a constructor without
/// parameters; it is found in the assembly of the connector.
/// </summary>
public interface ICertificationFixture
{
    /// <summary>The connector.</summary>
    IConnector Connector { get; }

    /// <summary>Sets up a system to rehearse on, empty, for this certification alone.</summary>
    /// <param name="place">Where.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConnectorException">The system cannot be set up: no sandbox was named.</exception>
    Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken);

    /// <summary>Checks that do not apply to the system, by id, each with the reason that stands in the report.</summary>
    IReadOnlyDictionary<string, string> Waivers => new Dictionary<string, string>();
}

/// <summary>Where a rehearsal takes place.</summary>
/// <param name="Folder">An empty folder for its files; also the hub folder of the connections.</param>
/// <param name="Sandbox">The address of a running sandbox; null when there is none.</param>
public sealed record RehearsalPlace(string Folder, Uri? Sandbox)
{
    /// <summary>The clock of the sandbox: both sides go by it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
