using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors;

/// <summary>The connectors that come with the hub, a line each.</summary>
public static class BuiltInConnectors
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<IConnector> All { get; } =
    [
        new Csv.CsvConnector(),
        new DropFolder.DropFolderConnector(),
        new Fxiaoke.FxiaokeConnector(),
        new Insightly.InsightlyConnector(),
        new JsonLines.JsonLinesConnector(),
        new Salesforce.SalesforceConnector(),
        new Webhook.WebhookConnector(),
        new Zoho.ZohoConnector(),
    ];
}
