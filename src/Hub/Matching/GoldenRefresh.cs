using System.Globalization;
using Crm.Integration.Hub.Configuration;
using Crm.Integration.Hub.Pipelines;
using Crm.Integration.Hub.Runs;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Matching;

/// <summary>
/// Computes all golden records anew when the rules by which they are chosen have changed: they are what members and rules make them,
/// not what the rules of some earlier day did. Done master by master in chunks; taken up again from the beginning when interrupted, since
/// what is the same is not written.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="entity">The entity.</param>
/// <param name="run">The run.</param>
internal sealed class GoldenRefresh(MasterStore store, EntityConfiguration entity, RunContext run)
{
    private const int ChunkMasters = 4_096;

    private readonly string _setting = "survivorship." + entity.Type.Name;
    private readonly string _rules = unchecked((long)entity.Survivor.Fingerprint).ToString(CultureInfo.InvariantCulture);

    /// <summary>Does it, if the rules are others than those of the last time.</summary>
    /// <param name="pipeline">The pipeline on whose behalf, for progress.</param>
    /// <param name="cancellationToken">Ends the work between chunks; the next run takes it up.</param>
    /// <returns>What changed, and a line for the report; null when there was nothing to do.</returns>
    public (MatchCounts Counts, string Note)? IfRulesChanged(string pipeline, CancellationToken cancellationToken)
    {
        if (store.Scalar<string?>("select value from setting where name = @name", new { name = _setting }) == _rules)
            return null;
        var counts = default(MatchCounts);
        var done = 0L;
        for (var after = 0L; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = store.Begin();
            var masters = transaction.Query<long>(
                "select id from master where entity = @entity and merged_into is null and ended_run is null and id > @after order by id limit @count",
                new { entity = entity.Type.Name, after, count = ChunkMasters });
            if (masters.Count == 0)
                break;
            counts += Compute(transaction, [.. masters]);
            transaction.Commit();
            after = masters[^1];
            done += masters.Count;
            run.Progress.Report(new RunProgress(pipeline, "golden", done, null));
        }

        Remember();
        return done == 0 ? null : (counts, $"the rules of survivorship of {entity.Type.Name} have changed: {done:N0} golden records were computed anew, {counts.GoldenChanged:N0} of them changed");
    }

    private MatchCounts Compute(StoreTransaction transaction, long[] masters)
    {
        var members = new List<long>[masters.Length];
        using (var rows = transaction.Lookup("xref", "master_id", masters, "record_id"))
        {
            while (rows.Next())
                (members[rows.Index] ??= []).Add(rows.Int64(0));
        }

        var writer = new MasterWriter(transaction, entity, [], run);
        for (var i = 0; i < masters.Length; i++)
        {
            if (members[i] is not { Count: > 0 } records)
                continue;
            var master = masters[i];
            records.Sort();
            writer.Add([.. records], new int[records.Count], [], _ => master, _ => 0, _ => true);
        }

        return writer.Write([]);
    }

    private void Remember()
    {
        using var transaction = store.Begin();
        if (transaction.Execute("update setting set value = @rules where name = @name", new { name = _setting, rules = _rules }) == 0)
            transaction.Execute("insert into setting (name, value) values (@name, @rules)", new { name = _setting, rules = _rules });
        transaction.Commit();
    }
}
