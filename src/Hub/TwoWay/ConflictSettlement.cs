using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Review;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>Whose value stands.</summary>
internal enum ConflictSide
{
    /// <summary>What the hub says.</summary>
    Hub,

    /// <summary>What the destination says, for everybody.</summary>
    Source,
}

/// <summary>What a person says of conflicts: looks at what is meant, has it carried out, and tells what came of it.</summary>
/// <param name="run">Carries it out.</param>
internal sealed class ConflictSettlement(StewardRun run)
{
    /// <summary>Settles conflicts.</summary>
    /// <param name="ids">Their numbers.</param>
    /// <param name="side">Whose value stands.</param>
    /// <param name="why">Why, or null.</param>
    /// <param name="over">Hears of conflicts that no longer wait.</param>
    /// <param name="cancellationToken">Stops between two conflicts.</param>
    /// <exception cref="RefusedException">There is none of a number, or its pipeline is gone.</exception>
    public async Task<SettlementDocument> SettleAsync(IReadOnlyList<long> ids, ConflictSide side, string? why, Action<long>? over, CancellationToken cancellationToken)
    {
        List<(ConflictView Row, OutboundPipeline Pipeline, int Field)> chosen = [];
        var late = 0;
        using (var view = run.Open())
        {
            foreach (var row in ids.Distinct().Select(id => ConflictChoice.Of(view, id)))
            {
                if (row.State != "open")
                {
                    late++;
                    over?.Invoke(row.Id);
                    continue;
                }

                var pipeline = run.Configuration.Pipelines.OfType<OutboundPipeline>().FirstOrDefault(pipeline => pipeline.Name == row.Pipeline);
                var field = pipeline?.Map.ToList().FindIndex(field => field.Field == row.Field) ?? -1;
                if (pipeline is null || field < 0)
                    throw RefusedException.Clash($"conflict {row.Id} is about {row.Field} of pipelines/{row.Pipeline}.json, which is no longer there", "the next `hub run` takes it off the list");
                chosen.Add((row, pipeline, field));
            }
        }

        foreach (var (row, pipeline, field) in chosen)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await run.DoAsync(
                row.Entity,
                (session, _) =>
                {
                    var decision = new ConflictDecision(session, run.Who, why);
                    if (side == ConflictSide.Source)
                        return decision.ForSource(row, pipeline, field);
                    decision.ForHub(row);
                    return default;
                },
                cancellationToken);
        }

        return new SettlementDocument(chosen.Count, late);
    }
}

/// <summary>What came of decisions about conflicts.</summary>
/// <param name="Decided">How many were decided.</param>
/// <param name="Over">How many no longer waited.</param>
internal sealed record SettlementDocument(int Decided, int Over);
