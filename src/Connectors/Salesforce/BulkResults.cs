using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Crm.Integration.Connectors.Contract;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Reads the CSV of a bulk job row by row; memory holds a row.</summary>
internal static class BulkResults
{
    private const int BufferSize = 1 << 16;

    /// <summary>The rows of a result: the parser, standing on each of them in turn. The first is the header.</summary>
    /// <param name="response">The answer, streamed.</param>
    /// <param name="cancellationToken">Ends it between rows.</param>
    /// <exception cref="ConnectorException">The result breaks off.</exception>
    public static async IAsyncEnumerable<IParser> ReadAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var text = new StreamReader(body, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, BufferSize);
        var broken = false;
        using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ",",
            BufferSize = BufferSize,
            CountBytes = false,
            BadDataFound = _ => broken = true,
        });
        var width = -1;
        var rows = -1L;
        while (await parser.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (width < 0)
                width = parser.Count;
            if (broken || parser.Count != width)
                throw BrokenOff();
            rows++;
            yield return parser;
        }

        // A body that ends early at the end of a row would look whole.
        if (Announced(response) is { } announced && announced > rows)
            throw BrokenOff();
    }

    /// <summary>Where the rest of the result is; null when this is all.</summary>
    public static string? Locator(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Sforce-Locator", out var values) && values.FirstOrDefault() is { Length: > 0 } locator && locator != "null" ? locator : null;

    /// <summary>The column of each name; -1 where the result lacks it.</summary>
    public static int[] Columns(IParser header, IEnumerable<string> names)
    {
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < header.Count; i++)
            columns.TryAdd(header[i], i);
        return [.. names.Select(name => columns.GetValueOrDefault(name, -1))];
    }

    private static long? Announced(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Sforce-NumberOfRecords", out var values) && long.TryParse(values.FirstOrDefault(), CultureInfo.InvariantCulture, out var count) ? count : null;

    private static ConnectorException BrokenOff() => new(FailureKind.Transient, "A result of Salesforce's Bulk API breaks off, or is damaged.", "Run again; what was done is kept.") { Code = "BROKEN_RESULT" };
}
