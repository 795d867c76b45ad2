using System.Globalization;
using Crm.Integration.Hub.Configuration.Binding;
using Crm.Integration.Hub.Configuration.Json;
using Crm.Integration.Hub.Configuration.Loading;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Configuration.MappingTests;

/// <summary>Reads <c>tests/*.json</c> and checks them against the rest of the configuration.</summary>
internal static class MappingTestReader
{
    /// <summary>Reads the mapping tests.</summary>
    /// <param name="folder">The hub folder.</param>
    /// <param name="configuration">The rest of the configuration; null when it has mistakes, and then only the form of the tests is checked.</param>
    public static MappingTestSet Read(string folder, HubConfiguration? configuration)
    {
        var problems = new ConfigProblems();
        var binder = new SettingsBinder(problems);
        List<MappingTestFile> files = [];
        foreach (var file in new FolderReader(folder, problems).ReadAll("tests"))
        {
            if (file.Root is null)
                continue;
            var settings = binder.Bind<TestSettings>(file.Root);
            DateOnly? today = null;
            if (file.Root["today"] is { Kind: ConfigKind.Text } node)
            {
                if (DateOnly.TryParseExact(node.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                    today = day;
                else
                    problems.Add(node, $"'{node.Text}' is not a day", "write yyyy-MM-dd");
            }

            var pipeline = configuration is null ? null : Pipeline(file.Root, configuration, problems);
            foreach (var test in file.Root["cases"]?.Items ?? [])
                CheckCase(test, pipeline?.Entity.Type, problems);
            if (pipeline is not null)
                files.Add(new(file.File, pipeline, settings.Cases, today, LinesOf(file.Root)));
        }

        return new(problems.Count == 0 ? files : [], problems.All);
    }

    private static IReadOnlyList<int> LinesOf(ConfigNode root) =>
        [.. (root["cases"]?.Items ?? []).Select(test => root.Document.At(test.Offset).Line)];

    private static InboundPipeline? Pipeline(ConfigNode root, HubConfiguration configuration, ConfigProblems problems)
    {
        if (root["pipeline"] is not { Kind: ConfigKind.Text } node)
            return null;
        var inbound = configuration.Pipelines.OfType<InboundPipeline>().ToList();
        if (inbound.Find(pipeline => pipeline.Name == node.Text) is { } found)
            return found;
        if (configuration.Pipelines.Any(pipeline => pipeline.Name == node.Text))
            problems.Add(node, $"the pipeline '{node.Text}' is outbound; mapping tests are for inbound ones", "see what it would send with `hub plan`");
        else
            problems.Add(node, $"unknown pipeline '{node.Text}'", SettingsBinder.Nearest(node.Text, inbound.Select(pipeline => pipeline.Name)) ?? "its name is that of a file under pipelines/, without .json");
        return null;
    }

    private static void CheckCase(ConfigNode test, EntityType? type, ConfigProblems problems)
    {
        if (test.Kind != ConfigKind.Object)
            return;
        var given = ((ConfigNode?[])[test["expect"], test["rejected"], test["filtered"] is { Kind: ConfigKind.True } filtered ? filtered : null]).Count(node => node is not null and not { Kind: ConfigKind.Null });
        if (given != 1)
            problems.Add(test, "a case says one thing: 'expect' (the fields), 'rejected' (the rule) or \"filtered\": true", given == 0 ? "add one of them" : "keep one of them");

        if (test["rejected"] is { Kind: ConfigKind.Text } rejected)
        {
            var rules = SettingType.Of(typeof(RuleKind)).Choices.Select(choice => choice.Name).ToList();
            if (!rules.Contains(rejected.Text))
                problems.Add(rejected, $"there is no rule '{rejected.Text}'", SettingsBinder.Nearest(rejected.Text, rules) ?? $"there are {string.Join(", ", rules)}");
        }

        if (type is null)
            return;
        foreach (var member in test["expect"]?.Members ?? [])
        {
            if (type.Find(member.Name) is null)
                problems.Add(test.Document, member.Offset, $"'{type.Name}' has no field '{member.Name}'", ExpressionCompiler.SuggestField(member.Name, type));
        }
    }
}

/// <summary>The mapping tests of a hub.</summary>
/// <param name="Files">A file each; none when there are problems.</param>
/// <param name="Problems">What is wrong with them.</param>
internal sealed record MappingTestSet(IReadOnlyList<MappingTestFile> Files, IReadOnlyList<ConfigurationProblem> Problems)
{
    /// <summary>How many cases there are.</summary>
    public int Cases => Files.Sum(file => file.Cases.Count);
}

/// <summary>A file of mapping tests.</summary>
/// <param name="File">The file, relative to the hub folder.</param>
/// <param name="Pipeline">The pipeline tested.</param>
/// <param name="Cases">The cases.</param>
/// <param name="Today">The day that <c>today</c> means; null for the real one.</param>
/// <param name="Lines">The line of each case.</param>
internal sealed record MappingTestFile(string File, InboundPipeline Pipeline, IReadOnlyList<TestCaseSettings> Cases, DateOnly? Today, IReadOnlyList<int> Lines);
