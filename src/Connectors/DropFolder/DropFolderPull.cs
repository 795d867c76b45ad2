using System.Threading.Channels;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.DropFolder;

/// <summary>
/// One pull of a drop folder. The receipt of a file travels with its last page: after a crash in the middle of a file it is
/// read again from its start, which changes nothing for the rows already stored. A crash between the commit and the move
/// leaves a file with a receipt, which is then only moved.
/// </summary>
internal sealed class DropFolderPull(DroppedFiles files, DropFolderSettings settings, IFileFormat format, PullRequest request)
{
    private const string RefusedPrefix = "refused:";

    private readonly Shape _shape = new();
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private long _bytesBefore;
    private long _bytesInAll;

    public async Task RunAsync(ChannelWriter<Page> pages, CancellationToken cancellationToken)
    {
        var found = List();
        _bytesInAll = found.Sum(file => file.Length);
        foreach (var file in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await TakeAsync(file, pages, cancellationToken);
            _bytesBefore += file.Length;
        }
    }

    private IReadOnlyList<FileInfo> List()
    {
        try
        {
            return files.Matching(request.Stream);
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            throw FileErrors.Translate(exception, settings.Folder, "read");
        }
    }

    private async Task TakeAsync(FileInfo file, ChannelWriter<Page> pages, CancellationToken cancellationToken)
    {
        if (files.NotReady(file) is { } why)
        {
            await pages.WriteAsync(Note(why), cancellationToken);
            return;
        }

        string? hash;
        try
        {
            hash = await DroppedFiles.HashAsync(file, cancellationToken);
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            await pages.WriteAsync(Note($"{file.Name} cannot be read yet ({exception.Message}); the next run tries again."), cancellationToken);
            return;
        }

        if (hash is null)
        {
            await pages.WriteAsync(Note($"{file.Name} is still being written; the next run takes it."), cancellationToken);
            return;
        }

        if (await request.Receipts.ContainsAsync(RefusedPrefix + hash, cancellationToken))
        {
            await pages.WriteAsync(Note($"{file.Name} was refused by an earlier run and is the same still; it is in the quarantine."), cancellationToken);
            return;
        }

        if (await request.Receipts.ContainsAsync(hash, cancellationToken) || !_taken.Add(hash))
        {
            var note = settings.Afterwards == Afterwards.Mark ? [] : new List<string> { $"{file.Name} has the content of a file that was taken already; it is only put away." };
            await pages.WriteAsync(Note([.. note]) with { AfterCommit = Finish(file, hash) }, cancellationToken);
            return;
        }

        await ReadAsync(file, hash, pages, cancellationToken);
    }

    private async Task ReadAsync(FileInfo file, string hash, ChannelWriter<Page> pages, CancellationToken cancellationToken)
    {
        try
        {
            using var text = TextFile.Open(file.FullName, file.Name, settings);
            using var rows = FilePull.Start(text, format, _shape);
            await FilePull.RowsAsync(text, rows, request.PageSize, cursor: null, new Forward(this, pages), last => last with { Receipt = hash, AfterCommit = Finish(file, hash) }, cancellationToken);
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.Rejected)
        {
            // The file as a whole goes to the quarantine like a bad row, and the files after it are read.
            var fault = new RowFault("unreadable-file", exception.Message, file.Name, $"{exception.Fix} Then drop the file again.");
            var row = new SourceRow(_shape, []) { Position = new(file.Name, 0), Fault = fault };
            await pages.WriteAsync(new Page([row])
            {
                // A file that stays in place would be refused again by every run.
                Receipt = settings.Afterwards == Afterwards.Mark ? RefusedPrefix + hash : null,
                AfterCommit = Once(() => files.Refuse(file, hash, exception)),
                Progress = (_bytesBefore + file.Length, _bytesInAll),
            }, cancellationToken);
        }
    }

    private Func<CancellationToken, ValueTask> Finish(FileInfo file, string hash) => Once(() => files.Finish(file, hash));

    private static Func<CancellationToken, ValueTask> Once(Action action) => _ =>
    {
        action();
        return ValueTask.CompletedTask;
    };

    private Page Note(params string[] notes) => new([]) { Notes = notes, Progress = (_bytesBefore, _bytesInAll) };

    // Pages of one file count their bytes from its start; to the user the pull is one.
    private sealed class Forward(DropFolderPull pull, ChannelWriter<Page> pages) : ChannelWriter<Page>
    {
        public override bool TryWrite(Page item) => pages.TryWrite(item with { Progress = (pull._bytesBefore + item.Progress.Done, pull._bytesInAll) });

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => pages.WaitToWriteAsync(cancellationToken);
    }
}
