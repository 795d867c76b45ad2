using System.Text.Json;

namespace Crm.Integration.EndToEnd.Tests.Program;

/// <summary>The report of a run or a plan, as --json prints it.</summary>
internal static class Report
{
    private static readonly string[] s_fates = ["created", "changed", "unchanged", "deleted", "rejected", "filtered"];

    /// <summary>The pipelines of a report by name.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Pipelines(this JsonElement report) =>
        report.GetProperty("pipelines").EnumerateArray().ToDictionary(pipeline => pipeline.GetProperty("name").GetString()!);

    /// <summary>A count of a pipeline.</summary>
    public static long Count(this JsonElement pipeline, string what) => pipeline.GetProperty("counts").GetProperty(what).GetInt64();

    /// <summary>Every pipeline's counts as a line each, to compare.</summary>
    public static IReadOnlyList<string> Lines(this JsonElement report) =>
        [.. report.Pipelines().Select(pipeline => $"{pipeline.Key} {pipeline.Value.GetProperty("counts").GetRawText()} {pipeline.Value.GetProperty("matching").GetRawText()}")];

    /// <summary>What pipelines created, changed and deleted.</summary>
    public static long Effects(this JsonElement report) =>
        report.Pipelines().Values.Sum(pipeline => pipeline.Count("created") + pipeline.Count("changed") + pipeline.Count("deleted"));

    /// <summary>Each pipeline is done, and what it read is accounted for.</summary>
    public static void AssertAddsUp(this JsonElement report)
    {
        foreach (var (name, pipeline) in report.Pipelines())
        {
            Assert.True(pipeline.GetProperty("state").GetString() == "done", $"{name}: {pipeline.GetProperty("problem")}");
            Assert.True(pipeline.Count("read") == s_fates.Sum(fate => pipeline.Count(fate)), $"{name} does not add up: {pipeline.GetProperty("counts")}");
        }
    }
}
