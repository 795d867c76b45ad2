using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Tests.Contract;

/// <summary>A customer of a fixture.</summary>
internal sealed record Customer(string Id, string Name, string Modified)
{
    public static IReadOnlyList<Customer> Many(int count) => [.. Enumerable.Range(0, count).Select(i => Number(i))];

    public static Customer Number(int i) => new($"C{i:D7}", $"Name {i}", $"2024-05-{1 + (i / 1440 % 28):D2}T{i / 60 % 24:D2}:{i % 60:D2}:00Z");
}

/// <summary>What a check looks at: a connection, and the hands to change what lies behind it.</summary>
/// <param name="Connection">The connection, or a mutant of it.</param>
/// <param name="Folder">Where its files lie.</param>
/// <param name="Put">Replaces the stream's records; gives the stream's name.</param>
internal sealed record ContractSubject(IConnection Connection, TemporaryFolder Folder, Func<IEnumerable<Customer>, string> Put)
{
    public async Task<List<Customer>> PullAsync(PullRequest request) => Read(await Connection.PagesAsync(request));

    public static List<Customer> Read(IEnumerable<Page> pages) =>
    [
        .. pages.SelectMany(page => page.Rows).Select(row => new Customer(row["id"].ToText()!, row["name"].ToText() ?? "", row["modified"].ToText() ?? "")),
    ];

    /// <summary>Everything in the folder: names, sizes, times.</summary>
    public List<string> FolderState() =>
        [.. Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{path} {new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path).Ticks}")];
}
