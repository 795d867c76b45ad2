using System.Text;
using Crm.Integration.EndToEnd.Tests.Program;

namespace Crm.Integration.EndToEnd.Tests.Nodes;

/// <summary>Services, each in a folder of its own, and one store for all.</summary>
internal sealed class NodeGroup : IDisposable
{
    private readonly IReadOnlyList<HubFolder> _folders;
    private readonly ServingHub?[] _hubs;
    private readonly Uri?[] _addresses;
    private readonly StringBuilder _said = new();

    /// <param name="folders">A folder for each.</param>
    public NodeGroup(IReadOnlyList<HubFolder> folders)
    {
        _folders = folders;
        _hubs = new ServingHub?[folders.Count];
        _addresses = new Uri?[folders.Count];
    }

    /// <summary>How many there are, dead or alive.</summary>
    public int Count => _folders.Count;

    /// <summary>How many were killed.</summary>
    public int Kills { get; private set; }

    /// <summary>What they said of trouble.</summary>
    public string Trouble => string.Join('\n', Said.Split('\n').Where(line => !line.Contains(" info ", StringComparison.Ordinal) && !line.Contains("\"information\"", StringComparison.Ordinal)));

    /// <summary>All that they ever said, and wrote into their logs.</summary>
    public string Said =>
        string.Join('\n', [_said.ToString(), .. _hubs.Select((hub, i) => $"-- node {i}\n{hub?.Errors}"), .. _folders.Where(folder => Directory.Exists(folder.In("data/logs"))).SelectMany(folder => Directory.GetFiles(folder.In("data/logs"))).Select(Read)]);

    /// <summary>Where a node listens, or last did; null as long as it never has.</summary>
    public Uri? Address(int node) => Volatile.Read(ref _addresses[node]);

    /// <summary>Starts all that do not run.</summary>
    public Task StartAsync() => Task.WhenAll(Enumerable.Range(0, Count).Where(node => _hubs[node] is null).Select(StartAsync));

    /// <summary>Starts a node; one that ends while its store is away is started again, as by a service manager.</summary>
    public async Task StartAsync(int node)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                (_hubs[node], var address) = await ServingHub.StartAsync(_folders[node]);
                Volatile.Write(ref _addresses[node], address);
                return;
            }
            catch (InvalidOperationException exception) when (attempt < 10)
            {
                lock (_said)
                    _said.AppendLine(exception.Message);
                await Task.Delay(500, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>kill -9.</summary>
    public void Kill(int node)
    {
        var hub = _hubs[node]!;
        hub.Kill();
        lock (_said)
            _said.AppendLine(hub.Errors);
        hub.Dispose();
        _hubs[node] = null;
        Kills++;
    }

    /// <summary>Asks all to stop; how they ended.</summary>
    public async Task<IReadOnlyList<int>> StopAsync() => await Task.WhenAll(_hubs.Where(hub => hub is not null).Select(hub => hub!.StopAsync()));

    public void Dispose()
    {
        foreach (var hub in _hubs)
            hub?.Dispose();
    }

    private static string Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
