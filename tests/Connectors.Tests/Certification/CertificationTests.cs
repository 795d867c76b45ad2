using Crm.Integration.Connectors.Certification;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>Every connector that has a fixture and needs no sandbox reaches its level. A failure names each check and why.</summary>
public sealed class CertificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("csv", CertificationLevel.Gold)]
    [InlineData("jsonl", CertificationLevel.Gold)]
    [InlineData("reference", CertificationLevel.Gold)]
    public async Task A_connector_reaches_its_level(string name, CertificationLevel level)
    {
        var fixture = Fixtures.Single(fixture => fixture.Connector.Declaration.Name == name);
        var report = await new ConnectorCertification(fixture, Quick).RunAsync(new(_folder.Path, null), null, TestContext.Current.CancellationToken);

        TestContext.Current.AddAttachment("report", report.ToMarkdown());
        Assert.True(report.Checks.All(check => check.Outcome != CheckOutcome.Failed), string.Join(Environment.NewLine, Failures(report)));
        Assert.Equal(level, report.Level);
        Assert.All(report.Checks.Where(check => check.Outcome == CheckOutcome.Skipped), check => Assert.True(check.Reason is { Length: > 10 }, check.Id));
    }

    internal static CertificationOptions Quick { get; } = new() { MemoryRows = 10_000, HoldUp = TimeSpan.FromMilliseconds(30) };

    internal static IReadOnlyList<ICertificationFixture> Fixtures { get; } = [.. CertificationFixtures.In(typeof(BuiltInConnectors).Assembly), new ReferenceFixture()];

    internal static IEnumerable<string> Failures(CertificationReport report) =>
        report.Checks.Where(check => check.Outcome == CheckOutcome.Failed).Select(check => $"{check.Id} {check.Title}: {check.Reason}");

    public void Dispose() => _folder.Dispose();
}
