using System.Data.Common;
using System.Globalization;
using Dapper;
using Npgsql;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>
/// The right to write: an advisory lock that the server gives back when the session ends, however it ends. The work is done on
/// the same session, so that who loses the lock can write nothing more.
/// </summary>
internal sealed class WriterLock : IDisposable
{
    /// <summary>The first half of the lock's number: "hub", so that other users of advisory locks keep out of the way.</summary>
    public const int Class = 0x687562;

    private static readonly TimeSpan s_sayEvery = TimeSpan.FromSeconds(5);

    private readonly NpgsqlConnection _connection;
    private readonly Action _released;
    private bool _lent;

    private WriterLock(NpgsqlConnection connection, Action released)
    {
        _connection = connection;
        _released = released;
    }

    /// <summary>Takes the lock, or throws a <see cref="StoreException"/> that says who holds it.</summary>
    public static async Task<WriterLock> TakeAsync(
        NpgsqlConnection connection, string schema, string purpose, TimeSpan wait, Action<string> waiting, Action released, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var said = TimeSpan.Zero;
        try
        {
            while (!await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@Class, hashtext(@schema))", new { Class, schema }))
            {
                var waited = clock.GetElapsedTime(started);
                if (waited >= wait)
                {
                    throw new StoreException(
                        $"another hub is at work on this store: {HolderOf(connection, schema) ?? "unknown holder"}",
                        "wait for it to end, or stop it; `--wait SECONDS` waits longer");
                }

                if (waited - said >= s_sayEvery)
                {
                    said = waited;
                    waiting(HolderOf(connection, schema) ?? "unknown holder");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellationToken);
            }

            // What the server shows of a session: for whoever waits, and for the one who looks after the server.
            var name = string.Create(CultureInfo.InvariantCulture, $"hub {purpose}, process {Environment.ProcessId} on {Environment.MachineName}");
            await connection.ExecuteAsync("select set_config('application_name', @name, false)", new { name = name.Length > 63 ? name[..63] : name });
            return new WriterLock(connection, released);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who holds the lock, or null when nobody does.</summary>
    public static string? HolderOf(DbConnection connection, string schema) => connection.QueryFirstOrDefault<string>(
        """
        select coalesce(nullif(a.application_name, ''), 'a hub') || ', session ' || l.pid || coalesce(' from ' || host(a.client_addr), '')
            || coalesce(', since ' || to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZH:TZM'), '')
        from pg_locks l left join pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
            and l.classid::bigint = @Class and l.objid::bigint = hashtext(@schema)::bigint & 4294967295 and l.objsubid = 2
        """,
        new { Class, schema });

    /// <summary>The session, if nobody works on it.</summary>
    public DbConnection? Lend()
    {
        if (_lent)
            return null;
        _lent = true;
        return _connection;
    }

    /// <summary>Takes the session back from who worked on it; false when it is another one.</summary>
    public bool TakeBack(DbConnection connection)
    {
        if (!ReferenceEquals(connection, _connection))
            return false;
        _lent = false;
        return true;
    }

    public void Dispose()
    {
        _released();
        _connection.Dispose();
    }
}
