namespace Crm.Integration.Mapping.Values;

/// <summary>Yes and no as systems of many countries write them.</summary>
public static class BooleanText
{
    private static readonly HashSet<string> s_true = new(StringComparer.OrdinalIgnoreCase)
    {
        "true", "t", "yes", "y", "1", "x", "on", "ok", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sí", "s", "sim", "verdadero", "vero", "tak", "da", "да",
        "是", "有", "真", "对", "對", "はい", "예", "✓", "✔", "☑", "active", "checked", "enabled", "opt-in", "subscribed",
    };

    private static readonly HashSet<string> s_false = new(StringComparer.OrdinalIgnoreCase)
    {
        "false", "f", "no", "n", "0", "off", "nein", "falsch", "non", "faux", "não", "nao", "falso", "nee", "nie", "нет", "nej",
        "否", "无", "無", "不", "假", "いいえ", "아니요", "✗", "✘", "☐", "inactive", "unchecked", "disabled", "opt-out", "unsubscribed",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> s_trueSpans = s_true.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> s_falseSpans = s_false.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True, false, or null when the text says neither.</summary>
    /// <param name="text">The text.</param>
    public static bool? Parse(string? text)
    {
        var word = text.AsSpan().Trim();
        if (word.IsEmpty || word.Length > 12)
            return null;
        return s_trueSpans.Contains(word) ? true : s_falseSpans.Contains(word) ? false : FullWidth(text!);
    }

    private static bool? FullWidth(string text)
    {
        var half = TextFold.ToHalfWidth(text);
        return ReferenceEquals(half, text) ? null : Parse(half);
    }
}
