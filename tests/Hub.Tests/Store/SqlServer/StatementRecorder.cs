using System.Diagnostics;
using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.Store.SqlServer;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>Listens to the work of a test, on whatever engine it is done, and writes down what SQL Server would have been sent.</summary>
internal sealed class StatementRecorder : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    // Other tests run at the same time; what belongs to this one is known by the flow of its calls.
    private static readonly AsyncLocal<StatementRecorder?> s_current = new();

    private readonly TSql _sql = new(SqlServerTables.Own);
    private readonly HashSet<string> _statements = new(StringComparer.Ordinal);
    private readonly HashSet<string> _bulk = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _subscriptions = [];

    public StatementRecorder()
    {
        s_current.Value = this;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>The program's statements, as SQL Server gets them.</summary>
    public IReadOnlyList<string> Statements => Sorted(_statements);

    /// <summary>What bulk work makes of itself.</summary>
    public IReadOnlyList<string> Bulk => Sorted(_bulk);

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == StoreTrace.Name)
            _subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (s_current.Value != this || IsAskedByTest())
            return;
        lock (_statements)
        {
            if (value.Value is string sql)
                _statements.Add(_sql.Of(sql));
            else
                _bulk.UnionWith(BulkStatements(value.Value!));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
        s_current.Value = null;
    }

    /// <summary>Whether a test looks into the store, and not the program.</summary>
    private static bool IsAskedByTest()
    {
        var store = typeof(MasterStore).Namespace!;
        var asking = new StackTrace(fNeedFileInfo: false).GetFrames()
            .Select(frame => frame.GetMethod()?.DeclaringType)
            .Where(type => type is not null && (type.Assembly == typeof(MasterStore).Assembly || type.Assembly == typeof(StatementRecorder).Assembly) && !IsWithin(type, typeof(StatementRecorder)))
            .FirstOrDefault(type => type!.Namespace?.StartsWith(store, StringComparison.Ordinal) != true);
        return asking?.Assembly == typeof(StatementRecorder).Assembly;
    }

    private static bool IsWithin(Type type, Type outer) => type == outer || (type.DeclaringType is { } around && IsWithin(around, outer));

    private static IEnumerable<string> BulkStatements(object work)
    {
        switch (work)
        {
            case StoreDelete delete:
                yield return SqlServerStaging.DeleteBatch(delete.Table, delete.First, delete.Second);
                break;
            case StoreLookup { Prefix: { } prefix } lookup:
                yield return SqlServerStaging.ByText(lookup.Table, prefix, lookup.Column, lookup.Columns);
                break;
            case StoreLookup lookup:
                yield return SqlServerStaging.ByNumber(lookup.Table, SqlServerTables.Own[lookup.Table], lookup.Column, lookup.Columns);
                break;
            case StoreInsert { Existing: not WhenExists.Fail } insert:
                var table = SqlServerTables.Own[insert.Table];
                yield return SqlServerStaging.Create(insert.Table, insert.Columns);
                if (insert.Existing == WhenExists.Replace && SqlServerStaging.Update(insert.Table, table, insert.Columns) is { } update)
                    yield return update;
                yield return SqlServerStaging.Insert(insert.Table, table, insert.Columns, last: insert.Existing == WhenExists.Replace);
                yield return SqlServerStaging.Drop(insert.Table);
                break;
            case StoreInsert:
                break;
            default:
                throw new ArgumentException($"unknown work {work}", nameof(work));
        }
    }

    private IReadOnlyList<string> Sorted(HashSet<string> statements)
    {
        lock (_statements)
            return [.. statements.Order(StringComparer.Ordinal)];
    }
}
