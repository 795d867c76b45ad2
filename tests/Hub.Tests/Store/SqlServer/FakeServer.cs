using System.Data;
using System.Data.Common;
using Crm.Integration.Hub.Store.SqlServer;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>An engine over connections to nothing, and what they were sent.</summary>
internal sealed class FakeServer
{
    private readonly Dictionary<string, object?> _answers = new(StringComparer.Ordinal);

    public FakeServer(bool encrypted = true)
    {
        Engine = new SqlServerEngine(Connection, Copy, "fake.example, database hub, schema hub", encrypted);
        Version("Microsoft SQL Server 2022 (RTM) - 16.0.1000.6 (X64)", "16", "3");
        Answer(SqlServerLocks.Take, 0);
    }

    public SqlServerEngine Engine { get; }

    /// <summary>What was sent, in order; without the question for the version, with which every connection begins.</summary>
    public List<string> Log { get; } = [];

    /// <summary>What was copied in bulk: "table: a, b" and the rows.</summary>
    public List<string> Copied { get; } = [];

    /// <summary>Thrown by the next bulk copy.</summary>
    public Exception? CopyFails { get; set; }

    public void Answer(string sql, object? answer) => _answers[sql] = answer;

    public void Version(string version, string? major, string? edition) => Answer(SqlServerEngine.AskServer, Rows(["version", "major", "edition"], [version, major, edition]));

    public static DataTable Rows(string[] columns, params object?[][] rows)
    {
        var table = new DataTable { Locale = System.Globalization.CultureInfo.InvariantCulture };
        for (var i = 0; i < columns.Length; i++)
            table.Columns.Add(columns[i], rows.Select(row => row[i]?.GetType()).FirstOrDefault(type => type is not null) ?? typeof(string));
        foreach (var row in rows)
            table.Rows.Add([.. row.Select(value => value ?? DBNull.Value)]);
        return table;
    }

    private FakeConnection Connection() => new(Log, sql =>
    {
        if (sql == SqlServerEngine.AskServer)
            Log.Remove(sql);
        return _answers.GetValueOrDefault(sql);
    });

    private void Copy(DbTransaction transaction, string target, IReadOnlyList<string> columns, DbDataReader rows)
    {
        Log.Add("copy to " + target);
        if (CopyFails is { } failure)
            throw failure;
        Copied.Add($"{target}: {string.Join(", ", columns)}");
        while (rows.Read())
            Copied.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(i => rows.IsDBNull(i) ? "null" : rows.GetValue(i))));
    }
}
