using System.Globalization;
using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Maps.Evaluation;

/// <summary>
/// How values of different kinds compare. Everything empty is equal to null. A number and a text that reads as one compare
/// as numbers; two texts are equal only letter by letter, so that the ids 007 and 7 stay apart, but are ordered as numbers
/// when both read as numbers. A list is equal to a single value when one of its elements is.
/// </summary>
internal static class Comparison
{
    public static bool AreEqual(Value a, Value b)
    {
        if (a.AsText is { } left && b.AsText is { } right)
            return string.Equals(left, right, StringComparison.Ordinal) || (left.AsSpan().IsWhiteSpace() && right.AsSpan().IsWhiteSpace());
        var isEmpty = a.IsEmpty;
        if (isEmpty || b.IsEmpty)
            return isEmpty && b.IsEmpty;
        if (a.Kind == b.Kind)
            return a == b;
        if (a.Kind == ValueKind.List)
            return Contains(a, b);
        if (b.Kind == ValueKind.List)
            return Contains(b, a);
        return Compare(a, b) == 0;
    }

    /// <summary>Less than 0, 0 or more than 0; null when the two cannot be compared.</summary>
    public static int? Compare(Value a, Value b)
    {
        if (a.IsEmpty || b.IsEmpty)
            return null;
        if (Number(a) is { } left && Number(b) is { } right)
            return left.CompareTo(right);
        if (a.AsText is { } leftText && b.AsText is { } rightText)
            return string.CompareOrdinal(leftText, rightText);
        if (a.AsBoolean is not null || b.AsBoolean is not null)
            return Truth.Read(a) is { } leftTruth && Truth.Read(b) is { } rightTruth ? leftTruth.CompareTo(rightTruth) : null;
        if (a.AsDate is not null || b.AsDate is not null)
            return Date(a) is { } leftDate && Date(b) is { } rightDate ? leftDate.CompareTo(rightDate) : null;
        if (a.AsInstant is not null || b.AsInstant is not null)
            return Instant(a) is { } leftInstant && Instant(b) is { } rightInstant ? leftInstant.CompareTo(rightInstant) : null;
        return null;
    }

    /// <summary>The number that a value is or reads as: a sign, digits, a decimal point.</summary>
    public static decimal? Number(Value value)
    {
        if (value.AsText is not { } text)
            return value.AsNumber;
        var first = text.AsSpan().TrimStart();
        if (first.IsEmpty || !(char.IsAsciiDigit(first[0]) || first[0] is '-' or '+' or '.'))
            return null;
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static bool Contains(Value list, Value wanted)
    {
        foreach (var item in list.AsList)
        {
            if (item.Kind != ValueKind.List && AreEqual(item, wanted))
                return true;
        }

        return false;
    }

    private static DateOnly? Date(Value value) => value.AsDate
        ?? (value.AsInstant is { } instant ? DateOnly.FromDateTime(instant.UtcDateTime) : value.AsText is { } text ? DateText.Parse(text) : null);

    private static DateTimeOffset? Instant(Value value) => value.AsInstant
        ?? (value.AsText is { } text ? DateText.ParseInstant(text, TimeZoneInfo.Utc) : null);
}
