using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Tests.Certification;

/// <summary>Writes batches to the reference system; one that is refused as a whole is halved.</summary>
internal sealed class ReferencePush(ReferenceCaller caller, ConnectionContext context, ReferenceSystem system, PushRequest request, Defect defect)
{
    private const int LockTries = 4;

    public async IAsyncEnumerable<WriteOutcome> RunAsync(IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new List<Write>();
        await foreach (var write in writes.WithCancellation(cancellationToken))
        {
            if (write.Kind == WriteKind.Update && !write.Changed.Contains(true))
            {
                yield return new(write.Id);
                continue;
            }

            batch.Add(write);
            if (batch.Count < ReferenceSystem.BatchLimit)
                continue;
            foreach (var outcome in await SendAsync(batch, whole: false, cancellationToken))
                yield return outcome;
            batch = [];
        }

        if (batch.Count > 0)
        {
            foreach (var outcome in await SendAsync(batch, whole: false, cancellationToken))
                yield return outcome;
        }
    }

    private async Task<List<WriteOutcome>> SendAsync(List<Write> batch, bool whole, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReferenceResult> results;
        try
        {
            var sent = batch.Select(write => Sent(write, whole)).ToList();
            results = await caller.CallAsync(token => system.WriteAsync(token, sent, cancellationToken), cancellationToken);
            if (defect == Defect.SendsBatchAgain && results.Any(result => result.Code is not null))
                results = await caller.CallAsync(token => system.WriteAsync(token, sent, cancellationToken), cancellationToken);
        }
        catch (ReferenceRefusal refusal) when (refusal.Code == "batch-refused")
        {
            var outcomes = new List<WriteOutcome>();
            foreach (var part in defect == Defect.HalvesNothing ? batch.Select(write => new List<Write> { write }) : [batch[..(batch.Count / 2)], batch[(batch.Count / 2)..]])
                outcomes.AddRange(await SendAsync(part, whole, cancellationToken));
            return outcomes;
        }

        var all = new List<WriteOutcome>();
        for (var i = 0; i < batch.Count; i++)
            all.Add(await OutcomeAsync(batch[i], results[i], whole, 1, cancellationToken));
        return all;
    }

    private async Task<WriteOutcome> OutcomeAsync(Write write, ReferenceResult result, bool whole, int attempt, CancellationToken cancellationToken)
    {
        // An update that finds nothing to update would make a record with holes.
        if (write.Kind == WriteKind.Update && !whole && (result.Created || (result.Code == "required" && !write.Changed[request.Fields.ToList().IndexOf(result.Field!)])))
            return (await SendAsync([write], whole: true, cancellationToken))[0];
        if (result.Code == "locked" && attempt < LockTries)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), context.Clock, cancellationToken);
            var again = await caller.CallAsync(token => system.WriteAsync(token, [Sent(write, whole)], cancellationToken), cancellationToken);
            return await OutcomeAsync(write, again[0], whole, attempt + 1, cancellationToken);
        }

        if (result.Code is null)
            return new(write.Id) { ExternalId = result.Record?.Id, Version = result.Record?.Version, Created = result.Created };
        return new(write.Id, result.Code == "locked" ? FailureKind.Transient : FailureKind.Rejected, $"the system refused it: {result.Code}")
        {
            Code = result.Code,
            Field = result.Field,
            Fault = result.Code switch
            {
                "locked" => WriteFault.Locked,
                "duplicate" => WriteFault.Duplicate,
                "custom-rule" => WriteFault.Validation,
                "required" => WriteFault.RequiredMissing,
                "too-long" => WriteFault.TooLong,
                "bad-value" => WriteFault.BadValue,
                "changed" => WriteFault.ChangedMeanwhile,
                "gone" => WriteFault.NotFound,
                _ => WriteFault.None,
            },
        };
    }

    private ReferenceWrite Sent(Write write, bool whole)
    {
        var version = defect == Defect.WritesOverChanges ? null : write.ExpectedVersion;
        if (write.Kind == WriteKind.Delete)
            return new(write.Key, null, version);
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        for (var i = 0; i < request.Fields.Count; i++)
        {
            if (request.Fields[i] != request.KeyField && (whole || write.Kind == WriteKind.Create || write.Changed[i]))
                values[request.Fields[i]] = write.Values[i];
        }

        return new(write.Key, values, version) { Always = defect == Defect.MakesSecondRecord && write.Kind == WriteKind.Create };
    }
}
