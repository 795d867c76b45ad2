using System.Buffers;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Mapping.Maps;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Validation;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>
/// The pure part of an inbound pipeline: tells a row's key and hash, and makes a validated record of it. The same for a
/// run, a plan and a retry. Safe for one task that identifies and another that maps.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="today">The date that rules mean by <c>today</c>.</param>
internal sealed class RowMapper(InboundPipeline pipeline, DateOnly today) : IDisposable
{
    private static readonly JsonWriterOptions s_compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly string[] _paths = Paths(pipeline);

    // What is written to a two-way stream is watched there. A column of that kind may be missing: it is not read.
    private readonly string[] _watched = [.. pipeline.Counterparts.SelectMany(outbound => outbound.Map.Select(field => field.Field)).Distinct(StringComparer.Ordinal).Except(Paths(pipeline))];
    private readonly List<Violation> _violations = [];
    private readonly Utf8JsonWriter _json = new(new ArrayBufferWriter<byte>(), s_compact);
    private Binding? _binding;

    /// <summary>The fields that are needed of a source's rows.</summary>
    public IReadOnlyList<string> Fields => [.. _paths.Concat(_watched)];

    /// <summary>Whether the row is taken, its key and its hash.</summary>
    /// <param name="row">A row without a fault.</param>
    /// <param name="work">What is learnt goes here.</param>
    /// <exception cref="ConnectorException">The stream lacks a column that the pipeline reads.</exception>
    public void Identify(SourceRow row, ref RowWork work)
    {
        var binding = Bind(row.Shape);
        var key = binding.Key.Evaluate(row.Values);
        work.Key = (key.AsText ?? key.ToText())?.Trim();
        if (row.IsDelete || row.IsSighting)
            return;
        if (binding.Where is { } where && !where.Test(row.Values))
        {
            work.Fate = RowFate.Filtered;
            return;
        }

        var hash = pipeline.Fingerprint;
        foreach (var ordinal in binding.Ordinals)
        {
            var value = row[ordinal];
            hash = value.IsNull ? (hash * 31) + 7 : ContentHash.Of(value.AsText ?? value.ToText(), hash);
        }

        work.RowHash = unchecked((long)hash);
    }

    /// <summary>The key of a row that could not be read whole, if that much of it was read; else null.</summary>
    public string? KeyOf(SourceRow row)
    {
        if (row.Values.Length == 0)
            return null;
        var key = Bind(row.Shape).Key.Evaluate(row.Values).ToText()?.Trim();
        return string.IsNullOrEmpty(key) ? null : key;
    }

    /// <summary>When the source says it changed a row: milliseconds since 1970; null when it does not say.</summary>
    public long? ModifiedAt(SourceRow row) => row.Fault is null ? Instant(Bind(row.Shape).Modified?.Evaluate(row.Values) ?? Value.Null) : null;

    /// <summary>Maps and validates a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="work">Its record, or why it is rejected, goes here.</param>
    public void Map(SourceRow row, ref RowWork work)
    {
        var binding = Bind(row.Shape);
        var record = new EntityRecord(pipeline.Entity.Type);
        binding.Map.Apply(work.Arrival?.Meant(row) ?? row, record);
        work.ModifiedAt = Instant(binding.Modified?.Evaluate(row.Values) ?? Value.Null);
        _violations.Clear();
        pipeline.Rules.Check(record, today, _violations);
        foreach (var violation in _violations)
        {
            if (violation.Otherwise == Otherwise.Reject)
            {
                Reject(ref work, violation);
                return;
            }

            (work.Findings ??= []).Add(violation);
        }

        work.Record = record;
    }

    /// <summary>Rejects a row for a rule.</summary>
    public void Reject(ref RowWork work, Violation violation)
    {
        work.Fate = RowFate.Rejected;
        work.Record = null;
        work.Rejection = new Rejection(RuleName(violation.Kind), violation.Path, pipeline.RulePlace(violation.RuleIndex), violation.Message, violation.Fix);
    }

    /// <summary>Writes the record as JSON, and tells by its hash whether it is new, changed or as it was.</summary>
    /// <param name="work">A mapped row.</param>
    /// <param name="output">Where the JSON goes.</param>
    public void Serialise(ref RowWork work, ArrayBufferWriter<byte> output)
    {
        work.JsonStart = output.WrittenCount;
        _json.Reset(output);
        RecordJson.Write(work.Record!, _json);
        work.JsonLength = output.WrittenCount - work.JsonStart;
        work.DataHash = unchecked((long)ContentHash.Of(output.WrittenSpan[work.JsonStart..], (ulong)(work.ModifiedAt ?? 0)));
        work.Record = null;
        work.Fate = work.RecordId == 0 || work.WasGone ? RowFate.Created
            : work.DataHash != work.StoredHash || work.Arrival is { EditedPaths.Count: > 0 } ? RowFate.Changed
            : RowFate.Touched;
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <summary>A rule's name as configuration writes it.</summary>
    public static string RuleName(RuleKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static string[] Paths(InboundPipeline pipeline) =>
    [
        .. pipeline.Map.Paths
            .Concat(pipeline.Key.Paths)
            .Concat(pipeline.Where?.Paths ?? [])
            .Concat(pipeline.Modified?.Paths ?? [])
            .Distinct(StringComparer.Ordinal),
    ];

    private static long? Instant(Value value) => value.Kind switch
    {
        ValueKind.Instant => value.AsInstant!.Value.ToUnixTimeMilliseconds(),
        ValueKind.Date => new DateTimeOffset(value.AsDate!.Value.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds(),
        _ => null,
    };

    private Binding Bind(Shape shape)
    {
        var binding = _binding;
        if (binding is not null && ReferenceEquals(binding.Shape, shape) && (shape.IsFixed || binding.Count == shape.Count))
            return binding;

        // By name, so that columns that change places change nothing. A field that no row has brought yet is an empty one:
        // a row has the same hash whatever stands beside it, in its source and in the quarantine.
        var (count, names) = (shape.Count, shape.Names);
        var columns = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var path in _paths)
        {
            var ordinal = Find(shape, path);
            if (ordinal < 0 && shape.IsFixed)
                throw Missing(shape, path);
            columns[ordinal >= 0 ? names[ordinal] : path.Split('.', '[')[0]] = ordinal;
        }

        foreach (var path in _watched)
        {
            if (Find(shape, path) is >= 0 and var ordinal)
                columns[names[ordinal]] = ordinal;
        }

        return _binding = new Binding(
            shape,
            count,
            [.. columns.Values],
            pipeline.Key.Bind(shape.Find),
            pipeline.Where?.Bind(shape.Find),
            pipeline.Modified?.Bind(shape.Find),
            pipeline.Map.Bind(shape));
    }

    private static int Find(Shape shape, string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOfAny(['.', '['], end - 1))
        {
            var ordinal = shape.Find(path[..end]);
            if (ordinal >= 0)
                return ordinal;
        }

        return -1;
    }

    private ConnectorException Missing(Shape shape, string path)
    {
        // A file that lost its header line has a customer in its place: such names are not shown.
        if (!_paths.Any(other => Find(shape, other) >= 0))
        {
            return new ConnectorException(
                FailureKind.Configuration,
                $"{pipeline.Stream} has none of the columns that pipelines/{pipeline.Name}.json reads ({string.Join(", ", _paths.Take(10))}); nothing was taken from it",
                "see whether the file has lost its header line, or is another one");
        }

        var nearest = Spelling.Nearest(path, shape.Names) is { } name ? $"did you mean '{name}'? " : "";
        return new ConnectorException(
            FailureKind.Configuration,
            $"{pipeline.Stream} has no column '{path}', which pipelines/{pipeline.Name}.json reads; nothing was taken from it",
            $"{nearest}Its columns are: {string.Join(", ", shape.Names.Take(40))}");
    }

    private sealed record Binding(
        Shape Shape, int Count, int[] Ordinals, BoundExpression Key, BoundExpression? Where, BoundExpression? Modified, BoundFieldMap Map);
}
