using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;
using static Crm.Integration.Mapping.Maps.Functions.Declare;

namespace Crm.Integration.Mapping.Maps.Functions;

internal static class TextFunctions
{
    private const string Category = "text";

    private static readonly MapParameter s_searched = new("searched", MapParameterType.Text);

    public static IReadOnlyList<MapFunction> All { get; } =
    [
        OfText(Category, "trim", "Takes off white space (full-width, non-breaking and invisible too) at both ends.", [Gives("'  Ann ' | trim", "Ann"), Gives("'　张三　' | trim", "张三")], Trim),
        OfText(Category, "collapse", "Trims, and makes one blank of each run of white space.", [Gives("' Ann   Lee ' | collapse", "Ann Lee")], TextFold.Collapse),
        OfText(Category, "lower", "Lower case.", [Gives("'ÄNNE' | lower", "änne")], Lower),
        OfText(Category, "upper", "Upper case.", [Gives("'änne' | upper", "ÄNNE")], Upper),
        OfText(Category, "title", "Capitals at the beginning of words, as in names of places and things. For people's names there is nameCase.", [Gives("'NEW YORK CITY' | title", "New York City"), Gives("'stoke-on-trent' | title", "Stoke-On-Trent")], NameCase.Title),
        OfText(Category, "digits", "Keeps only the digits 0 to 9; full-width ones become ASCII.", [Gives("'DE 12-34' | digits", "1234")], Digits),
        OfText(Category, "letters", "Keeps only letters.", [Gives("'A-1 b2' | letters", "Ab")], text => Keep(text, char.IsLetter)),
        OfText(Category, "ascii", "Folds accents and typographic signs to ASCII; other scripts stay as they are.", [Gives("'Łódź – Müller' | ascii", "Lodz - Muller"), Gives("'北京' | ascii", "北京")], TextFold.ToAscii),
        OfText(Category, "halfWidth", "Full-width letters, digits and signs become half-width.", [Gives("'Ｔｅｌ　１２' | halfWidth", "Tel 12")], TextFold.ToHalfWidth),
        OfText(Category, "nfkc", "Unicode normal form KC: compatible forms (ligatures, circled digits, full-width) become plain.", [Gives("'ﬁn ①' | nfkc", "fin 1")], TextFold.ToCompatible),
        OfText(Category, "unwrap", "Takes off what exports put around texts so that spreadsheets keep their zeros: =\"00123\", '00123, \"00123\".", [Gives("'=\"00123\"' | unwrap", "00123"), Gives("'''00123' | unwrap", "00123")], Unwrap),
        new(Category, "replace", "Replaces every occurrence of a text, letter by letter.", [Subject, s_searched, new("replacement", MapParameterType.Text)],
            [Gives("'a-b-c' | replace('-', '')", "abc")], Replace),
        new(Category, "substring", "A part of the text: from a position (0 is the first character, negative counts from the end), at most so many characters.", [Subject, new("from", MapParameterType.Number), new("length", MapParameterType.Number, Optional: true)],
            [Gives("'customer' | substring(0, 4)", "cust"), Gives("'customer' | substring(-3)", "mer")], Substring) { Cuts = true },
        new(Category, "left", "The first characters.", [Subject, new("length", MapParameterType.Number)], [Gives("'customer' | left(4)", "cust")],
            (subject, rest) => Cut(subject, 0, IntAt(rest, 0, 0))) { Cuts = true },
        new(Category, "right", "The last characters.", [Subject, new("length", MapParameterType.Number)], [Gives("'customer' | right(3)", "mer")],
            (subject, rest) => Cut(subject, -Math.Max(0, IntAt(rest, 0, 0)), int.MaxValue)) { Cuts = true },
        new(Category, "padLeft", "Fills up on the left to a length, with zeros unless told otherwise.", [Subject, new("length", MapParameterType.Number), new("with", MapParameterType.Text, Optional: true)],
            [Gives("'42' | padLeft(5)", "00042"), Gives("7 | padLeft(3, '*')", "**7")], (subject, rest) => PadLeft(subject, IntAt(rest, 0, 0), TextAt(rest, 1, "0"))),
        new(Category, "length", "How many characters the text has (0 for nothing).", [Subject], [Gives("'北京' | length", "2"), Gives("null | length", "0")],
            (subject, _) => Value.Number(subject.ToText()?.Length ?? 0)) { TakesNull = true },
        new(Category, "contains", "Whether the text contains another one, in upper or lower case.", [Subject, s_searched], [Gives("'Acme GmbH' | contains('gmbh')", "true")],
            (subject, rest) => Is(subject, rest, static (text, other) => text.Contains(other, StringComparison.OrdinalIgnoreCase))) { TakesNull = true },
        new(Category, "startsWith", "Whether the text begins with another one, in upper or lower case.", [Subject, s_searched], [Gives("'DE123' | startsWith('de')", "true")],
            (subject, rest) => Is(subject, rest, static (text, other) => text.StartsWith(other, StringComparison.OrdinalIgnoreCase))) { TakesNull = true },
        new(Category, "endsWith", "Whether the text ends with another one, in upper or lower case.", [Subject, s_searched], [Gives("'a@b.cn' | endsWith('.com')", "false")],
            (subject, rest) => Is(subject, rest, static (text, other) => text.EndsWith(other, StringComparison.OrdinalIgnoreCase))) { TakesNull = true },
        new(Category, "concat", "Joins values without anything between. A template is mostly easier to read: '{a} {b}'.", [Subject, new("others", Optional: true, Repeats: true)],
            [Gives("'A' | concat('-', 7)", "A-7")], Concat) { TakesNull = true },
        new(Category, "default", "The value, or another one when it is empty. The same as ??.", [Subject, new("otherwise")], [Gives("'' | default('none')", "none"), Gives("'x' | default('none')", "x")],
            (subject, rest) => subject.IsEmpty ? rest[0] : subject) { TakesNull = true, TakesLists = true },
        new(Category, "nullIf", "Nothing, if the value is one of some words that stand for nothing (in upper or lower case); else the value.", [Subject, new("words", MapParameterType.Text, Repeats: true)],
            [Gives("'N/A' | nullIf('n/a', '-')", null), Gives("'Ann' | nullIf('n/a', '-')", "Ann")], NullIf),
    ];

    private static string Trim(string text)
    {
        if (text.Length == 0 || (IsPlain(text[0]) && IsPlain(text[^1])))
            return text;
        var trimmed = text.AsSpan();
        while (!trimmed.IsEmpty && IsBlank(trimmed[0]))
            trimmed = trimmed[1..];
        while (!trimmed.IsEmpty && IsBlank(trimmed[^1]))
            trimmed = trimmed[..^1];
        return trimmed.Length == text.Length ? text : trimmed.ToString();
    }

    private static bool IsPlain(char c) => c is > ' ' and < (char)127;

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is '\u200B' or '\u200E' or '\u200F' or '\u2060' or '\uFEFF' or '\0';

    private static string Lower(string text)
    {
        foreach (var c in text)
        {
            if (char.ToLowerInvariant(c) != c)
                return text.ToLowerInvariant();
        }

        return text;
    }

    private static string Upper(string text)
    {
        foreach (var c in text)
        {
            if (char.ToUpperInvariant(c) != c)
                return text.ToUpperInvariant();
        }

        return text;
    }

    private static string Digits(string text) => Keep(TextFold.ToHalfWidth(text), char.IsAsciiDigit);

    private static string Keep(string text, Func<char, bool> wanted) => text.All(wanted) ? text : string.Concat(text.Where(wanted));

    private static string Unwrap(string text)
    {
        var inner = text.AsSpan().Trim();
        if (inner.StartsWith("="))
            inner = inner[1..];
        if (inner.Length >= 2 && inner[0] == '"' && inner[^1] == '"')
            inner = inner[1..^1];
        else if (inner.Length >= 2 && inner[0] == '\'')
            inner = inner[^1] == '\'' ? inner[1..^1] : inner[1..];
        return inner.Length == text.Length ? text : inner.ToString();
    }

    private static Value Replace(Value subject, ReadOnlySpan<Value> rest)
    {
        var searched = TextAt(rest, 0);
        var text = subject.ToText()!;
        return searched.Length == 0 || !text.Contains(searched, StringComparison.Ordinal) ? subject : Value.Text(text.Replace(searched, TextAt(rest, 1), StringComparison.Ordinal));
    }

    private static Value Substring(Value subject, ReadOnlySpan<Value> rest) => Cut(subject, IntAt(rest, 0, 0), rest.Length > 1 ? IntAt(rest, 1, int.MaxValue) : int.MaxValue);

    // Never between the two halves of a character beyond the basic plane: half an emoji is not valid text.
    private static Value Cut(Value subject, int from, int length)
    {
        var text = subject.ToText()!;
        var start = Math.Clamp(from < 0 ? text.Length + from : from, 0, text.Length);
        var end = start + Math.Clamp(length, 0, text.Length - start);
        if (start > 0 && start < text.Length && char.IsLowSurrogate(text[start]))
            start++;
        if (end > 0 && end < text.Length && char.IsLowSurrogate(text[end]))
            end--;
        return end - start == text.Length ? subject : end <= start ? Value.Null : Value.Text(text[start..end]);
    }

    private static Value PadLeft(Value subject, int length, string with)
    {
        var text = subject.ToText()!;
        return with.Length == 0 || text.Length >= length || length > 1000 ? subject : Value.Text(text.PadLeft(length, with[0]));
    }

    private static Value Is(Value subject, ReadOnlySpan<Value> rest, Func<string, string, bool> holds) =>
        Value.Boolean(subject.ToText() is { } text && rest[0].ToText() is { Length: > 0 } other && holds(text, other));

    private static Value Concat(Value subject, ReadOnlySpan<Value> rest)
    {
        var joined = subject.ToText() ?? "";
        foreach (var value in rest)
            joined += value.ToText();
        return joined.Length == 0 ? Value.Null : Value.Text(joined);
    }

    private static Value NullIf(Value subject, ReadOnlySpan<Value> rest)
    {
        var text = subject.ToText().AsSpan().Trim();
        foreach (var word in rest)
        {
            if (text.Equals(word.ToText(), StringComparison.OrdinalIgnoreCase))
                return Value.Null;
        }

        return subject;
    }
}
