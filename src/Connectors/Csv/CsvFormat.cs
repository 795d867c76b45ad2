using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Csv;

/// <summary>Files of delimited text.</summary>
internal sealed class CsvFormat(DelimitedFileSettings settings) : IFileFormat
{
    public IRowReader Read(TextFile file, Shape shape) => new CsvReading(file, settings, shape);
}
