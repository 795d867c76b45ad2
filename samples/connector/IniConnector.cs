using System.ComponentModel;
using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Acme.Ini;

/// <summary>Address books in INI files: a section is a person, its name the id.</summary>
public sealed class IniConnector : IConnector
{
    /// <inheritdoc/>
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "ini",
        Summary = "Address books in INI files in a folder; a stream is a file, a record a section.",
        SettingsType = typeof(IniSettings),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.Discover,
        Deletes = DeleteStrategy.AbsentFromSnapshot,
        IdempotentCreate = false,
    };

    /// <inheritdoc/>
    public IConnection Open(object settings, ConnectionContext context) => new IniConnection((IniSettings)settings, context);
}

/// <summary>The settings of an <c>ini</c> connection.</summary>
public sealed record IniSettings
{
    /// <summary>The folder.</summary>
    [Description("The folder that holds the files; a relative path starts at the hub folder.")]
    public required string Folder { get; init; }
}

internal sealed class IniConnection(IniSettings settings, ConnectionContext context) : IConnection
{
    private readonly string _folder = Path.GetFullPath(settings.Folder, context.HubFolder);

    public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CheckLine>>(
        [Directory.Exists(_folder) ? new($"folder {settings.Folder}", true, "can be read") : new($"folder {settings.Folder}", false, $"{_folder} does not exist; make it, or correct `folder`")]);

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IEnumerable<string> names = stream is not null ? [stream] : Directory.EnumerateFiles(_folder, "*.ini").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
        foreach (var name in names)
            yield return await DescribeAsync(name, cancellationToken);
    }

    public async IAsyncEnumerable<Page> PullAsync(PullRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (path, shape, page) = (PathOf(request.Stream), new Shape(), new List<SourceRow>());
        var before = Stamp(path);
        await foreach (var section in IniReader.SectionsAsync(path, cancellationToken))
        {
            if (page.Count == request.PageSize)
            {
                yield return new(page);
                page = [];
            }

            page.Add(section.ToRow(shape, request.Stream));
        }

        // Only the end of an unchanged file proves that what was not in it is gone.
        if (Stamp(path) != before)
            throw new ConnectorException(FailureKind.Transient, $"{request.Stream} was changed while it was read.", "The next run reads it again.");
        yield return new(page) { CompletesSnapshot = true };
    }

    public IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, CancellationToken cancellationToken) =>
        throw new ConnectorException(FailureKind.Configuration, "An address book is only read.", "Push to another connection.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<StreamDescription> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var (shape, count) = (new Shape(["id"]), 0);
            await foreach (var section in IniReader.SectionsAsync(PathOf(name), cancellationToken))
            {
                section.ToRow(shape, name);
                count++;
            }

            return new(name, [.. shape.Names.Select(field => new StreamField(field, StreamFieldType.Text) { Writable = false })]) { ApproximateCount = count, KeyCandidates = ["id"] };
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.Rejected)
        {
            return new(name, []) { Problem = failure.Message };
        }
    }

    // A stream is a file of this folder, and of no other.
    private string PathOf(string stream) => Path.GetFileName(stream) == stream && File.Exists(Path.Combine(_folder, stream))
        ? Path.Combine(_folder, stream)
        : throw new ConnectorException(FailureKind.Configuration, $"There is no file {stream} in {_folder}.", "Correct `stream` of the pipeline, or `folder` of the connection.");

    private static (long Length, DateTime Written) Stamp(string path) => (new FileInfo(path).Length, File.GetLastWriteTimeUtc(path));
}
