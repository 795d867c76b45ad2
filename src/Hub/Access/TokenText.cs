using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Integration.Hub.Access;

/// <summary>
/// A token as its owner keeps it: <c>hub_</c>, 32 random bytes, and a checksum by which a mistyped one is told without asking the store. It is
/// random through and through, so a plain hash of it is as good as a slow one.
/// </summary>
internal static class TokenText
{
    private const string Prefix = "hub_";
    private const int Secret = 32;
    private const int Sum = 4;

    /// <summary>A new token.</summary>
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[Secret + Sum];
        RandomNumberGenerator.Fill(bytes[..Secret]);
        SHA256.HashData(bytes[..Secret])[..Sum].CopyTo(bytes[Secret..]);
        return Prefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether a text can be a token.</summary>
    public static bool IsWellFormed(string text)
    {
        Span<byte> bytes = stackalloc byte[Secret + Sum];
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.Length == Prefix.Length + Base64Url.GetEncodedLength(bytes.Length)
            && Base64Url.TryDecodeFromChars(text.AsSpan(Prefix.Length), bytes, out var length) && length == bytes.Length
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(bytes[..Secret]).AsSpan(0, Sum), bytes[Secret..]);
    }

    /// <summary>What is kept of a token.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
