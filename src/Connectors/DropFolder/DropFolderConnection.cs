using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;

namespace Crm.Integration.Connectors.DropFolder;

/// <summary>A configured drop folder.</summary>
internal sealed class DropFolderConnection(DropFolderSettings settings, ConnectionContext context, IFileFormat format) : IConnection
{
    private readonly DroppedFiles _files = new(Path.GetFullPath(settings.Folder, context.HubFolder), settings, context.Clock);

    public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken)
    {
        var lines = FolderCheck.Run(_files.Folder, settings, isOurs: false, () => [.. _files.Matching("*").Select(file => file.Name)]);
        // Files that stay in place need no right to write.
        if (Directory.Exists(_files.Folder) && settings.Afterwards != Afterwards.Mark && !FileSystem.CanWrite(_files.Folder))
            lines = [.. lines, new($"folder {settings.Folder}, `afterwards`", false, "Files that were taken could not be moved or deleted. Give the hub's account the right to write there, or set `afterwards` to `mark`.")];
        return Task.FromResult(lines);
    }

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_files.Folder))
            throw StreamPath.Missing(_files.Folder, settings.Folder, stream ?? "");
        IEnumerable<string> patterns = stream is null ? _files.Matching("*").Select(file => DroppedFiles.PatternOf(file.Name)).Distinct() : [stream];
        foreach (var pattern in patterns)
        {
            var files = _files.Matching(pattern);
            if (files.Count == 0)
            {
                yield return new StreamDescription(pattern, []) { Problem = $"No file in {settings.Folder} matches {pattern} now. Drop one and look again." };
                continue;
            }

            // The newest by name speaks for the others.
            var newest = files[^1];
            var description = await Task.Run(() => StreamProfile.Describe(newest.FullName, newest.Name, settings, format, cancellationToken), cancellationToken);
            yield return description with { Name = pattern, Notes = [$"{files.Count:N0} {(files.Count == 1 ? "file" : "files")}; described by {newest.Name}", .. description.Notes] };
        }
    }

    public IAsyncEnumerable<Page> PullAsync(PullRequest request, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_files.Folder))
            throw StreamPath.Missing(_files.Folder, settings.Folder, request.Stream);
        if (request.Stream.AsSpan().ContainsAny('/', '\\') || request.Stream is "" or "." or "..")
            throw new ConnectorException(FailureKind.Configuration, $"The stream '{request.Stream}' is not a pattern for file names.", "Write a pattern such as orders-*.csv; folders belong into the connection.");
        var pull = new DropFolderPull(_files, settings, format, request);
        return PageStream.Of<Page>(pull.RunAsync, cancellationToken);
    }

    public IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, CancellationToken cancellationToken) =>
        throw new ConnectorException(FailureKind.Configuration, $"The connection '{context.Name}' is a drop folder: it gives records and takes none.", "Push to a connection of the connector csv or jsonl.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
