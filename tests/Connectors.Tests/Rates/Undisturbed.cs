namespace Crm.Integration.Connectors.Tests.Rates;

/// <summary>Tests that measure run with nothing beside them.</summary>
[CollectionDefinition(nameof(Undisturbed), DisableParallelization = true)]
public sealed class Undisturbed;
