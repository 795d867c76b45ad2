using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Makes rows of a bulk result. What becomes of each column is settled once, since a result has millions of cells.</summary>
internal sealed class BulkRowReader
{
    private readonly SelectList _select;
    private readonly (int Cell, SelectList.Column Column, CellReader Read)[] _columns;

    /// <param name="select">What was asked for.</param>
    /// <param name="cells">The cell of each column, or -1 where the result lacks it.</param>
    public BulkRowReader(SelectList select, IReadOnlyList<int> cells)
    {
        // A record's times are often the same, whichever of them it is; other values repeat themselves within a column.
        var times = new CellCache(FieldValues.CellReader(StreamFieldType.Instant));
        _select = select;
        _columns = [.. select.Columns.Select((column, i) => (cells[i], column, Reader(column.Field.Kind, times))).Where(column => column.Item1 >= 0)];
    }

    /// <summary>The row of a record.</summary>
    public SourceRow Read(CsvBody row)
    {
        var values = _select.NewRow();
        foreach (var (index, column, read) in _columns)
        {
            var cell = row[index];
            if (!cell.IsEmpty)
                SelectList.Set(values, column, read(cell));
        }

        return _select.Finish(values).Row;
    }

    private static CellReader Reader(StreamFieldType kind, CellCache times) => (kind == StreamFieldType.Instant ? times : new CellCache(FieldValues.CellReader(kind))).Read;
}
