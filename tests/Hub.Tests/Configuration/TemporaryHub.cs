using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Tests.Configuration;

/// <summary>A hub folder that lives as long as a test.</summary>
internal sealed class TemporaryHub : IDisposable
{
    public TemporaryHub(bool empty = false)
    {
        Folder = Directory.CreateTempSubdirectory("hub-test-").FullName;
        if (empty)
            return;
        Write("hub.json", "{}");
        Write("connections/shop.json", """{ "connector": "fake", "folder": "in" }""");
    }

    public string Folder { get; }

    public Dictionary<string, string> Environment { get; } = [];

    public static string Inbound(string more = "", string map = """ "email": "mail" """) =>
        $$"""{ "from": { "connection": "shop", "stream": "customers", "key": "id" }, "entity": "customer", "map": { {{map}} }{{more}} }""";

    public TemporaryHub Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public LoadedConfiguration Load() => ConfigurationLoader.Load(Folder, [new FakeConnector("fake"), new FakeConnector("readonly", push: false)], Environment.GetValueOrDefault);

    /// <summary>The problems, a line each.</summary>
    public string[] Problems() => [.. Load().Problems.Select(problem => problem.ToString())];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
