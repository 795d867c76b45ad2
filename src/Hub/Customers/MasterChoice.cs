namespace Crm.Integration.Hub.Customers;

/// <summary>The master that is meant.</summary>
internal static class MasterChoice
{
    /// <summary>The master of an id; an id that was merged leads to the one that lives on.</summary>
    /// <param name="view">The store.</param>
    /// <param name="id">What a person wrote: C1042.</param>
    /// <param name="merged">Hears of an id that was merged, and into which.</param>
    /// <exception cref="RefusedException">There is none.</exception>
    public static MasterRow Of(HubView view, string id, Action<string, string>? merged = null)
    {
        var number = HubView.Number(id);
        var master = MasterQuery.Follow(view.Store, number)
            ?? throw RefusedException.Unknown($"there is no master {id}", "`hub search NAME` finds them");
        var name = view.Id(master.Entity, master.Id);
        var prefix = id.Trim().TrimEnd("0123456789".ToCharArray());
        if (prefix.Length > 0 && !name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            throw RefusedException.Unknown($"there is no {id}; the number belongs to {name}, of entity {master.Entity}", $"`hub show {name}` shows it");
        if (master.Id != number)
            merged?.Invoke(id.Trim().ToUpperInvariant(), name);
        return master;
    }
}
