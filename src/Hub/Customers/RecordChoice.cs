namespace Crm.Integration.Hub.Customers;

/// <summary>The source record that is meant.</summary>
internal static class RecordChoice
{
    /// <summary>Whether a text names a source record rather than a master: connection/stream/id.</summary>
    public static bool IsRecord(string text) => text.Count(letter => letter == '/') >= 2;

    /// <summary>The record of a name, and its master.</summary>
    /// <exception cref="RefusedException">There is none, or it has no master.</exception>
    public static (MasterRow Master, MemberRow Record) Of(HubView view, string name)
    {
        var (first, last) = (name.IndexOf('/', StringComparison.Ordinal), name.LastIndexOf('/'));

        // A stream may hold slashes, and so may an id: every way to divide the name is tried.
        for (var second = name.IndexOf('/', first + 1); second > 0; second = second < last ? name.IndexOf('/', second + 1) : -1)
        {
            var parts = new { connection = name[..first], stream = name[(first + 1)..second], id = name[(second + 1)..] };
            var found = view.Store.First<Found>(
                """
                select r.id, r.gone_run, x.master_id
                from inbound i join source_key k on k.inbound_id = i.id join source_record r on r.id = k.record_id left join xref x on x.record_id = r.id
                where i.connection = @connection and i.stream = @stream and k.source_id = @id
                """,
                parts);
            if (found is null)
                continue;
            if (found.MasterId is not { } master)
                throw RefusedException.Unknown(found.GoneRun is { } run ? $"{name} is gone from its source since run {run}" : $"{name} waits for matching", "`hub run` brings the store up to date");
            return (MasterQuery.Find(view.Store, master)!, MasterQuery.Members(view.Store, master).First(member => member.Id == found.Id));
        }

        throw RefusedException.Unknown($"there is no record {name}", "records are named connection/stream/id, as `hub show ID` lists them; a row may wait in `hub quarantine list`");
    }

    private sealed class Found
    {
        public long Id { get; init; }

        public long? GoneRun { get; init; }

        public long? MasterId { get; init; }
    }
}
