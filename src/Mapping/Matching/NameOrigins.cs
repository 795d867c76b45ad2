using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Tells from country and mailbox how names of a record are read: 林 is Lin in China and Hayashi in Japan.</summary>
internal static class NameOrigins
{
    private static readonly FrozenDictionary<string, NameOrigin> s_countries = new Dictionary<string, NameOrigin>(StringComparer.OrdinalIgnoreCase)
    {
        ["CN"] = NameOrigin.Chinese, ["CHN"] = NameOrigin.Chinese, ["China"] = NameOrigin.Chinese, ["PRC"] = NameOrigin.Chinese, ["P.R. China"] = NameOrigin.Chinese, ["中国"] = NameOrigin.Chinese, ["中國"] = NameOrigin.Chinese,
        ["中华人民共和国"] = NameOrigin.Chinese, ["TW"] = NameOrigin.Chinese, ["TWN"] = NameOrigin.Chinese, ["Taiwan"] = NameOrigin.Chinese, ["台湾"] = NameOrigin.Chinese, ["台灣"] = NameOrigin.Chinese, ["HK"] = NameOrigin.Chinese,
        ["Hong Kong"] = NameOrigin.Chinese, ["香港"] = NameOrigin.Chinese, ["MO"] = NameOrigin.Chinese, ["SG"] = NameOrigin.Chinese, ["Singapore"] = NameOrigin.Chinese,
        ["JP"] = NameOrigin.Japanese, ["JPN"] = NameOrigin.Japanese, ["JAP"] = NameOrigin.Japanese, ["Japan"] = NameOrigin.Japanese, ["日本"] = NameOrigin.Japanese, ["Japon"] = NameOrigin.Japanese,
        ["KR"] = NameOrigin.Korean, ["KOR"] = NameOrigin.Korean, ["Korea"] = NameOrigin.Korean, ["South Korea"] = NameOrigin.Korean, ["Korea, Republic of"] = NameOrigin.Korean, ["대한민국"] = NameOrigin.Korean, ["한국"] = NameOrigin.Korean,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, NameOrigin> s_hosts = new Dictionary<string, NameOrigin>(StringComparer.Ordinal)
    {
        ["qq"] = NameOrigin.Chinese, ["163"] = NameOrigin.Chinese, ["126"] = NameOrigin.Chinese, ["sina"] = NameOrigin.Chinese, ["sohu"] = NameOrigin.Chinese, ["foxmail"] = NameOrigin.Chinese, ["139"] = NameOrigin.Chinese, ["aliyun"] = NameOrigin.Chinese,
        ["docomo"] = NameOrigin.Japanese, ["ezweb"] = NameOrigin.Japanese, ["softbank"] = NameOrigin.Japanese, ["naver"] = NameOrigin.Korean, ["daum"] = NameOrigin.Korean, ["hanmail"] = NameOrigin.Korean,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The origin, or unknown.</summary>
    public static NameOrigin Of(scoped ReadOnlySpan<char> country, Mailbox[] emails, ref FeatureText text)
    {
        if (s_countries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(country.Trim(), out var origin))
            return origin;
        if (emails is not [var mailbox, ..])
            return NameOrigin.Unknown;
        var host = text[mailbox.Domain];
        if (s_hosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host[..(host.IndexOf('.') is > 0 and var dot ? dot : host.Length)], out origin))
            return origin;
        return host.EndsWith(".cn") || host.EndsWith(".tw") || host.EndsWith(".hk") ? NameOrigin.Chinese
            : host.EndsWith(".jp") ? NameOrigin.Japanese : host.EndsWith(".kr") ? NameOrigin.Korean : NameOrigin.Unknown;
    }
}
