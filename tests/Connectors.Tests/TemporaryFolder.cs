using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests;

/// <summary>A folder of its own for a test, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-test-");

    public string Path => _folder.FullName;

    public ConnectionContext Context => new("test", Path, TimeProvider.System);

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text, Encoding? encoding = null) => Write(name, (encoding ?? new UTF8Encoding(false)).GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public string Read(string name) => File.ReadAllText(this[name]);

    public void Dispose() => _folder.Delete(recursive: true);
}

internal static class Pulls
{
    public static async Task<List<Page>> PagesAsync(this IConnection connection, PullRequest request)
    {
        var pages = new List<Page>();
        await foreach (var page in connection.PullAsync(request, TestContext.Current.CancellationToken))
            pages.Add(page);
        return pages;
    }

    public static async Task<List<SourceRow>> RowsAsync(this IConnection connection, PullRequest request) =>
        [.. (await connection.PagesAsync(request)).SelectMany(page => page.Rows)];

    /// <summary>A row as text, "|" between values, "~" for null.</summary>
    public static string Line(this SourceRow row) => string.Join("|", row.Values.Select(value => value.ToText() ?? "~"));
}
