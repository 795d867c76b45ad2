using Crm.Integration.Connectors.Certification;

namespace Crm.Integration.Connectors.Csv;

/// <summary>The rehearsal of <c>csv</c>.</summary>
internal sealed class CsvCertification() : FileFixture(new CsvConnector(), ".csv", new(folder => new CsvSettings { Folder = folder }, WriteCsv, ReadCsv)
{
    Broken = "PK\u0003\u0004",
    CutOff = CutOff,
});
