using System.Text;
using Crm.Integration.Connectors.Contract;

namespace Crm.Integration.Connectors.Files;

/// <summary>Names encodings, and tells them by their bytes.</summary>
internal static class TextEncodings
{
    static TextEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>An encoding by the name in the settings.</summary>
    public static Encoding Named(string name)
    {
        try
        {
            return name.ToLowerInvariant() switch
            {
                "utf8" or "utf-8" or "utf-8-bom" or "utf8-bom" => Encoding.UTF8,
                "utf16" or "utf-16" or "utf-16le" or "unicode" => Encoding.Unicode,
                "utf-16be" => Encoding.BigEndianUnicode,
                // The superset reads them all, and writes the same bytes for what they have.
                "gb2312" or "gbk" or "cp936" or "windows-936" or "gb18030" => Encoding.GetEncoding(54936),
                "ansi" or "latin1" or "iso-8859-1" or "cp1252" => Encoding.GetEncoding(1252),
                "sjis" or "cp932" => Encoding.GetEncoding(932),
                var other => Encoding.GetEncoding(other),
            };
        }
        catch (ArgumentException exception)
        {
            throw new ConnectorException(FailureKind.Configuration, $"`encoding` is '{name}', which is no encoding that this system knows.", "Write `auto`, or a name such as utf-8, utf-16, gb18030, windows-1252, big5, shift_jis.", exception);
        }
    }

    /// <summary>The old encoding of a region.</summary>
    public static Encoding OfRegion(string region)
    {
        var codePage = region.ToLowerInvariant().Replace('_', '-') switch
        {
            "zh-tw" or "zh-hk" or "zh-hant" => 950,
            var zh when zh.StartsWith("zh", StringComparison.Ordinal) || zh == "cn" => 54936,
            var other => other.Split('-')[0] switch
            {
                "ja" => 932,
                "ko" => 949,
                "ru" or "uk" or "bg" or "be" or "sr" or "mk" => 1251,
                "pl" or "cs" or "sk" or "hu" or "sl" or "hr" or "ro" or "bs" or "sq" => 1250,
                "el" => 1253,
                "tr" => 1254,
                "he" => 1255,
                "ar" or "fa" => 1256,
                "et" or "lv" or "lt" => 1257,
                "vi" => 1258,
                "th" => 874,
                "en" or "de" or "fr" or "es" or "it" or "nl" or "pt" or "sv" or "da" or "nb" or "nn" or "no" or "fi" or "is" or "ca" or "ga" => 1252,
                _ => throw new ConnectorException(FailureKind.Configuration, $"`region` is '{region}', which names no language with an encoding of its own.", "Write a language such as zh-CN, zh-TW, ja, ko, ru, pl, de, or set `encoding`."),
            },
        };
        return Encoding.GetEncoding(codePage);
    }

    /// <summary>The encoding that a byte order mark announces, and its length in bytes; (null, 0) for none.</summary>
    public static (Encoding? Encoding, int Length) ByMark(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        [0x84, 0x31, 0x95, 0x33, ..] => (Encoding.GetEncoding(54936), 4),
        _ => (null, 0),
    };

    /// <summary>UTF-16 without a mark shows by the zero bytes of its delimiters, digits and line ends, all on one side.</summary>
    public static Encoding? Utf16ByZeros(ReadOnlySpan<byte> head)
    {
        int even = 0, odd = 0;
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] != 0)
                continue;
            if ((i & 1) == 0)
                even++;
            else
                odd++;
        }

        if (even + odd < Math.Max(2, head.Length / 50))
            return null;
        return odd > 20 * even ? Encoding.Unicode : even > 20 * odd ? Encoding.BigEndianUnicode : null;
    }
}
