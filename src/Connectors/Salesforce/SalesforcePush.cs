using System.Runtime.CompilerServices;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Http;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>Writes records: many at once by bulk jobs, else 200 a call. Every write is found again by id or external id, so that one whose answer was lost can be sent again.</summary>
internal sealed class SalesforcePush(SalesforceApi api, ObjectCatalog catalog, OAuth oauth, SalesforceSettings settings, ConnectionContext context, PushRequest request)
{
    // Calls of 200 whose versions are asked for together: that waits a second each time.
    private const int Together = 5 * CollectionsLane.MostRecords;

    // How long writes may fail to come until those that are there are sent.
    private static readonly TimeSpan s_linger = TimeSpan.FromMilliseconds(500);

    public async IAsyncEnumerable<WriteOutcome> RunAsync(IAsyncEnumerable<Write> writes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Lanes? lanes = null;
        var orphans = new List<Write>();
        await foreach (var batch in Batches.Of(writes, new Batching(BulkLane.MostRecords) { Bytes = BulkLane.MostBytes, Linger = s_linger }, context.Clock, cancellationToken))
        {
            // Nothing to write, nothing to ask for.
            lanes ??= await LanesAsync(cancellationToken);
            await foreach (var outcome in SendAsync(lanes, batch, cancellationToken))
            {
                if (outcome.Fault == WriteFault.BadReference && lanes.Fields.RefersToItself)
                    orphans.Add(batch.First(write => write.Id == outcome.Id));
                else
                    yield return outcome;
            }
        }

        // Their parents may have come after them. As long as some find theirs, the others may too.
        for (var found = true; lanes is not null && orphans.Count > 0;)
        {
            var (round, isLast) = (orphans, !found);
            (orphans, found) = ([], false);
            await foreach (var outcome in SendAsync(lanes, round, cancellationToken))
            {
                found |= outcome.Failure is null;
                if (outcome.Fault == WriteFault.BadReference && !isLast)
                    orphans.Add(round.First(write => write.Id == outcome.Id));
                else
                    yield return outcome;
            }
        }
    }

    private async Task<Lanes> LanesAsync(CancellationToken cancellationToken)
    {
        var target = await catalog.GetAsync(request.Stream, cancellationToken);
        var fields = await WriteFields.OfAsync(target, request, name => catalog.GetAsync(name, cancellationToken));
        var me = Identity.Of(await oauth.TokenAsync(cancellationToken))?.User;
        var plan = new WritePlan(api, fields, context.Clock);
        return new(fields, plan, new CollectionsLane(api, fields, settings, context.Clock), new BulkLane(api, fields, plan, settings, context, me), me);
    }

    private async IAsyncEnumerable<WriteOutcome> SendAsync(Lanes lanes, IReadOnlyList<Write> batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (batch.Count < settings.BulkFrom)
        {
            foreach (var some in batch.Chunk(Together))
            {
                var (ready, known) = await lanes.Plan.MakeAsync(some, cancellationToken);
                foreach (var outcome in known.Concat(await CollectAsync(lanes, ready, cancellationToken)))
                    yield return outcome;
            }

            yield break;
        }

        var (all, early) = await lanes.Plan.MakeAsync(batch, cancellationToken);
        foreach (var outcome in early)
            yield return outcome;
        var left = new List<PlannedWrite>();
        foreach (var way in all.GroupBy(planned => planned.Way).OrderBy(group => group.Key))
        {
            var (outcomes, rest) = await lanes.Bulk.SendAsync(way.Key, [.. way], cancellationToken);
            left.AddRange(rest);
            foreach (var outcome in outcomes)
                yield return outcome;
        }

        foreach (var some in left.Chunk(Together))
        {
            foreach (var outcome in await CollectAsync(lanes, some, cancellationToken))
                yield return outcome;
        }
    }

    private static async Task<IReadOnlyList<WriteOutcome>> CollectAsync(Lanes lanes, IReadOnlyList<PlannedWrite> ready, CancellationToken cancellationToken)
    {
        if (ready.Count == 0)
            return [];
        var results = (await lanes.Collections.SendAsync(ready, cancellationToken)).ToDictionary(each => each.Planned.Write.Id);
        var anew = await lanes.Plan.AnewAsync([.. results.Values.Where(each => each.Result.Error is { } error && WriteFaults.FaultOf(error) == WriteFault.NotFound).Select(each => each.Planned)], cancellationToken);
        foreach (var each in anew.Count == 0 ? [] : await lanes.Collections.SendAsync(anew, cancellationToken))
            results[each.Planned.Write.Id] = each;
        var written = results.Values.Where(each => each is { Result: { Error: null, Id: not null }, Planned.Way: not WriteWay.Delete }).Select(each => each.Result.Id!);
        var versions = await lanes.Plan.VersionsAsync(written, lanes.Me, cancellationToken);
        return
        [
            .. results.Values.Select(each => each.Result.Error is { } error
                ? WriteFaults.Outcome(each.Planned.Write, error, each.Planned.Id)
                : new WriteOutcome(each.Planned.Write.Id)
                {
                    ExternalId = each.Result.Id,
                    Created = each.Result.Created,
                    Version = each.Result.Id is { } id ? versions.GetValueOrDefault(id) : null,
                }),
        ];
    }

    private sealed record Lanes(WriteFields Fields, WritePlan Plan, CollectionsLane Collections, BulkLane Bulk, string? Me);
}
