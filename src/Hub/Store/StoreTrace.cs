using System.Diagnostics;

namespace Crm.Integration.Hub.Store;

/// <summary>
/// Tells whoever listens what is asked of the store, in the form common to all engines. A test listens, and writes down what an engine
/// that is not at hand would be sent.
/// </summary>
internal static class StoreTrace
{
    /// <summary>The name to listen to.</summary>
    public const string Name = "Crm.Integration.Hub.Store";

    private static readonly DiagnosticListener s_listener = new(Name);

    /// <summary>A statement; told once an engine.</summary>
    public static void Statement(string sql) => Tell(sql);

    /// <summary>A bulk insert.</summary>
    public static void Insert(string table, IReadOnlyList<string> columns, WhenExists existing) => Tell(new StoreInsert(table, columns, existing));

    /// <summary>A look-up by numbers, or by texts when there is a prefix.</summary>
    public static void Lookup(string table, string? prefix, string column, IReadOnlyList<string> columns) => Tell(new StoreLookup(table, prefix, column, columns));

    /// <summary>A delete of what is in the batch.</summary>
    public static void DeleteBatch(string table, string first, string second) => Tell(new StoreDelete(table, first, second));

    private static void Tell(object what)
    {
        if (s_listener.IsEnabled())
            s_listener.Write("Asked", what);
    }
}

/// <summary>A bulk insert.</summary>
internal sealed record StoreInsert(string Table, IReadOnlyList<string> Columns, WhenExists Existing);

/// <summary>A bulk look-up.</summary>
internal sealed record StoreLookup(string Table, string? Prefix, string Column, IReadOnlyList<string> Columns);

/// <summary>A delete of what is in the batch.</summary>
internal sealed record StoreDelete(string Table, string First, string Second);
