using System.Net.Sockets;
using Npgsql;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>What the server or the way to it says, as what to do.</summary>
internal static class PostgreSqlErrors
{
    /// <summary>Whether the same work may succeed when it is done again.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        // Serialisation failure, deadlock, lock not available, the server shuts down or starts, connections of all kinds.
        PostgresException server => server.SqlState is "40001" or "40P01" or "55P03" or "57P01" or "57P02" or "57P03" or "53300" || server.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException or EndOfStreamException } => true,
        StoreException { InnerException: { } inner } => IsTransient(inner),
        InvalidOperationException { Source: "Npgsql" } => false,
        _ => false,
    };

    /// <summary>The exception in words, or null for one that is none of the server's.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="place">Where the store is.</param>
    /// <param name="schema">Its schema.</param>
    public static StoreException? Translate(Exception exception, string place, string schema) => exception switch
    {
        PostgresException server => OfServer(server, place, schema),
        NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } =>
            new($"the server of {place} is not found: its name leads nowhere", "check Host in store.connectionString of hub.json, and the name service of this machine", exception),
        NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            new($"nothing listens at {place}", "check Host and Port in store.connectionString of hub.json, and that PostgreSQL is running and takes connections from this machine (listen_addresses)", exception),
        NpgsqlException { InnerException: TimeoutException } =>
            new($"{place} does not answer", "check Host and Port in store.connectionString of hub.json, and the firewalls between here and there", exception),
        NpgsqlException { InnerException: System.Security.Authentication.AuthenticationException } =>
            new($"no encrypted connection to {place} came about: {exception.InnerException!.Message}", "check SSL Mode and Root Certificate in store.connectionString of hub.json", exception),
        NpgsqlException { InnerException: IOException or SocketException or EndOfStreamException } =>
            new($"the connection to {place} was lost", "nothing is lost: the run goes on from its last commit when it is started again; look at the server's log for why", exception),
        NpgsqlException when exception.Message.Contains("No password", StringComparison.OrdinalIgnoreCase) =>
            new($"{place} asks for a password and store.connectionString has none", "add Password=${env:NAME} to it, and set that variable for the account that runs hub", exception),
        NpgsqlException => new($"{place} cannot be used: {exception.Message}", "`hub doctor` says more", exception),
        _ => null,
    };

    private static StoreException OfServer(PostgresException server, string place, string schema) => server.SqlState switch
    {
        "28P01" or "28000" => new($"{place} does not let this user in", "check Username and Password in store.connectionString of hub.json, and the server's pg_hba.conf", server),
        "3D000" => new($"the database of {place} does not exist", "make it with: create database hub encoding 'UTF8' template template0 owner hub", server),
        "42501" => new(
            $"the user of {place} lacks a right: {server.MessageText}",
            $"as an administrator of the database: grant create, temporary on database … to the user; or: create schema {schema} authorization the user", server),
        "53100" => new($"the disk of the server of {place} is full", "free some space there and run again: nothing is lost, the run goes on from its last commit", server),
        "53200" => new($"the server of {place} ran out of memory", "lower work_mem or give the server more memory, then run again", server),
        "53300" => new($"the server of {place} takes no more connections", "raise max_connections, or close what holds them; then run again", server),
        "54000" => new($"{place} refuses a value: {server.MessageText}", "ids of source records may have up to 2,700 bytes on PostgreSQL: choose a shorter key in the pipeline", server),
        "57P01" or "57P02" => new($"the server of {place} was stopped, or ended this session", "nothing is lost: the run goes on from its last commit when it is started again", server),
        "57P03" => new($"the server of {place} is starting or stopping", "run again in a moment", server),
        "40001" or "40P01" or "55P03" => new($"another session was in the way at {place}: {server.MessageText}", "run again: nothing is lost, the run goes on from its last commit", server),
        "25006" => new($"{place} is read-only: probably a standby", "name the primary server in store.connectionString of hub.json (or Target Session Attributes=primary)", server),
        "XX001" or "XX002" => new($"{place} is damaged: {server.MessageText}", "stop all runs and restore the last backup", server),
        // The text of these quotes the value.
        ['2', '2', ..] => new($"{place} refuses a value ({server.SqlState})", "this should not happen: the log has the details; nothing is lost, the next run goes on from the last commit", server),
        _ => new($"{place} refuses a statement ({server.SqlState}): {server.MessageText}", "this should not happen: the log has the details; nothing is lost, the next run goes on from the last commit", server),
    };
}
