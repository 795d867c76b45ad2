namespace Crm.Integration.Hub.Configuration.MappingTests;

/// <summary>How the mapping tests of a pipeline went, and what they left untried.</summary>
internal sealed record PipelineTestReport(string Pipeline, IReadOnlyList<TestCaseResult> Cases, TestCoverage Coverage)
{
    /// <summary>How many failed.</summary>
    public int Failed => Cases.Count(test => !test.Passed);
}

/// <summary>How one case went.</summary>
/// <param name="Name">The case.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Passed">Whether it came out as it should.</param>
/// <param name="Problem">Why not, where that is not a matter of single fields.</param>
/// <param name="Differences">The fields that came out otherwise.</param>
internal sealed record TestCaseResult(string Name, string Place, bool Passed, string? Problem, IReadOnlyList<FieldDifference> Differences);

/// <summary>A field that came out otherwise.</summary>
internal sealed record FieldDifference(string Field, string Expected, string Actual);

/// <summary>What the tests of a pipeline left untried, or showed to be lossy.</summary>
/// <param name="UnusedSourceFields">Fields of the given records that nothing in the pipeline reads.</param>
/// <param name="NeverFilled">Mapped fields that were empty in every case.</param>
/// <param name="RulesNeverHit">Rules that no case breaks.</param>
/// <param name="BranchesNeverTaken">Branches of <c>if</c> and <c>??</c> that no case takes.</param>
/// <param name="Losses">Values that were lost or cut on their way.</param>
internal sealed record TestCoverage(
    IReadOnlyList<string> UnusedSourceFields,
    IReadOnlyList<string> NeverFilled,
    IReadOnlyList<string> RulesNeverHit,
    IReadOnlyList<string> BranchesNeverTaken,
    IReadOnlyList<string> Losses);
