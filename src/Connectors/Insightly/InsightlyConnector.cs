using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Insightly;

/// <summary>Insightly CRM by its REST API v3.1.</summary>
internal sealed class InsightlyConnector : IConnector
{
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "insightly",
        Summary = "Insightly CRM: contacts, organisations, leads, opportunities and the other objects, with custom fields and custom objects.",
        SettingsType = typeof(InsightlySettings),
        Capabilities = ConnectorCapabilities.Discover | ConnectorCapabilities.Pull | ConnectorCapabilities.IncrementalPull | ConnectorCapabilities.Push | ConnectorCapabilities.Webhook | ConnectorCapabilities.OptimisticConcurrency,
        Deletes = DeleteStrategy.Swept,
        // There is no upsert; a lost answer is looked up by the key before anything is sent again.
        IdempotentCreate = false,
        Hosts = ["*.insightly.com"],
        Limits = new AccountLimits { RequestsPerWindow = 10, Window = TimeSpan.FromSeconds(1), ReadPage = InsightlyApi.MostRecords },
        Streams =
        [
            .. InsightlyObjects.All.Select(Traits),
            Traits(InsightlyObjects.OfAccount("*", "Objects of the account's own, named like Vehicle__c.")),
        ],
        Guide = InsightlyGuide.Text,
    };

    public IConnection Open(object settings, ConnectionContext context) => new InsightlyConnection((InsightlySettings)settings, context, Declaration);

    private static StreamTraits Traits(InsightlyObject known) => new(known.Name)
    {
        KeyField = known.IdField,
        CursorField = known.Searchable ? InsightlyObjects.Updated : null,
        Deletes = known.Searchable ? DeleteStrategy.Swept : DeleteStrategy.AbsentFromSnapshot,
        Writable = known.Writable,
        Summary = known.Summary,
    };
}
