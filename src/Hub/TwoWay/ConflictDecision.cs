using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>Carries out what a person decided about a conflict: the golden record follows at once, destinations with the next run.</summary>
/// <param name="session">The right to write.</param>
/// <param name="who">Who decides.</param>
/// <param name="why">Why, in their words; may be null.</param>
internal sealed class ConflictDecision(WorkSession session, string who, string? why)
{
    /// <summary>The hub's value stands: the next run writes it over the destination's, as long as that has not changed again.</summary>
    public void ForHub(ConflictView conflict) => Decide(conflict, "decided", "hub");

    /// <summary>The destination's value stands: the golden record takes it, and the next run sends it to the others.</summary>
    /// <param name="conflict">The conflict.</param>
    /// <param name="pipeline">Its outbound pipeline.</param>
    /// <param name="field">The place of its field there.</param>
    public MatchCounts ForSource(ConflictView conflict, OutboundPipeline pipeline, int field)
    {
        using (var transaction = session.Store.Begin())
        {
            var paths = FieldPaths.Outbound(pipeline, field).Select(path => path.Path);
            DecisionTable.Believe(transaction, conflict.Entity, conflict.MasterId, conflict.RecordId, paths, session.Store.Now, session.Run.RunId);
            transaction.Commit();
        }

        Decide(conflict, "settled", "source");
        return new Resolver(session.Store, pipeline.Entity, session.Run).Resolve("steward", CancellationToken.None);
    }

    private void Decide(ConflictView conflict, string state, string winner)
    {
        using var transaction = session.Store.Begin();
        transaction.Execute(
            "update field_conflict set state = @state, winner = @winner, decided_at = @Now, decided_by = @who, note = @why where id = @Id",
            new { conflict.Id, state, winner, session.Store.Now, who, why });
        transaction.Commit();
    }
}
