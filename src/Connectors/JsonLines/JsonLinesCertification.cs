using Crm.Integration.Connectors.Certification;

namespace Crm.Integration.Connectors.JsonLines;

/// <summary>The rehearsal of <c>jsonl</c>.</summary>
internal sealed class JsonLinesCertification() : FileFixture(new JsonLinesConnector(), ".jsonl", new(folder => new JsonLinesSettings { Folder = folder }, WriteJson, ReadJson)
{
    Broken = "%PDF-1.4",
    CutOff = CutOff,
});
