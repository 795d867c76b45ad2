using System.Diagnostics.CodeAnalysis;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>Ids of 18 characters: three that name the object, twelve that count, three that make the other fifteen safe where case is lost.</summary>
internal static class SalesforceId
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Suffixes = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    private const string Pod = "5g0";

    public static string Of(string prefix, long serial) => string.Create(18, (prefix, serial), static (id, made) =>
    {
        made.prefix.CopyTo(id);
        Pod.CopyTo(id[3..]);
        var left = made.serial;
        for (var i = 14; i >= 6; i--)
        {
            id[i] = Digits[(int)(left % 62)];
            left /= 62;
        }

        for (var part = 0; part < 3; part++)
            id[15 + part] = Suffix(id.Slice(part * 5, 5));
    });

    /// <summary>The number in an id of 15 or 18 characters with this prefix.</summary>
    public static bool TryParse([NotNullWhen(true)] string? id, string prefix, out int serial)
    {
        serial = -1;
        if (id is not { Length: 15 or 18 } || !id.StartsWith(prefix, StringComparison.Ordinal) || !id.AsSpan(3, 3).SequenceEqual(Pod))
            return false;

        long number = 0;
        foreach (var character in id.AsSpan(6, 9))
        {
            var digit = Digits.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
                return false;
            number = (number * 62) + digit;
            if (number > int.MaxValue)
                return false;
        }

        serial = (int)number;
        return id.Length == 15 || id == Of(prefix, number);
    }

    /// <summary>Whether this could be the id of anything.</summary>
    public static bool LooksRight(string id) => id.Length is 15 or 18 && id.All(char.IsAsciiLetterOrDigit);

    private static char Suffix(ReadOnlySpan<char> five)
    {
        var bits = 0;
        for (var i = 0; i < 5; i++)
            bits |= char.IsAsciiLetterUpper(five[i]) ? 1 << i : 0;
        return Suffixes[bits];
    }
}
