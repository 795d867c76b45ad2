using System.Data.Common;
using Dapper;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>
/// A temporary table of a connection that is filled and emptied again and again. Deleted rows of such a table stay where they
/// are, since nobody vacuums it; after so many it is truncated, which costs more than deleting a few.
/// </summary>
/// <param name="name">Its name.</param>
internal sealed class TemporaryTable(string name)
{
    private const long MostDead = 50_000;

    private long _dead;
    private long _rows;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Counts rows that were put in.</summary>
    public void Add(long rows) => _rows += rows;

    /// <summary>Empties it.</summary>
    public void Clear(DbConnection connection)
    {
        _dead += _rows;
        if (_dead > MostDead)
        {
            connection.Execute("truncate " + name);
            _dead = 0;
        }
        else if (_rows > 0)
        {
            connection.Execute("delete from " + name);
        }

        _rows = 0;
    }
}
