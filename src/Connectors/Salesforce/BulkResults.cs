using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>The CSV of a bulk job, read row by row; memory holds a row. One that breaks off is asked for again, behind the rows that came.</summary>
internal sealed class BulkResults(SalesforceApi api, string path, TimeProvider clock)
{
    private const int BufferSize = 1 << 16;
    private const int Tries = 5;

    /// <summary>The names of the columns, once the first row has come or the end.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>After the last row: where the rest of the result is; null when this was all.</summary>
    public string? Locator { get; private set; }

    /// <summary>The rows: the parser, standing on each of them in turn.</summary>
    /// <param name="skip">Rows that are known already.</param>
    /// <param name="cancellationToken">Ends it between rows.</param>
    /// <exception cref="ConnectorException">The result breaks off again and again.</exception>
    public async IAsyncEnumerable<IParser> ReadAsync(long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var response = await api.DownloadAsync(path, cancellationToken);
            var isBroken = false;
            await using var rows = RowsAsync(response, skip, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await rows.MoveNextAsync())
                        break;
                }
                catch (ConnectorException exception) when (exception is { Kind: FailureKind.Transient, PausedUntil: null } && attempt < Tries)
                {
                    isBroken = true;
                    break;
                }

                skip++;
                yield return rows.Current;
            }

            if (!isBroken)
            {
                Locator = Text(response, "Sforce-Locator") is { } locator && locator != "null" ? locator : null;
                yield break;
            }

            await Task.Delay(TimeSpan.FromSeconds(attempt), clock, cancellationToken);
        }
    }

    /// <summary>The column of each name; -1 where the result lacks it.</summary>
    public int[] Columns(IEnumerable<string> names)
    {
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Header.Count; i++)
            columns.TryAdd(Header[i], i);
        return [.. names.Select(name => columns.GetValueOrDefault(name, -1))];
    }

    private async IAsyncEnumerable<IParser> RowsAsync(HttpResponseMessage response, long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var body = new EndWatch(await response.Content.ReadAsStreamAsync(cancellationToken));
        using var text = new StreamReader(body, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, BufferSize);
        var broken = false;
        using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ",",
            BufferSize = BufferSize,
            CountBytes = false,
            BadDataFound = _ => broken = true,
        });
        if (await parser.ReadAsync())
            Header = [.. Enumerable.Range(0, parser.Count).Select(index => parser[index])];
        var (rows, announced) = (0L, long.TryParse(Text(response, "Sforce-NumberOfRecords"), CultureInfo.InvariantCulture, out var count) ? count : -1);
        while (await parser.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A row that the end of the body cuts may still have all its cells.
            if (broken || parser.Count != Header.Count || (body.EndedWithinRow && rows + 1 != announced))
                throw BrokenOff();
            if (rows++ >= skip)
                yield return parser;
        }

        // And a body that ends early at the end of a row looks whole.
        if (announced > rows)
            throw BrokenOff();
    }

    private static string? Text(HttpResponseMessage response, string header) => response.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;

    private static ConnectorException BrokenOff() => new(FailureKind.Transient, "A result of Salesforce's Bulk API breaks off, or is damaged.", "Run again; what was done is kept.") { Code = "BROKEN_RESULT" };

    // Notices whether a body ended where a row does.
    private sealed class EndWatch(Stream inner) : ReadOnlyStream
    {
        private byte _last = (byte)'\n';

        public bool EndedWithinRow { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            if (read > 0)
                _last = buffer.Span[read - 1];
            else if (buffer.Length > 0)
                EndedWithinRow = _last != (byte)'\n';
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
