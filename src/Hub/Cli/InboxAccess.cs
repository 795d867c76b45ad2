using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Cli;

/// <summary>Opens the service's store beside a service that is running: what lies there is written in short transactions, and no lock is needed.</summary>
internal static class InboxAccess
{
    /// <summary>The store, or null when no service has run on this folder yet.</summary>
    public static MasterStore? Open(CommandContext context)
    {
        var engine = MasterStore.EngineOf(HubView.ReadSettings(context.HubFolder, context.Secrets).Store, context.HubFolder).Service;
        return engine.Exists() ? MasterStore.Open(engine, context.Clock) : null;
    }
}
