using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Zoho CRM, by version 8 of its API.</summary>
internal sealed class ZohoConnector : IConnector
{
    /// <summary>What every edition allows; the settings tell the rest.</summary>
    public static AccountLimits Allowed { get; } = new()
    {
        Concurrency = 5,
        PerDay = 50_000,
        WriteBatch = ZohoApi.WriteRows,
        ReadPage = ZohoApi.PageRows,
        Unit = ZohoCredits.Unit,
    };

    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "zoho",
        Summary = "Zoho CRM in any data centre; a stream is a module, your own ones included. Reads what changed and what was deleted, writes by a key of the hub's, takes notifications.",
        SettingsType = typeof(ZohoSettings),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.IncrementalPull | ConnectorCapabilities.Push | ConnectorCapabilities.Discover
            | ConnectorCapabilities.Webhook | ConnectorCapabilities.OptimisticConcurrency,
        Deletes = DeleteStrategy.Reported,
        IdempotentCreate = true,
        Hosts = ZohoDataCenter.Hosts,
        Limits = Allowed,
        Streams =
        [
            Module("Contacts", "People."),
            Module("Accounts", "Companies."),
            Module("Leads", "People and companies that are no customers yet; one that is converted shows as gone, and as the contact that it became."),
            Module("Deals", "Deals."),
            Module("*", "Any other module, your own ones included."),
        ],
        Guide = ZohoGuide.Text,
    };

    public IConnection Open(object settings, ConnectionContext context) => new ZohoConnection((ZohoSettings)settings, context);

    private static StreamTraits Module(string name, string summary) =>
        new(name) { KeyField = ZohoField.Id, CursorField = ZohoField.Modified, Deletes = DeleteStrategy.Reported, Writable = true, Summary = summary };
}
