using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Retention;

/// <summary>What is cleared away, in this order: details before what they belong to.</summary>
internal static class RetentionRules
{
    /// <summary>The rules that the settings make.</summary>
    public static IReadOnlyList<RetentionRule> Of(RetentionSettings settings)
    {
        var details = settings.RunDetailDays;
        List<RetentionRule> rules =
        [
            new("outcomes of records", "runDetailDays", details, "run_record", ("run_id", "record_id"), (store, before, most) => store.Query<(long, long)>(
                "select run_id, record_id from run_record where run_id < @young order by run_id, record_id limit @most", new { young = FirstYoungRun(store, before), most })),
            new("findings", "runDetailDays", details, "run_finding", ("run_id", "id"), (store, before, most) => store.Query<(long, long)>(
                "select run_id, id from run_finding where run_id < @young order by run_id, id limit @most", new { young = FirstYoungRun(store, before), most })),
            new("writes to other systems", "runDetailDays", details, "run_write", ("run_id", "master_id"), (store, before, most) => store.Query<(long, long)>(
                "select run_id, master_id from run_write where run_id < @young order by run_id, outbound_id, master_id limit @most", new { young = FirstYoungRun(store, before), most })),
            new("runs", "runDays", Math.Max(details, settings.RunDays), "run", ("id", "started_at"), (store, before, most) => store.Query<(long, long)>(
                "select id, started_at from run where id < @young order by id limit @most", new { young = FirstYoungRun(store, before), most })),
            new("changes in the feed", "feedDays", settings.FeedDays, "change_feed", ("seq", "master_id"), OldestChanges),
            new("rows that left the quarantine", "quarantineDays", settings.QuarantineDays, "quarantine", ("id", "inbound_id"), (store, before, most) => store.Query<(long, long)>(
                "select id, inbound_id from quarantine where state = 'resolved' and closed_at < @before order by id limit @most", new { before, most })),
        ];
        rules.Add(new("webhooks that were taken", "inboxDays", settings.InboxDays, "inbox", ("id", "received_at"), (store, before, most) => OldestMessages(store, before, most, 1)) { OfService = true });
        rules.Add(new("webhooks that could not be read", "poisonDays", settings.PoisonDays, "inbox", ("id", "received_at"), (store, before, most) => OldestMessages(store, before, most, 2)) { OfService = true });
        rules.Add(new("requests of runs", "runDetailDays", details, "run_request", ("id", "created_at"), (store, before, most) => store.Query<(long, long)>(
            "select id, created_at from run_request where ended_at < @before order by ended_at, id limit @most", new { before, most })) { OfService = true });
        rules.Add(new("alerts that are over", "runDetailDays", details, "alert", ("id", "opened_at"), (store, before, most) => store.Query<(long, long)>(
            "select id, opened_at from alert where closed_at < @before order by closed_at, id limit @most", new { before, most })) { OfService = true });
        rules.Add(new("messages that were sent", "runDetailDays", details, "alert_message", ("id", "created_at"), (store, before, most) => store.Query<(long, long)>(
            "select id, created_at from alert_message where sent_at < @before order by sent_at, id limit @most", new { before, most })) { OfService = true });
        rules.Add(new("instants of schedules", "runDetailDays", details, "fired", ("due_at", "request_id"), (store, before, most) => store.Query<(long, long)>(
            "select due_at, request_id from fired where fired_at < @before order by fired_at limit @most", new { before, most })) { OfService = true });
        if (settings.HistoryDays is { } history)
        {
            rules.Add(new("earlier versions of golden records", "historyDays", history, "master_version", ("master_id", "version"), (store, before, most) => store.Query<(long, long)>(
                """
                select v.master_id, v.version from master_version v
                where v.changed_at < @before
                    and (exists (select 1 from master_version w where w.master_id = v.master_id and w.version > v.version and w.changed_at < @before)
                        or exists (select 1 from master m where m.id = v.master_id and m.changed_at < @before))
                order by v.master_id, v.version limit @most
                """,
                new { before, most })));
        }

        return rules;
    }

    // Runs are numbered as they begin: the old ones lie in front.
    private static long FirstYoungRun(MasterStore store, long before) =>
        store.Scalar<long?>("select min(id) from run where ended_at is null or ended_at >= @before", new { before })
        ?? (store.Scalar<long?>("select max(id) from run") ?? 0) + 1;

    // The last change stays, so that the feed never looks as if it began anew.
    private static List<(long First, long Second)> OldestChanges(MasterStore store, long before, int most)
    {
        var read = Math.Min(
            store.Scalar<long?>("select min(feed_seq) from outbound") ?? long.MaxValue,
            (store.Scalar<long?>("select max(seq) from change_feed") ?? 0) - 1);
        return [.. store.Query<Change>("select seq, master_id, at from change_feed where seq <= @read order by seq limit @most", new { read, most })
            .TakeWhile(change => change.At < before)
            .Select(change => (change.Seq, change.MasterId))];
    }

    // In the order of their numbers, and without asking for their age: else all young ones would be looked at in search of an old one.
    private static List<(long First, long Second)> OldestMessages(MasterStore store, long before, int most, int state) =>
    [
        .. store.Query<Message>("select id, received_at, done_at from inbox where state = @state order by id limit @most", new { state, most })
            .Where(message => (message.DoneAt ?? message.ReceivedAt) < before)
            .Select(message => (message.Id, message.ReceivedAt)),
    ];

    private sealed class Message
    {
        public long Id { get; init; }

        public long ReceivedAt { get; init; }

        public long? DoneAt { get; init; }
    }

    private sealed class Change
    {
        public long Seq { get; init; }

        public long MasterId { get; init; }

        public long At { get; init; }
    }
}
