namespace Crm.Integration.Hub.Review;

/// <summary>The pair that is meant.</summary>
internal static class ReviewChoice
{
    /// <summary>The pair of a number.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public static ReviewRow Of(HubView view, long id) => ReviewQuery.Find(view.Store, id)
        ?? throw RefusedException.Unknown(FormattableString.Invariant($"there is no pair {id} in review"), "`hub review list` lists them; a pair that settled itself is taken off the list");
}
