using Crm.Integration.Hub.TwoWay;

namespace Crm.Integration.Hub.Cli;

/// <summary>The conflict that a command line means.</summary>
internal static class ConflictChoice
{
    /// <summary>The conflict of a number.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static ConflictView Of(HubView view, long id) => ConflictQuery.Find(view.Store, id)
        ?? throw CommandException.Usage(FormattableString.Invariant($"there is no conflict {id}"), "`hub conflict list` lists those that wait, `--state settled` those that are over");
}
