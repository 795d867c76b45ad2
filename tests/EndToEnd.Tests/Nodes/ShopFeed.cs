using System.Globalization;
using Crm.Integration.EndToEnd.Tests.Webhooks;

namespace Crm.Integration.EndToEnd.Tests.Nodes;

/// <summary>
/// A shop that tells of each of its customers again and again, one version after the other was acknowledged: to the nodes in turn, and each body to
/// another one until somebody takes it; then to the one that is not disturbed.
/// </summary>
internal sealed class ShopFeed : IDisposable
{
    private const int Customers = 24;

    private readonly Shop _shop = new();
    private readonly NodeGroup _nodes;
    private readonly NodeGroup _single;
    private readonly Task<int>[] _customers;
    private int _tries;
    private bool _over;

    public ShopFeed(NodeGroup nodes, NodeGroup single)
    {
        (_nodes, _single) = (nodes, single);
        _customers = [.. Enumerable.Range(280, Customers).Select(TellAsync)];
    }

    /// <summary>How often a body was sent, to no avail or twice.</summary>
    public int Tries => _tries;

    /// <summary>Sends no more versions; waits until the last ones are acknowledged.</summary>
    /// <returns>The delivery ids of all bodies that were acknowledged.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        Volatile.Write(ref _over, true);
        var versions = await Task.WhenAll(_customers);
        return [.. versions.SelectMany((last, i) => Enumerable.Range(1, last).Select(version => Delivery(280 + i, version)))];
    }

    public void Dispose() => _shop.Dispose();

    private static string Delivery(int customer, int version) => string.Create(CultureInfo.InvariantCulture, $"{customer}-{version}");

    private async Task<int> TellAsync(int customer)
    {
        var version = 0;
        while (!Volatile.Read(ref _over))
        {
            version++;
            var body = ClusterStage.Order(customer, version);
            await UntilTakenAsync(_nodes, body, Delivery(customer, version), customer + version);
            await UntilTakenAsync(_single, body, Delivery(customer, version), 0);
            await Task.Delay(400, TestContext.Current.CancellationToken);
        }

        return version;
    }

    private async Task UntilTakenAsync(NodeGroup nodes, string body, string delivery, int node)
    {
        while (nodes.Address(node % nodes.Count) is not { } address || await _shop.SendAsync(address, body, delivery) != 200)
        {
            node++;
            Interlocked.Increment(ref _tries);
            await Task.Delay(150, TestContext.Current.CancellationToken);
        }
    }
}
