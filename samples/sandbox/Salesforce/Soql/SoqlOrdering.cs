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

        object?[] Keys(int serial) => [.. orders.Select(order => order.Path.Read(type.Rows[serial]!))];
        int Order((object?[] Keys, int Serial) one, (object?[] Keys, int Serial) other)
        {
            for (var i = 0; i < orders.Count; i++)
            {
                var order = Compare(one.Keys[i], other.Keys[i], orders[i].Order);
                if (order != 0)
                    return order;
            }

            return one.Serial.CompareTo(other.Serial);
        }

        if (IsSorted(serials, Keys, Order))
            return;

        // Each key is read once: reading computes.
        var keyed = serials.Select(serial => (Keys: Keys(serial), Serial: serial)).ToArray();
        Array.Sort(keyed, Order);
        for (var i = 0; i < keyed.Length; i++)
            serials[i] = keyed[i].Serial;
    }

    /// <summary>Records lie in the order in which they were made, which is often the order asked for: then a million of them need no sorting.</summary>
    private static bool IsSorted(List<int> serials, Func<int, object?[]> keys, Comparison<(object?[] Keys, int Serial)> order)
    {
        var before = serials.Count == 0 ? default : (keys(serials[0]), serials[0]);
        for (var i = 1; i < serials.Count; i++)
        {
            var current = (keys(serials[i]), serials[i]);
            if (order(before, current) > 0)
                return false;
            before = current;
        }

        return true;
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
