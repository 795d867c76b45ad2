namespace Crm.Integration.Hub.Evaluation;

/// <summary>How well masters agree with the truth, over labelled records.</summary>
/// <param name="TruePairs">Pairs of records that are one customer.</param>
/// <param name="FoundPairs">Pairs of records that have one master.</param>
/// <param name="RightPairs">Pairs that are both.</param>
/// <param name="BCubedPrecision">For a record on average: how much of its master is the same customer.</param>
/// <param name="BCubedRecall">For a record on average: how much of its customer is in its master.</param>
/// <param name="Customers">Real customers.</param>
/// <param name="ExactCustomers">Customers whose records are one master's, and all of that master's.</param>
/// <param name="Masters">Masters with labelled records.</param>
/// <param name="MixedMasters">Masters that hold records of several customers.</param>
/// <param name="TornCustomers">Customers whose records have several masters.</param>
internal sealed record ClusterQuality(
    long TruePairs, long FoundPairs, long RightPairs, double BCubedPrecision, double BCubedRecall, int Customers, int ExactCustomers, int Masters, int MixedMasters, int TornCustomers)
{
    /// <summary>Of the pairs found, those that are right.</summary>
    public double Precision => FoundPairs == 0 ? 1 : (double)RightPairs / FoundPairs;

    /// <summary>Of the true pairs, those that were found.</summary>
    public double Recall => TruePairs == 0 ? 1 : (double)RightPairs / TruePairs;

    /// <summary>The harmonic mean of both.</summary>
    public double F1 => Harmonic(Precision, Recall);

    /// <summary>The same by B-cubed: every record counts alike, however large its customer.</summary>
    public double BCubedF1 => Harmonic(BCubedPrecision, BCubedRecall);

    /// <summary>The harmonic mean.</summary>
    public static double Harmonic(double a, double b) => a + b == 0 ? 0 : 2 * a * b / (a + b);

    /// <summary>Counts.</summary>
    /// <param name="customers">The real customer of each record, or <see cref="LabelledStore.Unlabelled"/>: such records take no part.</param>
    /// <param name="masters">The master of each.</param>
    public static ClusterQuality Of(IReadOnlyList<int> customers, IReadOnlyList<long> masters)
    {
        var (real, found, both) = (new Dictionary<int, int>(), new Dictionary<long, int>(), new Dictionary<(int Customer, long Master), int>());
        var labelled = 0;
        for (var i = 0; i < customers.Count; i++)
        {
            if (customers[i] == LabelledStore.Unlabelled)
                continue;
            labelled++;
            real[customers[i]] = real.GetValueOrDefault(customers[i]) + 1;
            found[masters[i]] = found.GetValueOrDefault(masters[i]) + 1;
            both[(customers[i], masters[i])] = both.GetValueOrDefault((customers[i], masters[i])) + 1;
        }

        double precision = 0, recall = 0;
        var exact = 0;
        foreach (var ((customer, master), common) in both)
        {
            precision += (double)common * common / found[master];
            recall += (double)common * common / real[customer];
            exact += common == found[master] && common == real[customer] ? 1 : 0;
        }

        return new ClusterQuality(
            real.Values.Sum(PairsOf),
            found.Values.Sum(PairsOf),
            both.Values.Sum(PairsOf),
            labelled == 0 ? 1 : precision / labelled,
            labelled == 0 ? 1 : recall / labelled,
            real.Count,
            exact,
            found.Count,
            both.Keys.GroupBy(pair => pair.Master).Count(group => group.Skip(1).Any()),
            both.Keys.GroupBy(pair => pair.Customer).Count(group => group.Skip(1).Any()));
    }

    /// <summary>How many pairs so many records make.</summary>
    public static long PairsOf(int records) => (long)records * (records - 1) / 2;
}
