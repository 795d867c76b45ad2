using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Salesforce (Sales Cloud, Service Cloud and what is built on them), by its REST API and Bulk API 2.0.</summary>
internal sealed class SalesforceConnector : IConnector
{
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "salesforce",
        Summary = "Salesforce: Contact, Account, Lead, Opportunity, Task and any custom object, read and written by REST and Bulk API 2.0; outbound messages come in.",
        SettingsType = typeof(SalesforceSettings),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.IncrementalPull | ConnectorCapabilities.Push | ConnectorCapabilities.Discover | ConnectorCapabilities.Webhook | ConnectorCapabilities.OptimisticConcurrency,
        Deletes = DeleteStrategy.Reported,
        IdempotentCreate = true,
        Hosts = ["login.salesforce.com", "test.salesforce.com", "*.my.salesforce.com", "*.salesforce.com"],
        Streams =
        [
            Stream("Contact", "People. Merged ones are reported with the record that stands in their place."),
            Stream("Account", "Companies, and people in organisations with person accounts."),
            Stream("Lead", "People and companies not yet qualified. A converted lead is reported as gone, with its contact in its place."),
            Stream("Opportunity", "Deals."),
            Stream("Task", "Calls, mails and to-dos with people and companies."),
            Stream("*", "Any other object that can be queried, custom ones (`…__c`) among them."),
        ],
        Limits = new() { Concurrency = 5, WriteBatch = CollectionsLane.MostRecords, ReadPage = 2000, Unit = "calls" },
        Guide = SalesforceGuide.Guide,
    };

    public IConnection Open(object settings, ConnectionContext context) => new SalesforceConnection((SalesforceSettings)settings, Declaration, context);

    private static StreamTraits Stream(string name, string summary) => new(name) { KeyField = "Id", CursorField = "SystemModstamp", TimeZone = "UTC", Writable = true, Summary = summary };
}
