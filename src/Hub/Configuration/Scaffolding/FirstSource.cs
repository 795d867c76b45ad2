using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Init;
using Crm.Integration.Hub.Configuration.Json;

namespace Crm.Integration.Hub.Configuration.Scaffolding;

/// <summary>A file that a user has, looked at through its connector: what is in it, and the pipeline proposed for it.</summary>
internal sealed record FirstSource
{
    // Folders that are named for what happens in them say nothing about the system.
    private static readonly string[] s_namelessFolders = ["in", "inbox", "input", "data", "import", "export", "exports", "downloads", "download", "desktop", "documents", "tmp", "temp", "csv", "files", "source", "src"];

    /// <summary>The name of the connection.</summary>
    public required string Connection { get; init; }

    /// <summary>Where the file is, as the connection says it.</summary>
    public required string Folder { get; init; }

    /// <summary>What the connector found in the file.</summary>
    public required StreamDescription Stream { get; init; }

    /// <summary>The pipeline proposed.</summary>
    public required PipelineProposal Proposal { get; init; }

    /// <summary>The entity's fields that the proposal fills.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Looks at a file.</summary>
    /// <param name="connector">The connector that can read it.</param>
    /// <param name="hubFolder">The hub folder.</param>
    /// <param name="file">The file's absolute path.</param>
    /// <param name="name">The name for the connection, or null to take that of the file or its folder.</param>
    /// <param name="country">The country of phones without one, or null.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConnectorException">The file cannot be read, or the connector needs more than a file.</exception>
    public static async Task<FirstSource> LookAsync(IConnector connector, string hubFolder, string file, string? name, string? country, TimeProvider clock, CancellationToken cancellationToken)
    {
        var folder = FolderOf(hubFolder, file);
        var connection = name ?? NameOf(hubFolder, file);
        await using var opened = connector.Open(Settings(connector.Declaration, folder), new ConnectionContext(connection, hubFolder, clock));
        StreamDescription? stream = null;
        await foreach (var found in opened.DiscoverAsync(Path.GetFileName(file), cancellationToken))
            stream ??= found;
        if (stream is null)
            throw new ConnectorException(FailureKind.Configuration, $"the connector '{connector.Declaration.Name}' does not take {Path.GetFileName(file)}", "give the file an ending that it knows, such as .csv, or choose another --connector");
        if (stream.Problem is { } problem)
            throw new ConnectorException(FailureKind.Rejected, $"{stream.Name} cannot be read: {problem}", "correct the file, or name another one with --from");

        var proposal = PipelineProposal.For(stream, connection, country);
        var root = ConfigReader.Read("proposal", Encoding.UTF8.GetBytes(proposal.PipelineJson), new ConfigProblems());
        return new()
        {
            Connection = connection,
            Folder = folder,
            Stream = stream,
            Proposal = proposal,
            Fields = [.. (root?["map"]?.Members ?? []).Select(member => member.Name)],
        };
    }

    // A file inside the hub folder moves with it; one elsewhere stays where its system puts it every night.
    private static string FolderOf(string hubFolder, string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var relative = Path.GetRelativePath(hubFolder, folder);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? folder : relative.Replace('\\', '/');
    }

    private static string NameOf(string hubFolder, string file)
    {
        var folder = FolderOf(hubFolder, file);
        var last = Path.GetFileName(folder);
        var telling = !Path.IsPathRooted(folder) && last is not "." && !s_namelessFolders.Contains(last.ToLowerInvariant());
        return Slug(telling ? last : Path.GetFileName(file).Split('.')[0]);
    }

    private static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var character in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character))
                slug.Append(character);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        return slug.ToString().TrimEnd('-') is { Length: > 0 } made ? made : "source";
    }

    private static object Settings(ConnectorDeclaration declaration, string folder)
    {
        var problems = new ConfigProblems();
        var root = ConfigReader.Read("connection", JsonSerializer.SerializeToUtf8Bytes(new { folder }), problems)!;
        var settings = new SettingsBinder(problems).Bind(declaration.SettingsType, root);
        return problems.Count == 0
            ? settings
            : throw new ConnectorException(FailureKind.Configuration, $"a '{declaration.Name}' connection needs more than a file: {problems.All[0].Message}", $"write connections/NAME.json by hand; `hub connectors docs {declaration.Name}` shows its keys");
    }
}
