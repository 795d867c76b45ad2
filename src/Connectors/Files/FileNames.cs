namespace Crm.Integration.Connectors.Files;

/// <summary>What file names tell.</summary>
internal static class FileNames
{
    private static readonly string[] s_unfinished = [".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".lock"];

    /// <summary>Names in the order people expect: file-9 before file-10.</summary>
    public static IComparer<string> Natural { get; } = Comparer<string>.Create(CompareNaturally);

    /// <summary>Whether programs use such names for files that they have not finished, or for their own notes.</summary>
    public static bool IsUnfinished(string name) =>
        name.StartsWith('.') || name.StartsWith('~') || Array.Exists(s_unfinished, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static int CompareNaturally(string? x, string? y)
    {
        var a = x.AsSpan();
        var b = y.AsSpan();
        while (!a.IsEmpty && !b.IsEmpty)
        {
            if (char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]))
            {
                var left = TakeNumber(ref a);
                var right = TakeNumber(ref b);
                var order = left.Length != right.Length ? left.Length - right.Length : left.CompareTo(right, StringComparison.Ordinal);
                if (order != 0)
                    return order;
            }
            else if (a[0] != b[0])
            {
                return a[0] - b[0];
            }
            else
            {
                a = a[1..];
                b = b[1..];
            }
        }

        // Equal but for leading zeros: any order will do, as long as it is always the same.
        return a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(x, y);
    }

    private static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExceptInRange('0', '9');
        var digits = length < 0 ? text : text[..length];
        text = text[digits.Length..];
        return digits.TrimStart('0');
    }
}
