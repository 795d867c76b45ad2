using Crm.Integration.Hub.Matching;
using Crm.Integration.Hub.Store;

namespace Crm.Integration.Hub.TwoWay;

/// <summary>For whom conflicts were decided: fields in which a source record is to be believed, until another record of its master has news of them.</summary>
internal static class DecisionTable
{
    /// <summary>Believes a record in some fields, and has its golden record computed anew.</summary>
    public static void Believe(StoreTransaction transaction, string entity, long master, long record, IEnumerable<string> fields, long at, long run)
    {
        Believe(transaction, record, fields, at, run);
        Corrections.Requeue(transaction, entity, master);
    }

    /// <summary>Believes a record in some fields; its golden record is computed anyway.</summary>
    public static void Believe(StoreTransaction transaction, long record, IEnumerable<string> fields, long at, long run)
    {
        foreach (var field in fields)
        {
            if (transaction.Execute("update field_decision set at = @at, run_id = @run where record_id = @record and field = @field", new { record, field, at, run }) == 0)
                transaction.Execute("insert into field_decision (record_id, field, at, run_id) values (@record, @field, @at, @run)", new { record, field, at, run });
        }
    }

    /// <summary>Whether there are any.</summary>
    public static bool Any(StoreTransaction transaction) => transaction.Scalar<long>("select count(*) from field_decision") > 0;

    /// <summary>Ends those that are overtaken: another record of the master has news of the field, and the rules count again.</summary>
    /// <param name="transaction">The transaction that lands the news.</param>
    /// <param name="news">Records and their fields.</param>
    public static void Lapse(StoreTransaction transaction, IReadOnlyList<(long Record, string Field)> news)
    {
        if (news.Count == 0)
            return;
        transaction.Batch([.. news.Select(one => one.Record).Distinct().Order()]);
        var decided = transaction.Query<(long Record, long Other, string Field)>(
            """
            select b.k, d.record_id, d.field from batch b join xref x on x.record_id = b.k join xref y on y.master_id = x.master_id
            join field_decision d on d.record_id = y.record_id where d.record_id <> b.k
            """);
        foreach (var (_, other, field) in decided.Where(one => news.Contains((one.Record, one.Field))).DistinctBy(one => (one.Other, one.Field)))
            transaction.Execute("delete from field_decision where record_id = @other and field = @field", new { other, field });
    }
}
