using System.Globalization;
using System.Text;
using Crm.Integration.EndToEnd.Tests.Program;
using Npgsql;

namespace Crm.Integration.EndToEnd.Tests.Nodes;

/// <summary>
/// Two CSV systems that are read every few seconds, a shop that sends webhooks, and two files that are kept up to date: a hub folder for
/// services that are disturbed, on PostgreSQL behind a wire that can be cut, and the same for one that is not.
/// </summary>
internal sealed class ClusterStage : IDisposable
{
    private readonly HubFolder _sources = HubFolder.Empty();

    public ClusterStage()
    {
        Disturbed = Folder();
        Disturbed.OnPostgreSql();
        var direct = new NpgsqlConnectionStringBuilder(Disturbed.Schema!.ConnectionString);
        Wire = new CutWire(direct.Host!, direct.Port);
        Disturbed.Edit("hub.json", Disturbed.Schema.ConnectionString, new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Host = "127.0.0.1", Port = Wire.Port }.ToString());
        Nodes = [.. Enumerable.Range(0, 3).Select(_ => HubFolder.CopyOf(Disturbed.Path))];
        Undisturbed = Folder();
    }

    /// <summary>A folder for each node, all alike.</summary>
    public IReadOnlyList<HubFolder> Nodes { get; }

    /// <summary>What several nodes share.</summary>
    public HubFolder Disturbed { get; }

    /// <summary>What one node has for itself.</summary>
    public HubFolder Undisturbed { get; }

    /// <summary>Between the nodes and their store.</summary>
    public CutWire Wire { get; }

    /// <summary>Writes what the CSV systems hold now, all at once as an export does. Later ones hold more people, other titles, and one leaves after the first.</summary>
    public void Export(int number)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"Title {number}");
        Put("people.csv", [.. Enumerable.Range(0, 300 + (number * 20)).Where(person => number == 0 || person != 299).Select(person => Row(person, person % 3 == 0 ? title : "Clerk", 2025, number))]);
        Put("debtors.csv", [.. Enumerable.Range(200, 200 + (number * 10)).Select(person => Row(person, person % 5 == 0 ? title : "Buyer", 2024, number))]);
    }

    /// <summary>A customer of the shop; some are also among the people.</summary>
    public static string Order(int customer, int version) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"id":"{{customer}}","first":"{{Given(customer)}}","last":"{{Family(customer)}}","email":"{{Mail(customer)}}","title":"Version {{version}}","changed":"2026-01-01T{{version / 3600:00}}:{{version / 60 % 60:00}}:{{version % 60:00}}Z"}""");

    public void Dispose()
    {
        Wire.Dispose();
        foreach (var node in Nodes)
            node.Dispose();
        Disturbed.Dispose();
        Undisturbed.Dispose();
        _sources.Dispose();
    }

    private HubFolder Folder()
    {
        var folder = Webhooks.Shop.Folder();
        folder.Write("connections/files.json", $$"""{ "connector": "csv", "folder": "{{_sources.Path.Replace('\\', '/')}}" }""");
        foreach (var (name, connector) in new[] { ("table", "csv"), ("lines", "jsonl") })
        {
            // The nodes have copies of this folder, and one place to write to.
            Directory.CreateDirectory(folder.In("target"));
            folder.Write($"connections/{name}.json", $$"""{ "connector": "{{connector}}", "folder": "{{folder.In("target").Replace('\\', '/')}}" }""");
        }

        folder.Write("pipelines/people.json", Inbound("people.csv", "1s"));
        folder.Write("pipelines/debtors.json", Inbound("debtors.csv", "2s"));
        folder.Write("pipelines/shop.json", """
            {
              "from": { "connection": "shop", "stream": "people", "key": "id", "modified": "changed | instant" },
              "entity": "customer",
              "map": { "name.given": "first", "name.family": "last", "email": "email | email", "jobTitle": "title" }
            }
            """);
        folder.Write("pipelines/to-table.json", Outbound("table", "people.csv", """{ "onChange": "1s" }"""));
        folder.Write("pipelines/to-lines.json", Outbound("lines", "people.jsonl", """[ { "after": "debtors" }, { "every": "5s" } ]"""));
        return folder;
    }

    private static string Inbound(string stream, string every) => $$"""
        {
          "from": { "connection": "files", "stream": "{{stream}}", "key": "id", "modified": "changed | instant" },
          "entity": "customer",
          "map": { "name.given": "first", "name.family": "last", "email": "email | email", "jobTitle": "title" },
          "trigger": { "every": "{{every}}" }
        }
        """;

    private static string Outbound(string connection, string stream, string trigger) => $$"""
        {
          "entity": "customer",
          "to": { "connection": "{{connection}}", "stream": "{{stream}}", "key": "Id" },
          "map": { "Given": "name.given", "Family": "name.family", "Email": "email", "Title": "jobTitle" },
          "deletes": "delete",
          "limits": { "changePercent": 100, "deletePercent": 100 },
          "trigger": {{trigger}}
        }
        """;

    private static string Row(int person, string title, int year, int number) => string.Create(
        CultureInfo.InvariantCulture, $"{person},{Given(person)},{Family(person)},{Mail(person)},{title},{year}-01-{number + 1:00}T00:00:00Z");

    private static string Given(int person) => Word(person % 17) + Word(person % 13);

    private static string Family(int person) => Word(person) + Word(person / 7) + "er";

    private static string Mail(int person) => string.Create(CultureInfo.InvariantCulture, $"{Word(person)}{Word(person / 16)}.{person}@mail{person % 40}.example");

    private static string Word(int number)
    {
        string[] syllables = ["Ba", "ren", "Lo", "mi", "Tas", "ko", "Ve", "dun", "Ha", "sel", "Wi", "gor", "Ne", "pol", "Fi", "zam"];
        return syllables[number % 16] + syllables[number / 16 % 16].ToLowerInvariant();
    }

    private void Put(string name, IReadOnlyList<string> rows)
    {
        var text = new StringBuilder("id,first,last,email,title,changed\n").AppendJoin('\n', rows).Append('\n').ToString();
        _sources.Write($"new/{name}", text);
        File.Move(_sources.In($"new/{name}"), _sources.In(name), overwrite: true);
    }
}
