namespace Crm.Integration.Sandbox.Salesforce.Soql;

/// <summary>Puts records in the order that a query asks for.</summary>
internal static class SoqlOrdering
{
    public static int Compare(object left, object right) => (left, right) switch
    {
        (string one, string other) => string.Compare(one, other, StringComparison.OrdinalIgnoreCase) is var order && order != 0 ? order : string.CompareOrdinal(one, other),
        (DateTime one, DateTime other) => one.CompareTo(other),
        (decimal one, decimal other) => one.CompareTo(other),
        (DateOnly one, DateOnly other) => one.CompareTo(other),
        (bool one, bool other) => one.CompareTo(other),
        _ => string.CompareOrdinal(left.ToString(), right.ToString()),
    };

    /// <summary>The serials in order. Nulls come first unless told otherwise; what is equal stays in the order of ids.</summary>
    public static void Sort(List<int> serials, SObjectType type, IReadOnlyList<(SoqlPath Path, SoqlOrder Order)> orders)
    {
        if (orders.Count == 0)
            return;

        // Each key is read once: reading computes.
        var keys = new Dictionary<int, object?[]>(serials.Count);
        var comparer = Comparer<int>.Create((one, other) =>
        {
            for (var i = 0; i < orders.Count; i++)
            {
                var order = Compare(keys[one][i], keys[other][i], orders[i].Order);
                if (order != 0)
                    return order;
            }

            return one.CompareTo(other);
        });

        var sorted = true;
        for (var i = 0; i < serials.Count; i++)
        {
            keys.Add(serials[i], [.. orders.Select(order => order.Path.Read(type.Rows[serials[i]]!))]);
            sorted = sorted && (i == 0 || comparer.Compare(serials[i - 1], serials[i]) <= 0);
        }

        if (!sorted)
            serials.Sort(comparer);
    }

    private static int Compare(object? one, object? other, SoqlOrder order)
    {
        if (one is null || other is null)
        {
            var nulls = (one is null ? 1 : 0) - (other is null ? 1 : 0);
            // Nulls first in ascending order, and last in descending order, unless told.
            return order.NullsLast ?? order.Descending ? nulls : -nulls;
        }

        var result = Compare(one, other);
        return order.Descending ? -result : result;
    }
}
