using System.Globalization;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>
/// The CSV of a bulk job, read as it comes; memory holds a row. One that breaks off is asked for again, and goes on behind the rows that came.
/// <code>while (await results.FillAsync(token)) while (results.TryRead()) … results.Row[0] …</code>
/// </summary>
/// <param name="api">The API.</param>
/// <param name="path">Where the result is.</param>
/// <param name="known">Rows that are known already.</param>
/// <param name="clock">The time.</param>
internal sealed class BulkResults(SalesforceApi api, string path, long known, TimeProvider clock) : IDisposable
{
    private const int Tries = 5;

    private HttpResponseMessage? _response;
    private CsvBody? _csv;
    private int _attempt;
    private long _announced;
    private long _passed;
    private bool _hasHeader;
    private bool _isBroken;

    /// <summary>The names of the columns, once the first row has come or the end.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>After the last row: where the rest of the result is; null when this was all.</summary>
    public string? Locator { get; private set; }

    /// <summary>The cells of the row that was read.</summary>
    public CsvBody Row => _csv!;

    /// <summary>Gets more rows.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="ConnectorException">The result breaks off again and again.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_csv is null)
                await OpenAsync(cancellationToken);
            try
            {
                if (!_isBroken && await _csv!.FillAsync(cancellationToken))
                    return true;
                // A body that ends early at the end of a row looks whole.
                if (_isBroken || _announced > _passed)
                    throw new ConnectorException(FailureKind.Transient, "A result of Salesforce's Bulk API breaks off, or is damaged.", "Run again; what was done is kept.") { Code = "BROKEN_RESULT" };
                Locator = Text("Sforce-Locator") is { } locator && locator != "null" ? locator : null;
                return false;
            }
            catch (ConnectorException exception) when (exception is { Kind: FailureKind.Transient, PausedUntil: null } && _attempt < Tries)
            {
                Dispose();
            }

            await Task.Delay(TimeSpan.FromSeconds(_attempt), clock, cancellationToken);
        }
    }

    /// <summary>Goes to the next row that is not known.</summary>
    /// <returns>False where more has to be got.</returns>
    public bool TryRead()
    {
        while (!_isBroken && Row.TryRead())
        {
            if (!_hasHeader)
            {
                Header = Row.Texts();
                _hasHeader = true;
                continue;
            }

            // A row that the end of the body cuts may still have all its cells.
            _isBroken = Row.IsDamaged || Row.Count != Header.Count || (Row.IsCut && _passed + 1 != _announced);
            if (_isBroken || ++_passed <= known)
                continue;
            known++;
            return true;
        }

        return false;
    }

    /// <summary>The column of each name; -1 where the result lacks it.</summary>
    public int[] Columns(IEnumerable<string> names)
    {
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Header.Count; i++)
            columns.TryAdd(Header[i], i);
        return [.. names.Select(name => columns.GetValueOrDefault(name, -1))];
    }

    /// <summary>Ends the download, wherever it stands.</summary>
    public void Dispose()
    {
        _csv?.Dispose();
        _response?.Dispose();
        (_csv, _response) = (null, null);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        (_passed, _hasHeader, _isBroken) = (0, false, false);
        _attempt++;
        _response = await api.DownloadAsync(path, cancellationToken);
        _announced = long.TryParse(Text("Sforce-NumberOfRecords"), CultureInfo.InvariantCulture, out var count) ? count : -1;
        _csv = new CsvBody(await _response.Content.ReadAsStreamAsync(cancellationToken));
    }

    private string? Text(string header) => _response!.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;
}
