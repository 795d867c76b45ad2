using System.Text.Json;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Configuration.Settings;

namespace Crm.Integration.Hub.Bench;

/// <summary>A hub folder over the made-up systems.</summary>
internal static class BenchHub
{
    /// <summary>Writes the configuration and reads it.</summary>
    /// <param name="folder">The hub folder.</param>
    /// <param name="store">Where the store is; a file in the folder when null.</param>
    public static HubConfiguration Make(string folder, StoreSettings? store = null)
    {
        store ??= new StoreSettings();
        var place = JsonSerializer.Serialize(store.ConnectionString);
        Write(folder, "hub.json", $$"""
            {
              "store": { "provider": "{{store.Provider.ToString().ToLowerInvariant()}}", "connectionString": {{place}} },
              "defaults": { "country": "AT" }, "limits": { "deletePercent": 100, "rejectPercent": 100 }
            }
            """);
        Write(folder, "connections/files.json", """{ "connector": "csv", "folder": "in" }""");
        foreach (var source in BenchData.Sources)
        {
            Write(folder, $"pipelines/{source}.json", $$"""
                {
                  "from": { "connection": "files", "stream": "{{source}}.csv", "key": "id" },
                  "entity": "customer",
                  "map": {
                    "name.given": "first | trim", "name.family": "last | trim", "email": "email | email", "phone": "phone | phone",
                    "birthDate": "birth | date('yyyy-MM-dd')", "address.line": "street", "address.postalCode": "zip", "address.city": "city"
                  },
                  "validate": [ { "field": "email", "rule": "email", "otherwise": "blank" } ]
                }
                """);
        }

        return ConfigurationLoader.Load(folder).OrThrow();
    }

    private static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
