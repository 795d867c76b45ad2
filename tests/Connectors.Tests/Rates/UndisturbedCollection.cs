namespace Crm.Integration.Connectors.Tests.Rates;

/// <summary>Tests that measure run with nothing beside them.</summary>
[CollectionDefinition(nameof(UndisturbedCollection), DisableParallelization = true)]
public sealed class UndisturbedCollection;
