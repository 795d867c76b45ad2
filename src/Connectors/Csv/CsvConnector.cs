using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Files;

namespace Crm.Integration.Connectors.Csv;

/// <summary>Delimited text files in a folder, read and kept up to date.</summary>
internal sealed class CsvConnector : IConnector
{
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "csv",
        Summary = "Delimited text files (CSV, TSV) in a folder; a stream is a file. Delimiter and encoding are found by themselves, gzip is unpacked.",
        SettingsType = typeof(CsvSettings),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.IncrementalPull | ConnectorCapabilities.Push | ConnectorCapabilities.Discover,
        Deletes = DeleteStrategy.AbsentFromSnapshot,
        IdempotentCreate = true,
    };

    public IConnection Open(object settings, ConnectionContext context)
    {
        var csv = (CsvSettings)settings;
        return new FolderConnection(csv, context, new CsvFormat(csv), [".csv", ".tsv", ".txt", ".tab"]);
    }
}
