using Crm.Integration.Hub.Store;
using Crm.Integration.Hub.TwoWay;

namespace Crm.Integration.Hub.Undo;

/// <summary>Reads and writes which deliveries of an outbound pipeline are held.</summary>
internal static class HoldTable
{
    private static readonly string[] s_columns = ["outbound_id", "master_id", "run_id", "undo_id", "kind", "held", "released"];

    /// <summary>How many deliveries of a pipeline are held, those included that were let go and wait for the next run.</summary>
    public static long Count(StoreTransaction transaction, long outbound) => transaction.Scalar<long>("select count(*) from held_delivery where outbound_id = @outbound", new { outbound });

    /// <summary>A hold as it was kept; null for none, or for one that a person let go.</summary>
    public static Hold? Read(StoreRows rows, int kind, int held, int released) =>
        rows.IsNull(kind) || rows.Int64(released) != 0 ? null : new Hold(KindOf(rows.Text(kind)), FieldValues.Parse(rows.Utf8(held)));

    /// <summary>Before writes are taken back: whatever becomes of this program, the next run does not make them again.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="outbound">The pipeline.</param>
    /// <param name="run">The run whose writes they were.</param>
    /// <param name="undo">The run that takes them back.</param>
    /// <param name="holds">By master; null for those of which nothing is to be held.</param>
    public static void Put(StoreTransaction transaction, long outbound, long run, long undo, IReadOnlyList<(long Master, Hold? Hold)> holds)
    {
        Remove(transaction, outbound, [.. holds.Where(one => one.Hold is null).Select(one => one.Master)]);
        using var insert = transaction.Insert("held_delivery", s_columns, WhenExists.Replace);
        foreach (var (master, hold) in holds)
        {
            if (hold is null)
                continue;
            insert.Int64(outbound);
            insert.Int64(master);
            insert.Int64(run);
            insert.Int64(undo);
            insert.Text(Letter(hold.Kind));
            insert.Text(FieldValues.ToJson(hold.Fields));
            insert.Int64(0);
            insert.EndRow();
        }
    }

    /// <summary>Masters say something else by now: what is left of their holds.</summary>
    public static void Lapse(StoreTransaction transaction, long outbound, IReadOnlyList<(long Master, Hold? Left)> lapsed)
    {
        Remove(transaction, outbound, [.. lapsed.Where(one => one.Left is null).Select(one => one.Master)]);
        foreach (var (master, left) in lapsed)
        {
            if (left is not null)
                transaction.Execute("update held_delivery set held = @held where outbound_id = @outbound and master_id = @master", new { outbound, master, held = FieldValues.ToJson(left.Fields) });
        }
    }

    /// <summary>What was not taken back after all is not held.</summary>
    public static void Remove(StoreTransaction transaction, long outbound, long[] masters)
    {
        if (masters.Length == 0)
            return;
        Array.Sort(masters);
        transaction.Batch(masters);
        transaction.Execute("delete from held_delivery where outbound_id = @outbound and master_id in (select k from batch)", new { outbound });
    }

    /// <summary>The next run shall send what was taken back of a run.</summary>
    /// <returns>How many writes were let go.</returns>
    public static int Release(StoreTransaction transaction, long run, string? pipeline) => transaction.Execute(
        "update held_delivery set released = 1 where run_id = @run and released = 0 and outbound_id in (select id from outbound where pipeline = coalesce(@pipeline, pipeline))",
        new { run, pipeline });

    /// <summary>What was let go has been looked at.</summary>
    public static void Finish(StoreTransaction transaction, long outbound) => transaction.Execute("delete from held_delivery where outbound_id = @outbound and released = 1", new { outbound });

    private static string Letter(HoldKind kind) => kind switch { HoldKind.Make => "c", HoldKind.Remove => "d", _ => "u" };

    private static HoldKind KindOf(string letter) => letter switch { "c" => HoldKind.Make, "d" => HoldKind.Remove, _ => HoldKind.Write };
}
