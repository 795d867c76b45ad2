using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>What calls cost, and what an edition allows.</summary>
internal static class ZohoCredits
{
    public const string Unit = "credits";
    public const int DeletedPage = 2;
    public const int BulkRead = 50;
    public const int BulkWrite = 500;

    /// <summary>Zoho holds heavy requests (queries, upserts of more than ten records) to ten at once in every edition.</summary>
    private const int HeavyAtOnce = 10;

    /// <summary>Records written a credit.</summary>
    private const int WrittenForOne = 10;

    public static int AtOnce(ZohoEdition edition) => Math.Min(HeavyAtOnce, edition switch
    {
        ZohoEdition.Free => 5,
        ZohoEdition.Standard => 10,
        ZohoEdition.Professional => 15,
        ZohoEdition.Enterprise => 20,
        _ => 25,
    });

    public static long ADay(ZohoSettings settings) => settings.DailyCredits ?? (settings.Edition == ZohoEdition.Free ? 5_000 : 50_000);

    public static int Written(int records) => Math.Max(1, (records + WrittenForOne - 1) / WrittenForOne);

    /// <summary>The credits of a query, by the most rows that it asks for.</summary>
    public static int Queried(int rows) => rows switch
    {
        <= 200 => 1,
        <= 1000 => 2,
        _ => 3,
    };

    /// <summary>The credits of some work, by the way in which it will be done.</summary>
    public static long Of(ApiWork work, ZohoSettings settings)
    {
        // Signing in and the description of the module.
        var cost = 2L;
        if (work.Reads is { } reads)
        {
            var listed = settings.BulkReadFrom > 0 ? Math.Min(reads, settings.BulkReadFrom) : reads;
            cost += DeletedPage + Math.Max(1, Up(listed, ZohoApi.PageRows));
            cost += Up(reads - listed, ZohoApi.BulkReadRows) * BulkRead;
        }

        if (settings.BulkWriteFrom > 0 && work.Creates >= settings.BulkWriteFrom)
            cost += Up(work.Creates, ZohoApi.BulkWriteRows) * BulkWrite;
        else
            cost += Up(work.Creates, WrittenForOne);
        // Besides the write, one look at the versions of each batch.
        cost += Up(work.Updates, WrittenForOne) + Up(work.Updates, ZohoApi.WriteRows);
        return cost + Up(work.Deletes, WrittenForOne);
    }

    private static long Up(long records, long each) => (records + each - 1) / each;
}
