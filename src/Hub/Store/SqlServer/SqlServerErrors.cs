using System.Security.Authentication;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;

namespace Crm.Integration.Hub.Store.SqlServer;

/// <summary>What SQL Server's error numbers mean to whoever must act.</summary>
internal static partial class SqlServerErrors
{
    private const string GoesOn = "nothing is lost: run again, and it goes on from its last commit";

    /// <summary>An exception in words, or null for one that is not known.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="place">Where the store is.</param>
    public static StoreException? Translate(Exception exception, string place) => exception switch
    {
        SqlException sql => Of(sql, place),
        InvalidOperationException { InnerException: SqlException inner } => Of(inner, place),
        InvalidOperationException bulk when Truncated().IsMatch(bulk.Message) => TooLong(bulk.Message, place),
        _ => null,
    };

    /// <summary>Whether the same work, done again as a whole, may well succeed.</summary>
    /// <param name="exception">What was thrown.</param>
    public static bool IsTransient(Exception exception) => exception is SqlException sql
        ? sql.Number is 1205 or 1222 or 3960 or 3961 or 1204 or 701 or 8645 or 40197 or 40501 or 40613 or 49918 or 49919 or 49920 || LineBroke(sql)
        : exception.InnerException is SqlException inner && IsTransient(inner);

    private static StoreException? Of(SqlException exception, string place) => exception.Number switch
    {
        18456 or 18452 or 18470 or 18486 or 18487 or 18488 => new(
            $"SQL Server did not let the hub in ({place})",
            "check User ID and Password in store.connectionString, and that the server allows SQL logins; its own log says which of the two is wrong", exception),
        4060 or 911 => new(
            $"there is no such database, or the login may not open it ({place})",
            "create it (docs/stores.md has the script) and add the login to it as a user, or correct Database in store.connectionString", exception),
        229 or 230 or 262 or 297 or 300 or 916 or 2760 => new(
            $"the login lacks a right in the database ({place}): {exception.Errors[0].Message}",
            "give it the rights named in docs/stores.md; to make or upgrade the tables it must own the schema hub", exception),
        208 => new($"a table of the hub is missing ({place}): {exception.Errors[0].Message}", "restore the last backup; if the database is new, drop the schema hub and let the hub make it", exception),
        1205 or 3960 or 3961 => new($"another transaction was in the way and won ({place})", GoesOn, exception),
        1222 => new($"something else holds rows or tables of the store for more than a minute ({place})", "find it with sp_who2 (an open transaction in a query window?) and end it; " + GoesOn, exception),
        -2 => new($"SQL Server did not answer in time ({place})", "see whether the server is overloaded or blocked; `Command Timeout=600` in store.connectionString waits longer. " + GoesOn, exception),
        1105 or 1101 or 9002 or 1121 => new(
            exception.Number == 9002 ? $"the transaction log of the database is full ({place})" : $"the disk or file that holds the database is full ({place})",
            (exception.Number == 9002 ? "back up the log (or set the recovery model to SIMPLE), " : "free some space or let the file grow, ") + "then run again: nothing is lost", exception),
        3906 or 3908 or 976 or 978 or 983 => new($"the database cannot be written now ({place}): it is read-only, or not the primary replica", "point store.connectionString at the primary, or wait until it is back", exception),
        701 or 802 or 1204 or 8645 => new($"SQL Server is short of memory or locks ({place})", "give it more memory, or run when less is going on; " + GoesOn, exception),

        // These two quote the value, which may be somebody's address: neither their text nor they themselves are passed on.
        2627 or 2601 => new($"a row that must be there once came twice ({place}, {Quoted(exception.Message)})", "this is a fault of hub, or another program writes to its tables: please report it"),
        2628 or 8152 => TooLong(exception.Message, place),
        _ when IsCertificate(exception) => new(
            $"the certificate of the server is not trusted ({place})",
            "give the server a certificate that this machine trusts; or, in a network that you trust, write TrustServerCertificate=true. Do not turn Encrypt off", exception),
        _ when LineBroke(exception) => new(
            $"SQL Server cannot be reached, or the line broke ({place})",
            "check that it runs, listens on TCP (SQL Server Configuration Manager) and that no firewall is between; the port stands behind a comma: Server=db.example,1433. A server far away or asleep may need `Connect Timeout=60`. " + GoesOn, exception),
        _ => null,
    };

    private static StoreException TooLong(string message, string place) => new(
        $"a text is longer than its column ({place}, {Quoted(message)})",
        "the source id of a record may have 440 characters, the key at a destination 800: shorten it in the pipeline's key");

    /// <summary>The names of table, column or constraint in a message, without what it says of values.</summary>
    private static string Quoted(string message) => string.Join(' ', QuotedName().Matches(message.Split("value", 2)[0]).Select(match => match.Groups[1].Value)) is { Length: > 0 } names ? names : "no name given";

    // 233 and 10054 are what a server says that ends a line; below 0 and 20 to 10061 what the client says that finds none.
    private static bool LineBroke(SqlException exception) =>
        exception.Class >= 20 || exception.Number is 0 or -1 or 2 or 20 or 40 or 53 or 64 or 121 or 233 or 258 or 10053 or 10054 or 10060 or 10061 or 11001 or 17142 or 6005 or 40197 or 40613;

    private static bool IsCertificate(SqlException exception)
    {
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException)
                return true;
        }

        return exception.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) || exception.Message.Contains("SSL Provider", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"truncated|cannot be converted to type n?varchar", RegexOptions.IgnoreCase)]
    private static partial Regex Truncated();

    [GeneratedRegex(@"'([\w.#]+)'")]
    private static partial Regex QuotedName();
}
