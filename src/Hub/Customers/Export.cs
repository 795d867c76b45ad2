using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Integration.Hub.Store;
using Crm.Integration.Mapping.Records;
using CsvHelper;
using CsvHelper.Configuration;

namespace Crm.Integration.Hub.Customers;

/// <summary>Writes masters or links to a file, row by row: memory stays flat whatever the size of the store.</summary>
/// <param name="store">The store.</param>
/// <param name="idOf">The id of a master as people write it, by entity and number.</param>
internal sealed class Export(MasterStore store, Func<string, long, string> idOf)
{
    private static readonly string[] s_linkColumns = ["entity", "connection", "stream", "source_id", "master_id"];

    /// <summary>The masters of an entity: <c>id</c>, then the fields of the model.</summary>
    /// <returns>How many were written.</returns>
    public long Masters(EntityType type, ExportFormat format, TextWriter output, CancellationToken cancellationToken)
    {
        using var rows = Read("select id, data from master where entity = @entity and merged_into is null and ended_run is null order by id", type.Name);
        var names = type.Fields.Select(field => field.Path).ToList();
        using var writer = RowWriter.For(format, output, ["id", .. names]);
        var count = 0L;
        for (; rows.Next(); count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = RecordJson.Read(type, rows.Text(1));
            writer.Write([Value.Text(idOf(type.Name, rows.Int64(0))), .. record.Values]);
        }

        return count;
    }

    /// <summary>Which source record belongs to which master.</summary>
    /// <param name="entity">Only of this entity, or null for all.</param>
    /// <param name="format">The format.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    /// <returns>How many were written.</returns>
    public long Links(string? entity, ExportFormat format, TextWriter output, CancellationToken cancellationToken)
    {
        using var rows = Read(
            """
            select i.entity, i.connection, i.stream, r.source_id, x.master_id
            from source_record r join inbound i on i.id = r.inbound_id join xref x on x.record_id = r.id
            where @entity is null or i.entity = @entity order by r.id
            """,
            entity);
        using var writer = RowWriter.For(format, output, s_linkColumns);
        var count = 0L;
        for (; rows.Next(); count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = rows.Text(0);
            writer.Write([Value.Text(name), Value.Text(rows.Text(1)), Value.Text(rows.Text(2)), Value.Text(rows.Text(3)), Value.Text(idOf(name, rows.Int64(4)))]);
        }

        return count;
    }

    private StoreRows Read(string sql, string? entity) => store.Read(sql, ("entity", entity));

    private abstract class RowWriter : IDisposable
    {
        public static RowWriter For(ExportFormat format, TextWriter output, IReadOnlyList<string> columns) =>
            format == ExportFormat.Csv ? new CsvRows(output, columns) : new JsonRows(output, columns);

        public abstract void Write(IReadOnlyList<Value> values);

        public abstract void Dispose();
    }

    private sealed class CsvRows : RowWriter
    {
        private readonly CsvWriter _csv;

        public CsvRows(TextWriter output, IReadOnlyList<string> columns)
        {
            // A value such as =cmd|… or +49… is text to a spreadsheet only behind an apostrophe.
            _csv = new CsvWriter(output, new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, NewLine = "\n" }, leaveOpen: true);
            foreach (var column in columns)
                _csv.WriteField(column);
            _csv.NextRecord();
        }

        public override void Write(IReadOnlyList<Value> values)
        {
            foreach (var value in values)
                _csv.WriteField(value.ToText());
            _csv.NextRecord();
        }

        public override void Dispose() => _csv.Dispose();
    }

    private sealed class JsonRows(TextWriter output, IReadOnlyList<string> columns) : RowWriter
    {
        private static readonly JsonWriterOptions s_options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        private readonly MemoryStream _line = new();

        public override void Write(IReadOnlyList<Value> values)
        {
            _line.SetLength(0);
            using (var json = new Utf8JsonWriter(_line, s_options))
            {
                json.WriteStartObject();
                for (var i = 0; i < values.Count; i++)
                {
                    if (values[i].IsEmpty)
                        continue;
                    json.WritePropertyName(columns[i]);
                    RecordJson.WriteValue(json, values[i]);
                }

                json.WriteEndObject();
            }

            output.Write(Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length));
            output.Write('\n');
        }

        public override void Dispose() => output.Flush();
    }
}

/// <summary>How an export is written.</summary>
internal enum ExportFormat
{
    /// <summary>Comma-separated, UTF-8, with a header line; safe to open in a spreadsheet.</summary>
    Csv,

    /// <summary>A JSON object a line.</summary>
    Jsonl,
}
