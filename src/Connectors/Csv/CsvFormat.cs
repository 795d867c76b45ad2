using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Csv;

/// <summary>Files of delimited text, read.</summary>
internal sealed class CsvSourceFormat(DelimitedFileSettings settings) : IFileFormat
{
    public bool HasHeader => true;

    public IRowReader Read(TextFile file, Shape shape) => new CsvReading(file, settings, shape);
}

/// <summary>Files of delimited text, read and written.</summary>
internal sealed class CsvFormat(CsvSettings settings) : ITargetFormat
{
    public bool HasHeader => true;

    public IRowReader Read(TextFile file, Shape shape) => new CsvReading(file, settings, shape);

    public ITarget Open(TextFile? existing, PushRequest request) => new CsvWriting(existing, settings, request);

    public string Cell(Value value) => value.ToText() ?? "";
}
