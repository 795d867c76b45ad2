using System.Text;

namespace Crm.Integration.Hub.Store.PostgreSql;

/// <summary>
/// PostgreSQL's text holds every character but U+0000, and nothing that is not Unicode. A NUL is kept as two characters that
/// begin with one that Unicode will never give a meaning, that one itself likewise, so that nothing is lost.
/// </summary>
internal static class NulText
{
    private const char Mark = '\uFDD0';

    private static ReadOnlySpan<byte> MarkUtf8 => [0xEF, 0xB7, 0x90];

    /// <summary>In the form that PostgreSQL takes.</summary>
    public static string Encode(string text)
    {
        var span = text.AsSpan();
        if (span.IndexOfAny('\0', Mark) >= 0)
            text = text.Replace($"{Mark}", $"{Mark}1", StringComparison.Ordinal).Replace("\0", $"{Mark}0", StringComparison.Ordinal);

        // Half a surrogate pair is no character: it becomes the one that stands for what cannot be read, as in the other stores.
        return span.IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>As it was before.</summary>
    public static string Decode(string text) => text.Contains(Mark)
        ? text.Replace($"{Mark}0", "\0", StringComparison.Ordinal).Replace($"{Mark}1", $"{Mark}", StringComparison.Ordinal)
        : text;

    /// <summary>Whether UTF-8 has to be encoded first.</summary>
    public static bool Needs(ReadOnlySpan<byte> utf8) => utf8.Contains((byte)0) || utf8.IndexOf(MarkUtf8) >= 0;

    /// <summary>UTF-8 as it was before.</summary>
    public static byte[] Decode(byte[] utf8) => utf8.AsSpan().IndexOf(MarkUtf8) < 0 ? utf8 : Encoding.UTF8.GetBytes(Decode(Encoding.UTF8.GetString(utf8)));
}
