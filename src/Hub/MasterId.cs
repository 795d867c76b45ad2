using System.Globalization;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Hub;

/// <summary>Master ids as people see them: the entity's prefix and the store's number, C1042.</summary>
internal static class MasterId
{
    /// <summary>The id of a master.</summary>
    public static string Of(EntityType type, long number) => string.Create(CultureInfo.InvariantCulture, $"{type.IdPrefix}{number}");

    /// <summary>The number in an id; null when it is none.</summary>
    /// <param name="id">C1042, c1042 or 1042.</param>
    public static long? Number(string id)
    {
        var digits = id.AsSpan().Trim().TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
        return digits.Length >= id.Trim().Length - 2 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
