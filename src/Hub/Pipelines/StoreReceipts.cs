using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>The receipts of a stream, as the store had them when the pull began.</summary>
internal sealed class StoreReceipts : IReceipts
{
    private readonly HashSet<string> _taken;

    private StoreReceipts(HashSet<string> taken) => _taken = taken;

    /// <summary>Reads them.</summary>
    public static StoreReceipts Load(MasterStore store, string connection, string stream)
    {
        using var transaction = store.Look();
        return new([.. transaction.Query<string>("select id from receipt where connection = @connection and stream = @stream", new { connection, stream })]);
    }

    public ValueTask<bool> ContainsAsync(string id, CancellationToken cancellationToken) => ValueTask.FromResult(_taken.Contains(id));
}
