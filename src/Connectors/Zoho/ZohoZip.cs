using System.IO.Compression;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Bulk files: a zip with one CSV.</summary>
internal static class ZohoZip
{
    private const int Tries = 3;

    // A file of 200,000 records is well below; more would be meant to fill the disk.
    private const long Most = 4L << 30;

    /// <summary>Fetches a file whole, on the disk and nameless: a zip is read from its end.</summary>
    public static async Task<FileStream> FetchAsync(ZohoApi api, string path, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), Options());
            try
            {
                using var response = await api.DownloadAsync(path, cancellationToken);
                await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                await body.CopyToAsync(file, cancellationToken);
                file.Position = 0;
                using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
                if (zip.Entries.Count == 1 && zip.Entries[0].Length < Most)
                {
                    file.Position = 0;
                    return file;
                }

                throw new InvalidDataException($"{zip.Entries.Count} entries");
            }
            catch (Exception exception) when (exception is InvalidDataException || (exception is ConnectorException { Kind: FailureKind.Transient, PausedUntil: null } && attempt < Tries))
            {
                await file.DisposeAsync();
                if (attempt >= Tries)
                    throw new ConnectorException(FailureKind.Transient, "The result of a bulk job is not the zip file that it should be, or was cut off.", "The next run fetches it again.", exception);
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>The CSV within.</summary>
    public static CsvBody OpenCsv(Stream zip, string module)
    {
        try
        {
            return new CsvBody(new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true).Entries[0].Open());
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(module, exception);
        }
    }

    /// <summary>Gets more of a CSV.</summary>
    public static async ValueTask<bool> FillAsync(CsvBody csv, string module, CancellationToken cancellationToken)
    {
        try
        {
            return await csv.FillAsync(cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(module, exception);
        }
    }

    /// <summary>A zip of one CSV.</summary>
    public static byte[] Pack(string csv)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("records.csv", CompressionLevel.Fastest).Open())
            entry.Write(Encoding.UTF8.GetBytes(csv));
        return file.ToArray();
    }

    private static ConnectorException Damaged(string module, InvalidDataException exception) =>
        new(FailureKind.Transient, $"{module}: the result of a bulk job is a damaged zip file.", "The next run fetches it again.", exception);

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        // Customers' data: for nobody else on this machine.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
