using Crm.Integration.Connectors.Certification;
using Crm.Integration.Sandbox;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>Every connector reaches its level: Gold where it writes. A failure names each check and why.</summary>
public sealed class CertificationTests : IDisposable
{
    // What takes no records cannot be proven to write them, and what gives nothing when asked not to be pulled.
    private static readonly Dictionary<string, CertificationLevel> s_lower = new() { ["drop-folder"] = CertificationLevel.Silver, ["webhook"] = CertificationLevel.Bronze };

    // Some systems take a hundred calls in twenty seconds; nobody wants to wait for that.
    private static readonly QuickClock s_clock = new(5);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Fixtures.Select(fixture => fixture.Connector.Declaration.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_connector_reaches_its_level(string name)
    {
        var fixture = Fixtures.Single(fixture => fixture.Connector.Declaration.Name == name);
        await using var sandbox = await SandboxHost.StartAsync(0, vendors: null, s_clock, TestContext.Current.CancellationToken);
        var report = await new ConnectorCertification(fixture, Quick with { Against = Releases.Last(name), Hurry = 4 }).RunAsync(new(_folder.Path, sandbox.Address) { Clock = s_clock }, null, TestContext.Current.CancellationToken);

        TestContext.Current.AddAttachment("report", report.ToMarkdown());
        Releases.Keep(name, report.Manifest);
        Assert.True(report.Checks.All(check => check.Outcome != CheckOutcome.Failed), string.Join(Environment.NewLine, Failures(report)));
        Assert.Equal(s_lower.GetValueOrDefault(name, CertificationLevel.Gold), report.Level);
        Assert.All(report.Checks.Where(check => check.Outcome == CheckOutcome.Skipped), check => Assert.True(check.Reason is { Length: > 10 }, check.Id));
    }

    [Fact]
    public void Every_connector_has_a_fixture() =>
        Assert.Equal(BuiltInConnectors.All.Select(connector => connector.Declaration.Name).Order(StringComparer.Ordinal), CertificationFixtures.In(typeof(BuiltInConnectors).Assembly).Select(fixture => fixture.Connector.Declaration.Name));

    [Fact]
    public async Task A_report_that_was_changed_by_hand_shows()
    {
        var report = await new ConnectorCertification(new ReferenceFixture(), Quick with { Only = ["M1"] }).RunAsync(new(_folder.Path, null), null, TestContext.Current.CancellationToken);

        Assert.True(CertificationReport.Parse(report.ToJson()).IsIntact);
        Assert.False(CertificationReport.Parse(report.ToJson().Replace("bronze", "gold", StringComparison.Ordinal)).IsIntact);
        Assert.Equal(CertificationLevel.Bronze, report.Level);
    }

    internal static CertificationOptions Quick { get; } = new() { MemoryRows = 10_000, HoldUp = TimeSpan.FromMilliseconds(30) };

    internal static IReadOnlyList<ICertificationFixture> Fixtures { get; } = [.. CertificationFixtures.In(typeof(BuiltInConnectors).Assembly), new ReferenceFixture()];

    internal static IEnumerable<string> Failures(CertificationReport report) =>
        report.Checks.Where(check => check.Outcome == CheckOutcome.Failed).Select(check => $"{check.Id} {check.Title}: {check.Reason}");

    public void Dispose() => _folder.Dispose();
}

/// <summary>A clock on which time passes so many times as fast.</summary>
internal sealed class QuickClock(int factor) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _start + ((System.GetUtcNow() - _start) * factor);

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Short(dueTime), Short(period));

    private TimeSpan Short(TimeSpan wait) => wait > TimeSpan.Zero ? wait / factor : wait;
}
