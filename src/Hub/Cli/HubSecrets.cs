using Crm.Integration.Hub.Accounts;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Cli;

/// <summary>The hub's own secrets, for the configuration and for the verbs that keep them.</summary>
internal static class HubSecrets
{
    /// <summary>Looks secrets up for <c>${secret:NAME}</c>. The store is opened when the first one is asked for.</summary>
    public static Func<HubSettings, string, (string? Value, string Problem, string Fix)> Of(string hubFolder, TimeProvider clock)
    {
        AccountStore? store = null;
        return (settings, name) =>
        {
            try
            {
                store ??= new AccountStore(MasterStore.EngineOf(settings.Store, hubFolder), hubFolder, clock, Environment.GetEnvironmentVariable);
                return (store.Secret(name), $"there is no secret {name}", $"give it with `hub secret set {name}`");
            }
            catch (StoreException exception)
            {
                return (null, exception.Message, exception.Fix);
            }
        };
    }

    /// <summary>The store of secrets that hub.json names.</summary>
    public static AccountStore Open(CommandContext context) => new(
        MasterStore.EngineOf(HubView.ReadSettings(context.HubFolder, context.Secrets).Store, context.HubFolder), context.HubFolder, context.Clock, Environment.GetEnvironmentVariable);

    /// <summary>A name as it may stand in a reference.</summary>
    /// <exception cref="CommandException">It may not.</exception>
    public static string Checked(string name) => name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        ? name
        : throw CommandException.Usage($"'{name}' is no name for a secret", "use letters, digits, '-', '_' and '.'");
}
