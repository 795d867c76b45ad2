using System.Globalization;
using Npgsql;

namespace Crm.Integration.EndToEnd.Tests.Program;

/// <summary>A schema of a test's own in the PostgreSQL that HUB_TEST_POSTGRES names, gone when the test is over.</summary>
internal sealed class TestSchema : IDisposable
{
    private static int s_made;

    private readonly string _server;

    public TestSchema(string? server = null)
    {
        SkipWithoutServer(server);
        _server = server ?? Server!;
        Name = string.Create(CultureInfo.InvariantCulture, $"e2e_{Environment.ProcessId}_{Interlocked.Increment(ref s_made)}");
        ConnectionString = new NpgsqlConnectionStringBuilder(_server) { SearchPath = Name }.ToString();
    }

    /// <summary>How to reach the server, or null when there is none.</summary>
    public static string? Server { get; } = Environment.GetEnvironmentVariable("HUB_TEST_POSTGRES") is { Length: > 0 } server ? server : null;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>For hub.json.</summary>
    public string ConnectionString { get; }

    /// <summary>Whether a hub has made it.</summary>
    public bool Exists => Scalar<bool>("select to_regclass('schema_version') is not null");

    /// <summary>Skips the test where there is no server.</summary>
    public static void SkipWithoutServer(string? server = null) => Assert.SkipWhen((server ?? Server) is null, "server: PostgreSQL (HUB_TEST_POSTGRES names none)");

    /// <summary>A session in the schema.</summary>
    public NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>A copy with everything in it.</summary>
    public TestSchema Copy()
    {
        var copy = new TestSchema(_server);
        using var connection = Open();
        using var command = new NpgsqlCommand(
            $"""
            create schema {copy.Name};
            do $copy$
            declare t record; s record;
            begin
                for t in select relname from pg_class where relnamespace = '{Name}'::regnamespace and relkind = 'r' loop
                    execute format('create table {copy.Name}.%1$I (like {Name}.%1$I including all)', t.relname);
                    execute format('insert into {copy.Name}.%1$I overriding system value select * from {Name}.%1$I', t.relname);
                end loop;
                for s in select c.relname as t, a.attname as a from pg_class c join pg_attribute a on a.attrelid = c.oid where c.relnamespace = '{Name}'::regnamespace and a.attidentity <> '' loop
                    execute format('select setval(pg_get_serial_sequence(%L, %L), nextval(pg_get_serial_sequence(%L, %L)), false)', '{copy.Name}.' || s.t, s.a, '{Name}.' || s.t, s.a);
                end loop;
            end $copy$
            """,
            connection);
        command.ExecuteNonQuery();
        return copy;
    }

    /// <summary>Ends the session of the hub that works here, as a server does when it is shut down.</summary>
    /// <returns>How many there were.</returns>
    public int EndSessions() => Scalar<int>(
        "select count(pg_terminate_backend(pid))::int from pg_locks where locktype = 'advisory' and classid = 6845794 and objid::bigint = hashtext(current_schema()::text)::bigint & 4294967295");

    /// <summary>One value.</summary>
    public T Scalar<T>(string sql)
    {
        using var connection = Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        using var connection = Open();
        using var command = new NpgsqlCommand($"drop schema if exists {Name} cascade", connection);
        command.ExecuteNonQuery();
    }
}
