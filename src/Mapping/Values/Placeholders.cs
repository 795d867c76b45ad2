using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Values;

/// <summary>
/// Values that were typed because a form insisted on something, and values that cannot be what their field means. They are
/// kept while there is nothing better, and lose to every real value.
/// </summary>
public static class Placeholders
{
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> s_words = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "-", "--", "---", ".", "..", "...", "?", "??", "???", "n/a", "na", "n.a.", "n.v.", "k.a.", "null", "nil", "none", "no", "unknown", "unbekannt", "inconnu",
        "desconocido", "sconosciuto", "undefined", "empty", "tbd", "tba", "test", "tester", "testing", "dummy", "xxx", "xxxx", "xx", "asdf", "qwerty", "abc",
        "keine", "kein", "keine angabe", "leer", "not available", "not known", "no name", "noname", "nobody", "firstname", "lastname", "无", "未知", "暂无", "不详", "测试", "没有",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> s_mailboxes = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "test", "tests", "tester", "none", "noemail", "no-email", "no.email", "nomail", "no-mail", "noreply", "no-reply", "donotreply", "unknown", "unbekannt", "dummy", "fake",
        "na", "n.a", "null", "nobody", "xxx", "asdf", "keine", "keinemail", "example",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    // Days that programs and people write for "not known".
    private static readonly HashSet<DateOnly> s_days = [new(1900, 1, 1), new(1901, 1, 1), new(1970, 1, 1), new(1899, 12, 30), new(1899, 12, 31), new(1111, 11, 11), new(9999, 12, 31)];

    /// <summary>Whether a value stands in for one that is not there, or cannot be what its field means. Nothing at all is no placeholder.</summary>
    /// <param name="role">What the field means.</param>
    /// <param name="value">The value; of a list an element.</param>
    public static bool IsPlaceholder(FieldRole role, Value value) => value.Kind switch
    {
        ValueKind.Text => IsPlaceholder(role, value.AsText.AsSpan().Trim()),
        ValueKind.Date when role == FieldRole.BirthDate => IsNoBirthDate(value.AsDate!.Value),
        ValueKind.List => !value.IsEmpty && value.AsList.All(item => item.IsEmpty || IsPlaceholder(role, item)),
        _ => false,
    };

    private static bool IsPlaceholder(FieldRole role, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return false;
        return role switch
        {
            FieldRole.Email => IsNoMailbox(text),
            FieldRole.Phone => IsNoNumber(text, fewestDigits: 5),
            FieldRole.NationalId or FieldRole.TaxId or FieldRole.RegistrationId => s_words.Contains(text) || IsNoNumber(text, fewestDigits: 0),

            // A region or a country may well be "NA" or "No".
            FieldRole.Region or FieldRole.Country => text.IndexOfAnyExcept("-.?") < 0,
            FieldRole.Gender => text is "-" or "?",
            _ => text.Length <= 16 && s_words.Contains(text),
        };
    }

    private static bool IsNoMailbox(ReadOnlySpan<char> text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || at == text.Length - 1)
            return true;
        ReadOnlySpan<char> local = text[..at], host = text[(at + 1)..];
        return s_mailboxes.Contains(local) || !host.Contains('.') || (local.Length > 2 && local.IndexOfAnyExcept(local[0]) < 0) || !EmailAddress.IsValid(text.ToString());
    }

    /// <summary>All digits the same, or counted up: 000000, 1111111, 123456789.</summary>
    private static bool IsNoNumber(ReadOnlySpan<char> text, int fewestDigits)
    {
        int digits = 0, same = 0, ascending = 0, letters = 0;
        char first = '\0', last = '\0';
        foreach (var c in text)
        {
            if (char.IsLetter(c))
                letters++;
            if (!char.IsAsciiDigit(c))
                continue;
            if (digits++ == 0)
                first = c;
            else if (c == last + 1 || (last == '9' && c == '0'))
                ascending++;
            same += c == first ? 1 : 0;
            last = c;
        }

        if (digits < fewestDigits)
            return true;
        return letters == 0 && digits >= 5 && (same == digits || ascending == digits - 1);
    }

    private static bool IsNoBirthDate(DateOnly day) => day.Year is < 1850 or > 2150 || s_days.Contains(day);
}
