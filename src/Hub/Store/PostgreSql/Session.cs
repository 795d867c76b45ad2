using System.Data.Common;
using Dapper;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>What belongs to one connection: its temporary tables.</summary>
internal sealed class Session
{
    private readonly Dictionary<string, TemporaryTable> _staging = new(StringComparer.Ordinal);

    /// <summary>The table <c>batch</c>.</summary>
    public TemporaryTable Batch { get; } = new("batch");

    /// <summary>The table where rows for another one gather, empty: the number of the row, then the columns.</summary>
    public TemporaryTable Staging(DbConnection connection, string table, string columns)
    {
        var key = $"{table} ({columns})";
        if (!_staging.TryGetValue(key, out var staging))
            _staging.Add(key, staging = new TemporaryTable($"staging_{table}_{_staging.Count}"));

        // Each time: a rollback takes it away again.
        connection.Execute($"create temporary table if not exists {staging.Name} as select 0::bigint as staged, {columns} from {table} where false");
        staging.Clear(connection);
        return staging;
    }
}
