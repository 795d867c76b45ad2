using Crm.Integration.Connectors.Certification;

namespace Crm.Integration.Connectors.DropFolder;

/// <summary>The rehearsal of <c>drop-folder</c>.</summary>
internal sealed class DropFolderCertification() : FileFixture(new DropFolderConnector(), ".csv", new(folder => new DropFolderSettings { Folder = folder, Format = DropFormat.Csv, MinAgeSeconds = 0 }, WriteCsv, ReadCsv)
{
    File = "customers-1.csv",
    Broken = "PK\u0003\u0004",
    CutOff = CutOff,
});
