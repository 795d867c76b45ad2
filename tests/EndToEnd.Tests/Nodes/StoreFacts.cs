using System.Data;
using System.Data.Common;
using System.Globalization;
using Crm.Integration.EndToEnd.Tests.Program;
using Microsoft.Data.Sqlite;

namespace Crm.Integration.EndToEnd.Tests.Nodes;

/// <summary>
/// What a store says of customers, by the keys of their records: which records there are, which belong together, and what their golden
/// record and its destinations hold. Two stores that were told the same say the same, whatever numbers they gave.
/// </summary>
internal static class StoreFacts
{
    private const string Members =
        "select x.master_id, i.pipeline || '/' || r.source_id from xref x join source_record r on r.id = x.record_id join inbound i on i.id = r.inbound_id";

    /// <summary>The facts, sorted.</summary>
    public static IReadOnlyList<string> Of(HubFolder folder)
    {
        using var store = Open(folder);
        var names = Rows(store, Members).GroupBy(row => row[0], row => row[1]).ToDictionary(group => group.Key, group => string.Join(' ', group.Order(StringComparer.Ordinal)), StringComparer.Ordinal);
        var records = Rows(store, "select i.pipeline, r.source_id, r.data, r.modified_at, case when r.gone_run is null then 'there' else 'gone' end from source_record r join inbound i on i.id = r.inbound_id");
        var golden = Rows(store, "select id, data from master where merged_into is null and ended_run is null");
        var deliveries = Rows(store, "select d.master_id, o.pipeline, d.sent, d.state from delivery d join outbound o on o.id = d.outbound_id where d.state <> 'deleted'");
        return
        [
            .. records.Select(row => "record | " + string.Join(" | ", row)).Concat(golden.Select(row => $"customer | {names[row[0]]} | {row[1]}"))
                .Concat(deliveries.Select(row => $"delivery | {row[1]} | {names.GetValueOrDefault(row[0], "nobody")} | {row[2].Replace($"\"Id\":\"C{row[0]}\",", "", StringComparison.Ordinal)} | {row[3]}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The rows of a question, as text.</summary>
    public static IReadOnlyList<string[]> Rows(HubFolder folder, string sql)
    {
        using var store = Open(folder);
        return Rows(store, sql);
    }

    private static List<string[]> Rows(DbConnection store, string sql)
    {
        using var command = store.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "∅" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)]);
        return rows;
    }

    private static DbConnection Open(HubFolder folder)
    {
        if (folder.Schema is { } schema)
            return schema.Open();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.Store, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
