using Crm.Integration.Hub.Configuration;

namespace Crm.Integration.Hub.Bench;

/// <summary>A hub folder over the made-up systems.</summary>
internal static class BenchHub
{
    /// <summary>Writes the configuration and reads it.</summary>
    public static HubConfiguration Make(string folder)
    {
        Write(folder, "hub.json", """{ "defaults": { "country": "AT" }, "limits": { "deletePercent": 100, "rejectPercent": 100 } }""");
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
