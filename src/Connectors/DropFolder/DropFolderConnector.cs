using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Csv;
using Crm.Integration.Connectors.Files;
using Crm.Integration.Connectors.JsonLines;

namespace Crm.Integration.Connectors.DropFolder;

/// <summary>A folder into which another system drops files, each taken once.</summary>
internal sealed class DropFolderConnector : IConnector
{
    public ConnectorDeclaration Declaration { get; } = new()
    {
        Name = "drop-folder",
        Summary = "A folder into which another system drops CSV or JSON Lines files. A stream is a pattern such as orders-*.csv; each file is taken once, by its content.",
        SettingsType = typeof(DropFolderSettings),
        Capabilities = ConnectorCapabilities.Pull | ConnectorCapabilities.Discover,
        // A file holds what is new, not what there is: absence proves nothing.
        Deletes = DeleteStrategy.None,
        IdempotentCreate = false,
    };

    public IConnection Open(object settings, ConnectionContext context)
    {
        var drop = (DropFolderSettings)settings;
        IFileFormat format = drop.Format == DropFormat.Csv ? new CsvSourceFormat(drop) : new JsonLinesFormat(drop.MaxLineKilobytes);
        return new DropFolderConnection(drop, context, format);
    }
}
