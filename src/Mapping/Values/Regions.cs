namespace Crm.Integration.Mapping.Values;

/// <summary>States, provinces and regions by code and by name, for the countries where addresses carry them.</summary>
public static class Regions
{
    // What addresses write after a name, and leave away as often. The longer ones come first.
    private static readonly string[] s_suffixes = ["维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "特別行政區", "自治区", "province", "prefecture", "state", "省", "市", "県", "府", "都", "sheng", "shi"];

    private static readonly Dictionary<string, Dictionary<string, string>> s_byCountry = Load();

    /// <summary>The part of the ISO 3166-2 code after the country (<c>CA</c> of US-CA), or null.</summary>
    /// <param name="text">A name in one of several languages, or the code with or without its country.</param>
    /// <param name="country">ISO 3166-1 alpha-2.</param>
    public static string? Find(string? text, string? country)
    {
        if (text is null || country is null || text.Length > 100 || !s_byCountry.TryGetValue(country, out var regions))
            return null;
        var key = Countries.Key(text);
        if (regions.TryGetValue(key, out var code) || regions.TryGetValue(Short(key), out code))
            return code;
        return key.StartsWith(country, StringComparison.OrdinalIgnoreCase) && regions.TryGetValue(key[2..], out code) ? code : null;
    }

    private static Dictionary<string, Dictionary<string, string>> Load()
    {
        var byCountry = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        var rows = EmbeddedText.Lines("Values.Data.regions.tsv").Select(line => line.Split('\t')).ToList();
        // Codes come first: a name never hides one.
        foreach (var code in rows.Select(row => row[0]))
        {
            if (!byCountry.TryGetValue(code[..2], out var regions))
                byCountry.Add(code[..2], regions = new(StringComparer.Ordinal));
            regions.TryAdd(code[3..].ToLowerInvariant(), code[3..]);
        }

        foreach (var row in rows)
        {
            foreach (var name in row[1].Split('|'))
            {
                var key = Countries.Key(name);
                byCountry[row[0][..2]].TryAdd(key, row[0][3..]);
                byCountry[row[0][..2]].TryAdd(Short(key), row[0][3..]);
            }
        }

        foreach (var line in EmbeddedText.Lines("Values.Data.region-aliases.tsv"))
        {
            var row = line.Split('\t');
            foreach (var alias in row[1].Split('|'))
                byCountry[row[0][..2]].TryAdd(Countries.Key(alias), row[0][3..]);
        }

        return byCountry;
    }

    private static string Short(string key)
    {
        foreach (var suffix in s_suffixes)
        {
            if (key.Length > suffix.Length + 1 && key.EndsWith(suffix, StringComparison.Ordinal))
                return key[..^suffix.Length];
        }

        return key;
    }
}
