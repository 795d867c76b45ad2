using System.Text.Json;
using Crm.Integration.Hub.Configuration.Settings;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Configuration.MappingTests;

/// <summary>Runs the mapping tests of one pipeline with the code that also runs at night: filter, map, rules.</summary>
internal sealed class MappingTestRun
{
    private readonly InboundPipeline _pipeline;
    private readonly MapTrace _trace = new();
    private readonly List<TestCaseResult> _results = [];
    private readonly HashSet<int> _rulesHit = [];
    private readonly HashSet<string> _filled = new(StringComparer.Ordinal);

    private readonly Shape _shape;
    private readonly BoundExpression? _where;
    private readonly BoundFieldMap _map;

    // One shape for all cases: a trace counts by binding, and a branch that any case takes is taken.
    private MappingTestRun(InboundPipeline pipeline, IEnumerable<TestCaseSettings> cases)
    {
        _pipeline = pipeline;
        _shape = new Shape(cases.SelectMany(test => test.Given.Keys).Distinct(StringComparer.Ordinal));
        _where = pipeline.Where?.Bind(_shape.Find);
        _map = pipeline.Map.Bind(_shape, _trace);
    }

    /// <summary>Runs every case of a pipeline's files.</summary>
    /// <param name="files">Files that test one and the same pipeline.</param>
    /// <param name="today">What <c>today</c> means where a file does not say.</param>
    public static PipelineTestReport Run(IReadOnlyList<MappingTestFile> files, DateOnly today)
    {
        var run = new MappingTestRun(files[0].Pipeline, files.SelectMany(file => file.Cases));
        foreach (var file in files)
        {
            for (var i = 0; i < file.Cases.Count; i++)
                run.Run(file.Cases[i], $"{file.File}:{file.Lines[i]}", file.Today ?? today);
        }

        return new(run._pipeline.Name, run._results, run.Coverage());
    }

    private void Run(TestCaseSettings test, string place, DateOnly today)
    {
        var row = new SourceRow(_shape, [.. _shape.Names.Select(name => test.Given.GetValueOrDefault(name))]);
        if (_where is not null && !_where.Test(row.Values))
        {
            Add(test, place, test.Filtered ? null : "`where` leaves the record out", []);
            return;
        }

        if (test.Filtered)
        {
            Add(test, place, "`where` was to leave the record out, but takes it", []);
            return;
        }

        var record = new EntityRecord(_pipeline.Map.Type);
        _map.Apply(row, record);
        List<Violation> violations = [];
        _pipeline.Rules.Check(record, today, violations);
        _rulesHit.UnionWith(violations.Select(violation => violation.RuleIndex));
        _filled.UnionWith(record.Type.Fields.Where(field => !record[field.Ordinal].IsEmpty).Select(field => field.Path));
        Judge(test, place, record, violations.Find(violation => violation.Otherwise == Otherwise.Reject));
    }

    private void Judge(TestCaseSettings test, string place, EntityRecord record, Violation? reject)
    {
        var rule = reject is null ? null : JsonNamingPolicy.CamelCase.ConvertName(reject.Kind.ToString());
        if (test.Rejected is { } wanted)
        {
            var wrong = rule is null ? $"rule '{wanted}' was to reject the record, but it passes" : $"rule '{wanted}' was to reject the record, but '{rule}' did: {reject!.Message}";
            Add(test, place, rule == wanted ? null : wrong, []);
        }
        else if (reject is not null)
        {
            Add(test, place, $"rule '{rule}' ({_pipeline.RulePlace(reject.RuleIndex)}) rejects the record: {reject.Message}", []);
        }
        else
        {
            List<FieldDifference> differences = [];
            foreach (var (path, expected) in test.Expect ?? new Dictionary<string, Value>())
            {
                if (!Same(expected, record[path]))
                    differences.Add(new(path, Show(expected), Show(record[path])));
            }

            Add(test, place, null, differences);
        }
    }

    private void Add(TestCaseSettings test, string place, string? problem, List<FieldDifference> differences) =>
        _results.Add(new(test.Name, place, problem is null && differences.Count == 0, problem, differences));

    private TestCoverage Coverage()
    {
        var used = _pipeline.Map.Paths.Concat(_pipeline.Key.Paths).Concat(_pipeline.Where?.Paths ?? []).Concat(_pipeline.Modified?.Paths ?? [])
            .Append(_pipeline.Settings.From!.Cursor ?? "")
            .ToHashSet(StringComparer.Ordinal);
        var rules = _pipeline.Settings.Validate;
        return new(
            [.. _shape.Names.Where(name => !used.Any(path => Reads(path, name))).Order(StringComparer.Ordinal)],
            [.. _pipeline.Settings.Map.Keys.Where(path => !_filled.Contains(path))],
            [.. Enumerable.Range(0, rules.Count).Where(index => !_rulesHit.Contains(index)).Select(index => $"{_pipeline.RulePlace(index)}: {Describe(rules[index])}")],
            [.. _trace.UntakenBranches.Select(branch => $"{branch.Field}: {branch.Text}").Distinct(StringComparer.Ordinal)],
            [.. _trace.Losses.Select(Describe).Order(StringComparer.Ordinal)]);
    }

    // A path may go on into a nested object or list: lines[0].sku reads the field lines.
    private static bool Reads(string path, string name) =>
        path.StartsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || path[name.Length] is '.' or '[');

    private static string Describe(RuleDefinition rule)
    {
        var fields = rule.Field ?? (rule.Any is { } any ? string.Join(", ", any) : rule.Expression);
        return fields is null ? JsonNamingPolicy.CamelCase.ConvertName(rule.Rule.ToString()) : $"{JsonNamingPolicy.CamelCase.ConvertName(rule.Rule.ToString())} of {fields}";
    }

    private static string Describe(FieldLoss loss)
    {
        var what = loss.Loss switch
        {
            TraceLoss.Lost => "a value went in and nothing came out",
            TraceLoss.Cut => "a value was cut",
            _ => "a value could not be converted to the type of the field",
        };
        return $"{loss.Field}: {what}{(loss.Function is null ? "" : $" at {loss.Function}")} ({loss.Count}×)";
    }

    private static bool Same(Value expected, Value actual)
    {
        if (expected.IsEmpty || actual.IsEmpty)
            return expected.IsEmpty && actual.IsEmpty;
        return expected.AsList.Select(item => item.ToText()).SequenceEqual(actual.AsList.Select(item => item.ToText()), StringComparer.Ordinal);
    }

    private static string Show(Value value) => value.IsEmpty ? "(empty)" : RecordJson.ToJson(value);
}
