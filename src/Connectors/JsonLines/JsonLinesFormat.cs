using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.JsonLines;

/// <summary>Files with a JSON object a line.</summary>
internal sealed class JsonLinesFormat(int maxLineKilobytes) : IFileFormat
{
    public IRowReader Read(TextFile file, Shape shape) => new JsonLinesReading(file, maxLineKilobytes, shape);
}
