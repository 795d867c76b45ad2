using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;

namespace Crm.Integration.Connectors.JsonLines;

/// <summary>Files with a JSON object a line, read and kept up to date.</summary>
internal sealed class JsonLinesConnector : IConnector
{
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "jsonl",
        Summary = "JSON Lines files (a JSON object a line, also called NDJSON) in a folder; a stream is a file. Gzip is unpacked.",
        SettingsType = typeof(JsonLinesSettings),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.IncrementalPull | ConnectorCapabilities.Push | ConnectorCapabilities.Discover,
        Deletes = DeleteStrategy.AbsentFromSnapshot,
        IdempotentCreate = true,
    };

    public IConnection Open(object settings, ConnectionContext context)
    {
        var lines = (JsonLinesSettings)settings;
        return new FolderConnection(lines, context, new JsonLinesFormat(lines.MaxLineKilobytes), [".jsonl", ".ndjson"]);
    }
}
