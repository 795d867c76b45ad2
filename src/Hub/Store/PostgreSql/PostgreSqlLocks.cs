using System.Data.Common;
using Dapper;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>Advisory locks: the store's has a class and the schema's hash, named ones a hash of 64 bits.</summary>
/// <param name="schema">The schema.</param>
internal sealed class PostgreSqlLocks(string schema) : ServerLocks
{
    /// <summary>The first half of the store's number: "hub", so that other users of advisory locks keep out of the way.</summary>
    public const int Class = 0x687562;

    public override bool Try(DbConnection connection, string name, LockMode mode) =>
        connection.ExecuteScalar<bool>($"select pg_try_advisory_lock{Suffix(mode)}({Key(name)})", Of(name));

    public override Task WaitAsync(DbConnection connection, string name, LockMode mode, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition($"select pg_advisory_lock{Suffix(mode)}({Key(name)})", Of(name), cancellationToken: cancellationToken));

    public override void Release(DbConnection connection, string name, LockMode mode) =>
        connection.Execute($"select pg_advisory_unlock{Suffix(mode)}({Key(name)})", Of(name));

    // The server shows a name with each session, and its locks elsewhere.
    public override void Sign(DbConnection connection, string name, LockMode mode, string holder)
    {
        if (name == Store)
            connection.Execute("select set_config('application_name', @name, false)", new { name = holder.Split(", since")[0] is { Length: > 63 } longer ? longer[..63] : holder.Split(", since")[0] });
    }

    public override string? Holder(DbConnection connection, string name) => connection.QueryFirstOrDefault<string>(
        $"""
        select coalesce(nullif(a.application_name, ''), 'a hub') || ', session ' || l.pid || coalesce(' from ' || host(a.client_addr), '')
            || coalesce(', since ' || to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZH:TZM'), '')
        from pg_locks l left join pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
            and {(name == Store
                ? "l.objsubid = 2 and l.classid::bigint = @Class and l.objid::bigint = hashtext(@schema)::bigint & 4294967295"
                : "l.objsubid = 1 and l.classid::bigint = (@number >> 32) & 4294967295 and l.objid::bigint = @number & 4294967295")}
        order by l.mode, a.backend_start limit 1
        """,
        Of(name));

    private static string Suffix(LockMode mode) => mode == LockMode.Shared ? "_shared" : "";

    private static string Key(string name) => name == Store ? "@Class, hashtext(@schema)" : "@number";

    private object Of(string name) => name == Store ? new { Class, schema } : new { number = Number($"{schema}\n{name}") };
}
