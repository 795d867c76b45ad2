using System.Threading.Channels;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Files;

/// <summary>Cuts the rows of a file into pages; the last page says what the whole of it proves.</summary>
internal static class FilePull
{
    /// <summary>Pulls a whole file: a snapshot, or with a cursor field the rows that are new enough.</summary>
    public static async Task WholeFileAsync(string path, IFileFormat format, TextFileSettings settings, PullRequest request, TimeProvider clock, ChannelWriter<Page> pages, CancellationToken cancellationToken)
    {
        using var file = TextFile.Open(path, request.Stream, settings);
        using var rows = Start(file, format, new Shape { IsFixed = format.HasHeader });
        var cursor = request.CursorField is null ? null : new RowCursor(request, rows.Shape, clock);
        await RowsAsync(file, rows, request.PageSize, cursor, pages, last => last with
        {
            CompletesSnapshot = cursor is null,
            Cursor = cursor?.Text,
            Notes = cursor is null ? last.Notes : [.. last.Notes, .. cursor.Notes],
        }, cancellationToken);
    }

    /// <summary>Opens the rows; damage shows in the hub's words.</summary>
    public static IRowReader Start(TextFile file, IFileFormat format, Shape shape)
    {
        try
        {
            return format.Read(file, shape);
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            throw FileErrors.Translate(exception, file.Name, "read");
        }
    }

    /// <summary>Writes pages of rows. The last is made once the end was reached and the file has not changed; it may be empty.</summary>
    public static async Task RowsAsync(TextFile file, IRowReader rows, int pageSize, RowCursor? cursor, ChannelWriter<Page> pages, Func<Page, Page> finish, CancellationToken cancellationToken)
    {
        var told = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (batch, atEnd) = NextBatch(file, rows, pageSize, cursor, cancellationToken);
            var notes = rows.Notes.Skip(told).ToList();
            told += notes.Count;
            var page = new Page(batch) { Progress = (atEnd ? file.Length : file.Done, file.Length), Notes = notes };
            if (!atEnd)
            {
                await pages.WriteAsync(page, cancellationToken);
                continue;
            }

            file.EnsureUnchanged();
            await pages.WriteAsync(finish(page), cancellationToken);
            return;
        }
    }

    private static (List<SourceRow> Rows, bool AtEnd) NextBatch(TextFile file, IRowReader rows, int pageSize, RowCursor? cursor, CancellationToken cancellationToken)
    {
        var batch = new List<SourceRow>(pageSize);
        try
        {
            for (var seen = 1; batch.Count < pageSize; seen++)
            {
                // With a cursor a page may take the whole file to fill: look at the token now and then.
                if (seen % 8192 == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                if (rows.Read() is not { } row)
                    return (batch, true);
                if (cursor is null || cursor.Takes(row))
                    batch.Add(row);
            }

            return (batch, false);
        }
        catch (Exception exception) when (FileErrors.Knows(exception))
        {
            throw FileErrors.Translate(exception, file.Name, "read");
        }
    }
}
