using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Connectors.Http;

/// <summary>Reads the CSV of bulk results row by row: UTF-8, comma, a header, an empty cell is nothing. Memory holds a row.</summary>
public static class CsvRows
{
    private const int BufferSize = 1 << 16;

    /// <summary>The rows of a body.</summary>
    /// <param name="body">The body; stays the caller's.</param>
    /// <param name="values">Knows the fields' types, and the shape.</param>
    /// <param name="cancellationToken">Ends it between rows.</param>
    /// <exception cref="ConnectorException">The body breaks off within a row.</exception>
    public static async IAsyncEnumerable<SourceRow> ReadAsync(Stream body, JsonValues values, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(values);
        using var text = new StreamReader(body, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, BufferSize, leaveOpen: true);
        var broken = false;
        using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ",",
            BufferSize = BufferSize,
            CountBytes = false,
            BadDataFound = _ => broken = true,
        }, leaveOpen: true);
        if (!await parser.ReadAsync())
            yield break;
        var fields = new (int Ordinal, StreamFieldType? Type)[parser.Count];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = values.Field(parser[i]);
        var width = values.Shape.Count;
        while (await parser.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = new Value[width];
            var count = parser.Count;
            for (var i = 0; i < count && i < fields.Length; i++)
            {
                var cell = parser[i];
                if (cell.Length == 0 || fields[i].Ordinal < 0)
                    continue;
                // A NUL is no character of any value: it comes of damaged imports, and no store takes it.
                row[fields[i].Ordinal] = values.Typed(cell.Contains('\0', StringComparison.Ordinal) ? cell.Replace("\0", "", StringComparison.Ordinal) : cell, fields[i].Type);
            }

            if (broken || count != fields.Length)
                throw new ConnectorException(FailureKind.Transient, $"The result breaks off, or is damaged, at line {parser.RawRow}: {count} cells where the header has {fields.Length}.", "Run again; what was done is kept.");
            yield return values.Row(row);
        }
    }
}
