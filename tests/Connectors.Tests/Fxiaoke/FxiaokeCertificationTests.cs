using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Fxiaoke;
using Crm.Integration.Connectors.Tests.Certification;
using Crm.Integration.Sandbox;

namespace Crm.Integration.Connectors.Tests.Fxiaoke;

/// <summary>The whole kit against the sandbox.</summary>
public sealed class FxiaokeCertificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_connector_reaches_gold()
    {
        await using var sandbox = await SandboxHost.StartAsync(0, ["fxiaoke"], TimeProvider.System, TestContext.Current.CancellationToken);

        var report = await new ConnectorCertification(new FxiaokeFixture(), CertificationTests.Quick with { MemoryRows = 6_000 })
            .RunAsync(new(_folder.Path, sandbox.Address), null, TestContext.Current.CancellationToken);

        TestContext.Current.AddAttachment("report", report.ToMarkdown());
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToMarkdown());
        Assert.True(report.Checks.All(check => check.Outcome != CheckOutcome.Failed), string.Join(Environment.NewLine, CertificationTests.Failures(report)));
        Assert.Equal(CertificationLevel.Gold, report.Level);
    }

    public void Dispose() => _folder.Dispose();
}
