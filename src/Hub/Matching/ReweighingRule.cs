namespace Crm.Integration.Hub.Matching;

/// <summary>When weights are learned, and when all that is stored is weighed anew.</summary>
internal static class ReweighingRule
{
    /// <summary>With fewer records the shipped weights stay as they are.</summary>
    public const int LeastRecords = 300;

    // Beyond so many records a store is not weighed anew by itself: the weights have long settled, and it would take as long as the
    // load. `hub resolve --all` does it.
    private const long MostReweighed = 1_000_000;

    // So small a store is weighed anew after every change, a larger one when a fiftieth has changed.
    private const int AlwaysUpTo = 2_000;
    private const int SmallShare = 50;

    // A large store is weighed anew whenever it has grown by half: all in all each record is weighed three times.
    private const int LargeShare = 2;

    /// <summary>Whether what was learned from so many records is out of date.</summary>
    /// <param name="scored">How many there were when all were last weighed; 0 for never.</param>
    /// <param name="records">How many there are now.</param>
    public static bool IsOutgrown(long scored, long records) =>
        records >= LeastRecords && (scored < LeastRecords || (records <= MostReweighed && records >= 2 * scored) || records <= scored / 2);

    /// <summary>Whether the number of records has changed enough to shift how common names are.</summary>
    /// <param name="scored">How many there were when all were last weighed; 0 for never.</param>
    /// <param name="records">How many there are now.</param>
    /// <param name="upTo">Up to so many records a store counts as small.</param>
    public static bool IsShifted(long scored, long records, int upTo)
    {
        var shift = Math.Abs(records - scored);
        if (shift == 0)
            return false;
        if (records <= Math.Min(AlwaysUpTo, upTo))
            return true;
        if (shift < records / SmallShare)
            return false;
        return records <= upTo || scored == 0 || (shift >= scored / LargeShare && records <= MostReweighed);
    }
}
