using System.Data.Common;
using System.Globalization;
using Dapper;

namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>
/// Application locks. Who holds them stands in a table, since the server tells that only to administrators.
/// </summary>
internal sealed class SqlServerLocks : ServerLocks
{
    /// <summary>Takes a lock, waiting for at most so many milliseconds, -1 for as long as it takes; 0 or 1 says that it was taken.</summary>
    public const string Take =
        """
        declare @result int;
        exec @result = sp_getapplock @Resource = @resource, @LockMode = @mode, @LockOwner = N'Session', @LockTimeout = @timeout;
        select @result;
        """;

    /// <summary>Gives it back, and the holder's name with it.</summary>
    public const string GiveBack =
        """
        delete from hub.lock_session where resource = @resource and session_id = @@spid;
        exec sp_releaseapplock @Resource = @resource, @LockOwner = N'Session';
        """;

    /// <summary>Whether it could be taken.</summary>
    public const string IsFree = "select applock_test(N'public', @resource, N'Exclusive', N'Session')";

    /// <summary>Keeps others from changing the schema until the end of the transaction.</summary>
    public const string LockSchema = "exec sp_getapplock @Resource = N'hub.schema', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 60000";

    /// <summary>Makes the place for holders' names: the very first run takes the lock before it makes the tables.</summary>
    public const string MakePlace =
        """
        if schema_id(N'hub') is null exec(N'create schema hub');
        if object_id(N'hub.lock_session') is null create table hub.lock_session (resource nvarchar(60) not null, session_id int not null, holder nvarchar(400) not null, constraint lock_session_primary primary key (resource, session_id));
        """;

    /// <summary>Whether there is such a place.</summary>
    public const string HasPlace = "select object_id(N'hub.lock_session')";

    /// <summary>Writes a holder down; who is alone clears what dead sessions left behind.</summary>
    public const string SignIn =
        """
        delete from hub.lock_session where resource = @resource and (@alone = 1 or session_id = @@spid);
        insert into hub.lock_session (resource, session_id, holder) values (@resource, @@spid, @holder);
        """;

    /// <summary>Who wrote himself down.</summary>
    public const string Who = "select max(holder) from hub.lock_session where resource = @resource";

    public override bool Try(DbConnection connection, string name, LockMode mode) =>
        connection.ExecuteScalar<int>(Take, new { resource = Resource(name), mode = Word(mode), timeout = 0 }) >= 0;

    public override async Task WaitAsync(DbConnection connection, string name, LockMode mode, CancellationToken cancellationToken)
    {
        var given = new { resource = Resource(name), mode = Word(mode), timeout = -1 };
        if (await connection.ExecuteScalarAsync<int>(new CommandDefinition(Take, given, cancellationToken: cancellationToken)) is var result && result < 0)
            throw new StoreException($"SQL Server did not give the lock {given.resource} ({result})", "run again: nothing is lost, the run goes on from its last commit");
    }

    public override void Release(DbConnection connection, string name, LockMode mode) => connection.Execute(GiveBack, new { resource = Resource(name) });

    public override void Sign(DbConnection connection, string name, LockMode mode, string holder)
    {
        if (name == Store && connection.ExecuteScalar<int?>(HasPlace) is null)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(LockSchema, transaction: transaction);
            connection.Execute(MakePlace, transaction: transaction);
            transaction.Commit();
        }

        connection.Execute(SignIn, new { resource = Resource(name), alone = mode == LockMode.Alone ? 1 : 0, holder });
    }

    public override string? Holder(DbConnection connection, string name)
    {
        if (connection.ExecuteScalar<int>(IsFree, new { resource = Resource(name) }) == 1)
            return null;
        return (connection.ExecuteScalar<int?>(HasPlace) is null ? null : connection.ExecuteScalar<string?>(Who, new { resource = Resource(name) })) ?? LockWait.Unknown;
    }

    private static string Word(LockMode mode) => mode == LockMode.Alone ? "Exclusive" : "Shared";

    // A resource's name has a limit and the database's collation, so what is held by name is a number.
    private static string Resource(string name) => name == Store ? "hub.writer" : string.Create(CultureInfo.InvariantCulture, $"hub.named.{Number(name):x16}");
}
