using Crm.Integration.Hub.Review;

namespace Crm.Integration.Hub.Cli;

/// <summary>The pair that a command line means.</summary>
internal static class ReviewChoice
{
    /// <summary>The pair of a number.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static ReviewRow Of(HubView view, long id) => ReviewQuery.Find(view.Store, id)
        ?? throw CommandException.Usage(FormattableString.Invariant($"there is no pair {id} in review"), "`hub review list` lists them; a pair that settled itself is taken off the list");
}
