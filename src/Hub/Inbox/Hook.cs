using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Hub.Inbox;

/// <summary>An address that takes webhooks.</summary>
/// <param name="Connection">The connection's name.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Opened">Verifies what comes; opened when the first one does.</param>
/// <param name="Budget">How much the connection may send.</param>
internal sealed record Hook(string Connection, string Stream, Lazy<IWebhookConnection> Opened, HookBudget Budget);
