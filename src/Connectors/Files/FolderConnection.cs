using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Files;

/// <summary>A folder whose files are streams.</summary>
internal sealed class FolderConnection(TextFileSettings settings, ConnectionContext context, ITargetFormat format, IReadOnlyList<string> endings) : IConnection
{
    private readonly string _folder = Path.GetFullPath(settings.Folder, context.HubFolder);

    // A folder of the hub's own is made when it is needed. One elsewhere may be a share that is not mounted: making it would
    // write beside the share.
    private bool IsOurs => (_folder + Path.DirectorySeparatorChar).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(context.HubFolder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    public Task<IReadOnlyList<CheckLine>> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult(FolderCheck.Run(_folder, settings, IsOurs, ListStreams));

    public async IAsyncEnumerable<StreamDescription> DiscoverAsync(string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_folder))
            throw StreamPath.Missing(_folder, settings.Folder, stream ?? "");
        if (stream is not null && !File.Exists(StreamPath.Resolve(_folder, stream)))
            throw StreamPath.Missing(_folder, settings.Folder, stream);
        foreach (var name in stream is null ? ListStreams() : [stream])
        {
            // The file is read on a task of its own, lest a caller with a screen stands still.
            yield return await Task.Run(() => StreamProfile.Describe(StreamPath.Resolve(_folder, name), name, settings, format, cancellationToken), cancellationToken);
        }
    }

    public IAsyncEnumerable<Page> PullAsync(PullRequest request, CancellationToken cancellationToken)
    {
        var path = StreamPath.Resolve(_folder, request.Stream);
        if (!File.Exists(path))
            throw StreamPath.Missing(_folder, settings.Folder, request.Stream);
        return PageStream.Of<Page>((pages, token) => FilePull.WholeFileAsync(path, format, settings, request, context.Clock, pages, token), cancellationToken);
    }

    public IAsyncEnumerable<WriteOutcome> PushAsync(PushRequest request, IAsyncEnumerable<Write> writes, CancellationToken cancellationToken)
    {
        if (!IsOurs && !Directory.Exists(_folder))
            throw StreamPath.Missing(_folder, settings.Folder, request.Stream);
        return new FilePush(StreamPath.Resolve(_folder, request.Stream), settings, format, request).RunAsync(writes, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IReadOnlyList<string> ListStreams() =>
    [
        .. Directory.EnumerateFiles(_folder, "*", SearchOption.TopDirectoryOnly)
            .Where(path => !StreamPath.LeadsOut(_folder, path))
            .Select(path => Path.GetFileName(path))
            .Where(name => !FileNames.IsUnfinished(name) && endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) || name.EndsWith(ending + ".gz", StringComparison.OrdinalIgnoreCase)))
            .Order(FileNames.Natural),
    ];
}
