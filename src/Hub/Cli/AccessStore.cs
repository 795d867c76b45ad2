using Crm.Integration.Hub.Access;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Cli;

/// <summary>Tokens and audit log, for verbs. Works beside a service that is running.</summary>
internal sealed class AccessStore : IDisposable
{
    /// <summary>Those of the hub folder; only hub.json has to be right.</summary>
    public AccessStore(CommandContext context)
    {
        var engine = MasterStore.EngineOf(HubView.ReadSettings(context.HubFolder, context.Secrets).Store, context.HubFolder);
        Tokens = new ApiTokens(engine, context.Clock);
        Audit = new AuditLog(engine, context.Clock);
    }

    /// <summary>The tokens.</summary>
    public ApiTokens Tokens { get; }

    /// <summary>The audit log.</summary>
    public AuditLog Audit { get; }

    /// <summary>Who sits at the console, as the audit log says it.</summary>
    public string Actor { get; } = $"{Environment.UserName} at the console of {Environment.MachineName}";

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Audit.Dispose();
    }
}
