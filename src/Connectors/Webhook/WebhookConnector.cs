using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Webhook;

/// <summary>Any system that can send HTTP requests.</summary>
internal sealed class WebhookConnector : IConnector
{
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "webhook",
        Summary = "Any system that sends its records by HTTP: JSON, JSON Lines, CSV, XML or forms, signed with a shared secret. A stream is a name in the address.",
        SettingsType = typeof(WebhookSettings),
        Capabilities = ConnectorCapabilities.Webhook,
        Deletes = DeleteStrategy.Reported,
        IdempotentCreate = false,
        Guide = WebhookGuide.Text,
    };

    public IConnection Open(object settings, ConnectionContext context) => new WebhookConnection((WebhookSettings)settings, context);
}
