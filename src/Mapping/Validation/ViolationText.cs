using System.Globalization;
using System.Text;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Validation;

/// <summary>The words of violations: read by a person at night, kept in the quarantine, and so without personal values.</summary>
internal static class ViolationText
{
    private const int LongestShown = 60;

    /// <summary>A value as a message may name it.</summary>
    public static string Describe(Value value, EntityField field)
    {
        var text = value.ToText()?.Trim() ?? "";
        if (text.Length == 0)
            return "an empty value";
        return field.Personal ? Mask(text) : Quote(text);
    }

    /// <summary>The first character and the length: enough to find the value at the source, not enough to learn it.</summary>
    public static string Mask(string text)
    {
        var characters = 0;
        foreach (var _ in text.EnumerateRunes())
            characters++;

        // The first character of a very short value is most of it.
        if (characters < 4)
            return characters == 1 ? "a value of 1 character" : string.Create(CultureInfo.InvariantCulture, $"a value of {characters} characters");
        Rune.DecodeFromUtf16(text, out var first, out _);
        return string.Create(CultureInfo.InvariantCulture, $"a value of {characters} characters beginning with '{first}'");
    }

    /// <summary>What to do, by what happened to the record.</summary>
    public static string Fix(string remedy, Otherwise otherwise, bool canBlank) => otherwise switch
    {
        Otherwise.Reject when canBlank => $"{remedy}, or let the rule blank it: \"otherwise\": \"blank\"",
        Otherwise.Reject => $"{remedy}, or let the rule only warn: \"otherwise\": \"warn\"",
        Otherwise.Blank => $"{remedy}; until then the hub leaves the field empty",
        _ => $"{remedy}; until then the record goes on as it is",
    };

    /// <summary>The name of a rule as JSON writes it.</summary>
    public static string NameOf(RuleKind kind)
    {
        var name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Quote(string text)
    {
        var shown = text.Length <= LongestShown ? text : text[..(char.IsHighSurrogate(text[LongestShown - 1]) ? LongestShown - 1 : LongestShown)] + "…";
        var clean = string.Create(shown.Length, shown, static (span, source) =>
        {
            // A line break or a terminal's escape in a value must not forge lines of a log.
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
        return text.Length <= LongestShown ? $"'{clean}'" : string.Create(CultureInfo.InvariantCulture, $"'{clean}' ({text.Length} characters)");
    }
}
