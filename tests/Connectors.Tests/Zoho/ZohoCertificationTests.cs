using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Zoho;

namespace Crm.Integration.Connectors.Tests.Zoho;

public sealed class ZohoCertificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_connector_reaches_Gold()
    {
        await using var sandbox = await ZohoSandbox.StartAsync(0);
        var report = await new ConnectorCertification(new ZohoFixture(), new() { MemoryRows = 10_000, HoldUp = TimeSpan.FromMilliseconds(30) }).RunAsync(new(_folder.Path, sandbox.Address), null, TestContext.Current.CancellationToken);

        TestContext.Current.AddAttachment("report", report.ToMarkdown());
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToMarkdown());
        Assert.Empty(report.Checks.Where(check => check.Outcome == CheckOutcome.Failed).Select(check => $"{check.Id} {check.Title}: {check.Reason}"));
        Assert.Equal(CertificationLevel.Gold, report.Level);
    }

    public void Dispose() => _folder.Dispose();
}
