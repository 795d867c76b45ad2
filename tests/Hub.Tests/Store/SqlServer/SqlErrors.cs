using System.Reflection;
using Microsoft.Data.SqlClient;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>Makes the exceptions that the client throws: it has no public way to make one.</summary>
internal static class SqlErrors
{
    public static SqlException Of(int number, string message = "said by the server", byte severity = 16, Exception? inner = null)
    {
        const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Instance;
        var error = typeof(SqlError).GetConstructor(Hidden, [typeof(int), typeof(byte), typeof(byte), typeof(string), typeof(string), typeof(string), typeof(int), typeof(int), typeof(Exception), typeof(int)])!
            .Invoke([number, (byte)0, severity, "db.example", message, "", 0, 0, inner, -1]);
        var errors = (SqlErrorCollection)typeof(SqlErrorCollection).GetConstructor(Hidden, [])!.Invoke([]);
        typeof(SqlErrorCollection).GetMethod("Add", Hidden)!.Invoke(errors, [error]);
        return (SqlException)typeof(SqlException).GetConstructor(Hidden, [typeof(string), typeof(SqlErrorCollection), typeof(Exception), typeof(Guid)])!
            .Invoke([message, errors, inner, Guid.Empty]);
    }
}
