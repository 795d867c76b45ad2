using Crm.Integration.Connectors.Contract;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.Pipelines;

/// <summary>Writes the deliveries of an outbound pipeline down, and what became of its writes.</summary>
/// <param name="outbound">The pipeline's number in the store.</param>
/// <param name="run">The run.</param>
internal sealed class DeliveryTable(long outbound, RunContext run)
{
    private static readonly string[] s_columns = ["outbound_id", "master_id", "key", "external_id", "version", "sent", "state", "error", "run_id", "at", "made"];

    /// <summary>Takes deliveries, whether or not they are there.</summary>
    public static BulkInsert Insert(StoreTransaction transaction) => transaction.Insert("delivery", s_columns, WhenExists.Replace);

    /// <summary>A delivery.</summary>
    public void Put(BulkInsert insert, long master, string key, string? externalId, string? version, string sent, string state, string? error, bool made)
    {
        insert.Int64(outbound);
        insert.Int64(master);
        insert.Text(key);
        insert.Text(externalId);
        insert.Text(version);
        insert.Text(sent);
        insert.Text(state);
        insert.Text(error);
        insert.Int64(run.RunId);
        insert.Int64(run.Now);
        insert.Int64(made ? 1 : 0);
        insert.EndRow();
    }

    /// <summary>What became of each write of the run, and what it changed.</summary>
    public void SaveOutcomes(StoreTransaction transaction, List<PlannedDelivery> planned, IReadOnlyDictionary<long, WriteOutcome> outcomes, IReadOnlyList<string> fields)
    {
        using var writes = transaction.Insert("run_write", ["run_id", "outbound_id", "master_id", "outcome", "message", "external_id", "changes"], WhenExists.Replace);
        foreach (var one in planned)
        {
            var outcome = outcomes[one.MasterId];
            writes.Int64(run.RunId);
            writes.Int64(outbound);
            writes.Int64(one.MasterId);
            writes.Text(outcome.Failure is not null ? "r" : one.Fate switch { DeliveryFate.Create => "c", DeliveryFate.Delete => "d", _ => "u" });
            writes.Text(outcome.Message);
            writes.Text(outcome.ExternalId ?? one.ExternalId);
            writes.Text(outcome.Failure is null ? one.Changes(fields) : null);
            writes.EndRow();
        }
    }

    /// <summary>A master that could not be sent as it is: the next run looks at it again.</summary>
    public void SaveRefused(StoreTransaction transaction, long master, string why)
    {
        transaction.Execute(
            "update delivery set state = 'failed', error = @why where outbound_id = @outbound and master_id = @master and (state <> 'failed' or error <> @why)", new { outbound, master, why });
        transaction.Execute(
            """
            insert into delivery (outbound_id, master_id, "key", sent, state, error, run_id, at) select @outbound, @master, '', '{}', 'failed', @why, @RunId, @Now
            where not exists (select 1 from delivery d where d.outbound_id = @outbound and d.master_id = @master)
            """,
            new { outbound, master, why, run.RunId, run.Now });
    }
}
