using System.Text;
using System.Text.Json;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Mapping.Records;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Hub.Quarantine;

/// <summary>Takes rejected rows through their pipelines again, as a run of its own. Those that pass leave the quarantine by themselves.</summary>
/// <param name="configuration">The hub folder.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
internal sealed class QuarantineRetry(HubConfiguration configuration, TimeProvider clock, ILogger log)
{
    private const int PageRows = 4096;

    /// <summary>Retries entries whose rows could be read.</summary>
    public async Task<RunReport> RunAsync(IReadOnlyList<QuarantineEntry> entries, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        var (began, started) = (clock.GetUtcNow(), clock.GetTimestamp());

        // Each row was chosen by a person: what part of them is rejected again stops nothing.
        using var session = await WorkSession.BeginAsync(configuration, "quarantine retry", new RunOptions { IgnoreLimits = true }, progress, clock, log, cancellationToken);
        var reports = new List<PipelineReport>();
        foreach (var group in entries.GroupBy(entry => entry.Pipeline))
        {
            if (configuration.Pipelines.OfType<InboundPipeline>().FirstOrDefault(pipeline => pipeline.Name == group.Key) is not { } pipeline)
            {
                reports.Add(new PipelineReport
                {
                    Name = group.Key,
                    Entity = "",
                    Endpoint = "",
                    Inbound = true,
                    State = RunState.Failed,
                    Problem = $"there is no inbound pipeline '{group.Key}' any more",
                    Fix = "put its file back into pipelines/, or discard the rows",
                });
                continue;
            }

            var report = Runner.ReportFor(pipeline);
            reports.Add(report);
            await new InboundRun(session.Store, pipeline, session.Run).RetryAsync(Pages(group), report, cancellationToken);
            var counts = new Resolver(session.Store, pipeline.Entity, session.Run).Resolve(pipeline.Name, cancellationToken);
            report.Matching = pipeline.Entity.Matcher is null ? null : counts;
            report.State = RunState.Done;
        }

        var result = new RunReport
        {
            RunId = session.Run.RunId,
            Rehearsal = false,
            State = reports.Exists(report => report.State == RunState.Failed) ? RunState.Failed : RunState.Done,
            StartedAt = began,
            Took = clock.GetElapsedTime(started),
            Pipelines = reports,
            Totals = Totals.Read(session.Store, configuration),
        };
        session.End(result);
        return result;
    }

    private static async IAsyncEnumerable<Page> Pages(IEnumerable<QuarantineEntry> entries)
    {
        // One for all rows with the same fields in the same order: a row that is rejected again is kept as it was.
        var shapes = new Dictionary<string, Shape>(StringComparer.Ordinal);
        foreach (var chunk in entries.Chunk(PageRows))
        {
            await Task.Yield();
            yield return new Page([.. chunk.Select(entry => Row(shapes, entry))]);
        }
    }

    private static SourceRow Row(Dictionary<string, Shape> shapes, QuarantineEntry entry)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(entry.Payload));
        reader.Read();
        var members = RecordJson.ReadValue(ref reader).AsObject!;
        var fields = string.Join('\0', members.Keys);
        if (!shapes.TryGetValue(fields, out var shape))
            shapes.Add(fields, shape = new Shape(members.Keys));
        return new SourceRow(shape, [.. members.Values]) { Position = Position(entry.Position) };
    }

    // "customers.csv line 17", as it was written.
    private static RowPosition Position(string text)
    {
        var at = text.LastIndexOf(" line ", StringComparison.Ordinal);
        return at > 0 && long.TryParse(text.AsSpan(at + 6), out var line) ? new RowPosition(text[..at], line) : new RowPosition(text.Length == 0 ? null : text, 0);
    }
}
