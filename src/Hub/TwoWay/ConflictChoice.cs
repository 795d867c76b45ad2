namespace Crm.Integration.Hub.TwoWay;

/// <summary>The conflict that is meant.</summary>
internal static class ConflictChoice
{
    /// <summary>The conflict of a number.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public static ConflictView Of(HubView view, long id) => ConflictQuery.Find(view.Store, id)
        ?? throw RefusedException.Unknown(FormattableString.Invariant($"there is no conflict {id}"), "`hub conflict list` lists those that wait, `--state settled` those that are over");
}
