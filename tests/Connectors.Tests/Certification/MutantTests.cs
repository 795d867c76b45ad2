using Crm.Integration.Connectors.Certification;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>Z1: a check that nothing can fail is no check. Each finds the mistakes that it is there for, and passes without them.</summary>
public sealed class MutantTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Mutants.All.Select(mutant => mutant.ToString())];

    [Fact]
    public void Every_check_has_a_mutant() =>
        Assert.Empty(ConnectorCertification.Checks.Select(check => check.Id).Except(Mutants.All.Select(mutant => mutant.Check)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_mutant_is_found_by_its_check(string name)
    {
        var mutant = Mutants.All.Single(mutant => mutant.ToString() == name);

        var result = await RunAsync(mutant.Fixture(), mutant.Options with { Only = [mutant.Check] });

        TestContext.Current.AddAttachment("reason", result.Reason ?? "");
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
    }

    private async Task<CheckResult> RunAsync(ICertificationFixture fixture, CertificationOptions options) =>
        Assert.Single((await new ConnectorCertification(fixture, options).RunAsync(new(_folder.Path, null), null, TestContext.Current.CancellationToken)).Checks);

    public void Dispose() => _folder.Dispose();
}
