using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.JsonLines;

/// <summary>Files with a JSON object a line.</summary>
internal sealed class JsonLinesFormat(int maxLineKilobytes) : ITargetFormat
{
    public bool HasHeader => false;

    public IRowReader Read(TextFile file, Shape shape) => new JsonLinesReading(file, maxLineKilobytes, shape);

    public ITarget Open(TextFile? existing, PushRequest request) => new JsonLinesWriting(existing, maxLineKilobytes, request);

    public string Cell(Value value) => RecordJson.ToJson(value);
}
