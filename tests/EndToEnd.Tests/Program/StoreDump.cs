using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Crm.Integration.EndToEnd.Tests.Program;

/// <summary>
/// What a store says, without how it came to say it: no times, no numbers of runs, and records by their key at the source. Two
/// stores with the same dump give the same answers, now and at the next run.
/// </summary>
internal static class StoreDump
{
    private static readonly (string Name, string Sql)[] s_questions =
    [
        ("pipeline in", "select pipeline, connection, stream, entity, \"cursor\", live from inbound"),
        ("key at the source", "select i.pipeline, k.source_id, k.row_hash, k.record_id = r.id from source_key k join inbound i on i.id = k.inbound_id left join source_record r on r.inbound_id = k.inbound_id and r.source_id = k.source_id"),
        ("record", "select i.pipeline, r.source_id, r.data_hash, r.data, r.modified_at, r.gone_run is null from source_record r join inbound i on i.id = r.inbound_id"),
        ("not matched yet", $"select {Of("record_id")} from pending"),
        ("receipt", "select connection, stream, id from receipt"),
        ("unique value", $"select value_hash, {Of("record_id")} from unique_value"),
        ("quarantine", "select i.pipeline, q.\"identity\", q.source_id, q.position, q.\"rule\", q.path, q.place, q.message, q.payload, q.state from quarantine q join inbound i on i.id = q.inbound_id"),
        ("master", "select id, entity, data, merged_into, ended_run is null from master"),
        ("member", $"select master_id, {Of("record_id")} from xref"),
        ("total", "select entity, records, masters, scored from entity_total where records > 0"),
        ("key", $"select hash, {Of("record_id")} from match_key"),
        ("hot key", "select hash, entity, kind from hot_key"),
        ("term", "select hash, records from term"),
        ("edge", $"select {Of("a")}, {Of("b")}, bits, guard from edge"),
        ("judgement", $"select {Of("record_a")}, {Of("record_b")}, same from judgement"),
        ("review", $"select case when {Of("record_a")} < {Of("record_b")} then {Of("record_a")} else {Of("record_b")} end, case when {Of("record_a")} < {Of("record_b")} then {Of("record_b")} else {Of("record_a")} end, bits, guard, state from review"),
        ("pipeline out", "select pipeline, connection, stream, entity, delivered, feed_seq - (select coalesce(max(seq), 0) from change_feed) from outbound"),
        ("delivery", "select o.pipeline, d.master_id, d.\"key\", d.external_id, d.sent, d.state, d.error from delivery d join outbound o on o.id = d.outbound_id"),
    ];

    /// <summary>The facts, sorted.</summary>
    public static IReadOnlyList<string> Of(HubFolder folder)
    {
        using var store = Open(folder);
        return [.. s_questions.SelectMany(question => Rows(store, question.Name, question.Sql)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Every row of every table but those that tell of runs, as they stand, with all numbers and times.</summary>
    public static IReadOnlyList<string> Whole(HubFolder folder)
    {
        using var store = Open(folder);
        var tables = Rows(store, "", $"select name from {(folder.Schema is null ? "sqlite_schema where type = 'table' and name not like 'sqlite_%'" : "(select relname::text as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r') t where 1 = 1")} and name not like 'run%' and name not in ('sequence', 'setting')")
            .Select(table => table.TrimStart(' ', '|')).ToList();
        return [.. tables.SelectMany(table => Rows(store, table, $"select * from {table}")).Order(StringComparer.Ordinal)];
    }

    /// <summary>What would be wrong with any store, whatever it holds.</summary>
    public static IReadOnlyList<string> Faults(HubFolder folder)
    {
        using var store = Open(folder);

        // Whoever was killed may still be ending: all questions are about one moment.
        using var transaction = store.BeginTransaction(IsolationLevel.RepeatableRead);
        (string Name, string Sql)[] impossible =
        [
            ("the file is damaged", folder.Schema is null ? "select * from pragma_integrity_check where integrity_check <> 'ok'" : "select 1 where 1 = 0"),
            ("a live record is neither matched nor waits for it", "select id from source_record where gone_run is null and id not in (select record_id from xref) and id not in (select record_id from pending)"),
            ("a record that its key does not find", "select id from source_record r where not exists (select 1 from source_key k where k.inbound_id = r.inbound_id and k.source_id = r.source_id and k.record_id = r.id and (k.row_hash is null) = (r.gone_run is not null))"),
            ("a key without its record", "select record_id from source_key where record_id not in (select id from source_record)"),
            ("a member that does not exist", "select record_id from xref where record_id not in (select id from source_record)"),
            ("a member of a master that is none", "select record_id from xref where master_id not in (select id from master where merged_into is null and ended_run is null)"),
            ("a live master without members", "select id from master where merged_into is null and ended_run is null and id not in (select master_id from xref)"),
            ("a delivery of a master that never was", "select master_id from delivery where master_id not in (select id from master)"),
            ("a wrong count of records", "select pipeline from inbound i where live <> (select count(*) from source_record r where r.inbound_id = i.id and r.gone_run is null)"),
            ("a wrong count of deliveries", "select pipeline from outbound o where delivered <> (select count(*) from delivery d where d.outbound_id = o.id and (d.state = 'done' or d.state in ('failed', 'refused') and (d.external_id is not null or d.sent <> '{}')))"),
            ("a position beyond the feed", "select pipeline from outbound where feed_seq > (select coalesce(max(seq), 0) from change_feed)"),
            ("a number used twice", "select id from master where id >= (select next from sequence where name = 'master')"),
        ];
        return [.. impossible.SelectMany(question => Rows(store, question.Name, question.Sql).Take(3))];
    }

    /// <summary>How many rows a table has.</summary>
    public static long Count(HubFolder folder, string table)
    {
        using var store = Open(folder);
        using var command = store.CreateCommand();
        command.CommandText = $"select count(*) from {table}";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>All that golden records say and ever said, and all that was said in conflicts.</summary>
    public static string Said(HubFolder folder)
    {
        using var store = Open(folder);
        return string.Join('\n', Rows(store, "", "select data from master union all select data from master_version").Concat(Rows(store, "", "select ours, theirs from field_conflict")));
    }

    /// <summary>Runs a statement in the store, for a test that needs it to be as only time or a newer program can make it.</summary>
    public static void Change(HubFolder folder, string sql)
    {
        using var store = Open(folder);
        using var command = store.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Fails with the first differences of two dumps.</summary>
    public static void AssertSame(IReadOnlyList<string> expected, IReadOnlyList<string> actual, string when)
    {
        var missing = expected.Except(actual).Take(5).Select(row => "- " + row);
        var extra = actual.Except(expected).Take(5).Select(row => "+ " + row);
        var differences = string.Join('\n', missing.Concat(extra).Select(row => row.Length > 400 ? row[..400] : row));
        Assert.True(differences.Length == 0 && expected.Count == actual.Count, $"{when}: the store differs ({expected.Count} facts expected, {actual.Count} found)\n{differences}");
    }

    private static string Of(string column) => $"(select i.pipeline || '/' || r.source_id from source_record r join inbound i on i.id = r.inbound_id where r.id = {column})";

    private static DbConnection Open(HubFolder folder)
    {
        if (folder.Schema is { } schema)
            return schema.Open();
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.Store, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static List<string> Rows(DbConnection store, string name, string sql)
    {
        using var command = store.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(name + " | " + string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "∅" : Convert.ToString(reader.GetValue(i) is bool truth ? truth ? 1 : 0 : reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }
}
