using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Salesforce;
using Crm.Integration.Connectors.Tests.Certification;
using Crm.Integration.Sandbox;

namespace Crm.Integration.Connectors.Tests.Salesforce;

public sealed class SalesforceCertificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1)]
    public async Task Salesforce_reaches_Gold_by_bulk_jobs_too(int? bulkFrom)
    {
        await using var sandbox = await SandboxHost.StartAsync(0, ["salesforce"], TimeProvider.System, TestContext.Current.CancellationToken);
        var report = await new ConnectorCertification(new SalesforceCertification(bulkFrom), CertificationTests.Quick with { HoldUp = TimeSpan.FromMilliseconds(400) }).RunAsync(new(_folder.Path, sandbox.Address), null, TestContext.Current.CancellationToken);
        TestContext.Current.AddAttachment("report", report.ToMarkdown());
        Assert.True(report.Checks.All(check => check.Outcome != CheckOutcome.Failed), string.Join(Environment.NewLine, CertificationTests.Failures(report)));
        Assert.Equal(CertificationLevel.Gold, report.Level);
    }

    public void Dispose() => _folder.Dispose();
}
