using System.Text;

namespace Crm.Integration.EndToEnd.Tests.Program;

/// <summary>A hub folder in a temporary place, gone when the test is over.</summary>
internal sealed class HubFolder : IDisposable
{
    private HubFolder() => Path = Directory.CreateTempSubdirectory("hub-e2e-").FullName;

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>The store's file.</summary>
    public string Store => In("data/hub.db");

    /// <summary>Where the store is, when it is not that file.</summary>
    public TestSchema? Schema { get; private set; }

    /// <summary>Whether there is a store yet.</summary>
    public bool HasStore => Schema?.Exists ?? File.Exists(Store);

    /// <summary>The folder of samples.</summary>
    public static string Samples { get; } = FindSamples();

    /// <summary>An empty folder.</summary>
    public static HubFolder Empty() => new();

    /// <summary>A copy of a folder, without what earlier runs left in a sample.</summary>
    public static HubFolder CopyOf(string source)
    {
        var folder = new HubFolder();
        folder.Take(source, file => !file.StartsWith("data/", StringComparison.Ordinal) && !file.StartsWith("out/", StringComparison.Ordinal));
        return folder;
    }

    /// <summary>A copy of a sample, as from a fresh clone.</summary>
    public static HubFolder Sample(string name) => CopyOf(System.IO.Path.Combine(Samples, name));

    /// <summary>A copy of this folder with its store and targets.</summary>
    public HubFolder Copy()
    {
        var folder = new HubFolder();
        folder.Take(Path, _ => true);
        if (Schema is not null)
        {
            folder.Schema = Schema.Copy();
            folder.Edit("hub.json", Schema.Name, folder.Schema.Name);
        }

        return folder;
    }

    /// <summary>Puts the store of this folder, which has none yet, on PostgreSQL; another server than that of all tests may be named.</summary>
    public HubFolder OnPostgreSql(string? server = null)
    {
        Schema = new TestSchema(server);
        var store = $$"""{ "provider": "postgresql", "connectionString": "{{Schema.ConnectionString}}" }""";
        var settings = Read("hub.json");
        Write("hub.json", settings.Trim() == "{}" ? $$"""{ "store": {{store}} }""" : settings.Replace("""{ "provider": "sqlite", "connectionString": "Data Source=data/hub.db" }""", store, StringComparison.Ordinal));
        Assert.Contains(Schema.Name, Read("hub.json"), StringComparison.Ordinal);
        return this;
    }

    /// <summary>A hub with one CSV source of people, keyed by id, and a CSV target.</summary>
    public static HubFolder OfPeople(string csv)
    {
        var folder = new HubFolder();
        folder.Write("hub.json", "{}");
        folder.Write("connections/shop.json", """{ "connector": "csv", "folder": "in" }""");
        folder.Write("connections/files.json", """{ "connector": "csv", "folder": "out" }""");
        folder.Write("pipelines/shop.json", """
            {
              "from": { "connection": "shop", "stream": "people.csv", "key": "id" },
              "entity": "customer",
              "map": { "name.given": "first", "name.family": "last", "email": "email | email" },
              "validate": [ { "any": ["email", "name.family"], "rule": "required", "otherwise": "reject" } ]
            }
            """);
        folder.Write("pipelines/to-files.json", """
            {
              "entity": "customer",
              "to": { "connection": "files", "stream": "people.csv", "key": "Id" },
              "map": { "Given": "name.given", "Family": "name.family", "Email": "email" },
              "deletes": "delete"
            }
            """);
        folder.Write("in/people.csv", csv);
        return folder;
    }

    /// <summary>People as CSV: so many rows, each somebody else.</summary>
    public static string People(int count)
    {
        var csv = new StringBuilder("id,first,last,email\n");
        for (var i = 1; i <= count; i++)
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},Anna{i},Keller{i},anna.{i}@mail{i}.example\n");
        return csv.ToString();
    }

    /// <summary>A path inside.</summary>
    public string In(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes a file.</summary>
    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(In(relative))!);
        File.WriteAllText(In(relative), text);
    }

    /// <summary>Reads a file.</summary>
    public string Read(string relative) => File.ReadAllText(In(relative));

    /// <summary>Replaces a part of a file, which must be there once; all other bytes stay, whatever the encoding.</summary>
    public void Edit(string relative, string before, string after)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(In(relative)));
        Assert.Equal(2, text.Split(before).Length);
        File.WriteAllBytes(In(relative), Encoding.Latin1.GetBytes(text.Replace(before, after, StringComparison.Ordinal)));
    }

    /// <summary>Runs `hub` here to its end.</summary>
    public Task<HubOutcome> HubAsync(params string[] arguments) => HubProcess.RunAsync(Path, arguments);

    /// <summary>Starts `hub` here and does not wait.</summary>
    public HubProcess Start(params string[] arguments) => HubProcess.Start(Path, arguments);

    /// <summary>Each file that the runs wrote for other systems: its bytes and when it was written.</summary>
    public IReadOnlyDictionary<string, (string Bytes, DateTime Written)> Targets() =>
        Directory.Exists(In("out"))
            ? Directory.GetFiles(In("out"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .ToDictionary(file => System.IO.Path.GetRelativePath(In("out"), file), file => (Convert.ToBase64String(File.ReadAllBytes(file)), File.GetLastWriteTimeUtc(file)))
            : new Dictionary<string, (string, DateTime)>();

    public void Dispose()
    {
        Schema?.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private void Take(string source, Func<string, bool> takes)
    {
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var relative = System.IO.Path.GetRelativePath(source, file).Replace('\\', '/');
            if (!takes(relative))
                continue;
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(In(relative))!);
            File.Copy(file, In(relative));
        }
    }

    private static string FindSamples()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Crm.Integration.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("the tests do not run inside the repository");
        return System.IO.Path.Combine(folder.FullName, "samples");
    }
}
