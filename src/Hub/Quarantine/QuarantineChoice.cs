namespace Crm.Integration.Hub.Quarantine;

/// <summary>Which entries of the quarantine are meant: some by number, or all with one cause.</summary>
internal static class QuarantineChoice
{
    /// <summary>The numbers of the entries meant.</summary>
    /// <exception cref="RefusedException">None is named, or one does not exist.</exception>
    public static long[] Of(HubView view, long[] ids, string? pipeline, string? rule, int limit)
    {
        if (ids.Length == 0 && pipeline is null && rule is null)
            throw RefusedException.Invalid("ids", "which rows?", "name entries by number, or all with one cause by --pipeline and --rule; `hub quarantine list` lists them");
        if (ids.Length == 0)
            return [.. QuarantineQuery.List(view.Store, new QuarantineFilter(pipeline, rule, "open"), limit).Select(entry => entry.Id)];
        foreach (var id in ids)
        {
            if (QuarantineQuery.Find(view.Store, id) is null)
                throw RefusedException.Unknown(FormattableString.Invariant($"the quarantine has no entry {id}"), "`hub quarantine list` lists them");
        }

        return ids;
    }
}
