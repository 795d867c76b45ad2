namespace Crm.Integration.Mapping.Values;

/// <summary>E-mail addresses as people type and systems export them.</summary>
public static class EmailAddress
{
    private const int MaxLength = 254;
    private const int MaxLocalLength = 64;

    /// <summary>
    /// Whether mail could be sent to it: one mailbox, a domain that ends like a top-level domain, the lengths of RFC 5321.
    /// Quoted local parts and IP addresses as domains are refused: in customer data they are always mistakes.
    /// </summary>
    /// <param name="text">The address, already without blanks around it.</param>
    public static bool IsValid(string? text) => text is not null && IsValid(text.AsSpan());

    /// <summary>
    /// The address in the form in which addresses are compared: lower case, without <c>mailto:</c>, display name, angle
    /// brackets, blanks around it, full-width characters or a dot at the end. Null when it is no valid address.
    /// </summary>
    /// <param name="text">What somebody typed. The same string comes back when there is nothing to change.</param>
    public static string? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (IsNormal(text) && IsValid(text.AsSpan()))
            return text;

        var folded = TextFold.RemoveInvisible(TextFold.ToHalfWidth(text)).Replace('。', '.');
        var address = Innermost(folded.AsSpan().Trim());
        var at = address.IndexOf('@');
        if (at < 0)
            return null;
        var local = address[..at].TrimEnd();
        var domain = address[(at + 1)..].TrimStart();
        Span<char> joined = stackalloc char[MaxLength + 1];
        if (local.Length + 1 + domain.Length > MaxLength)
            return null;
        local.CopyTo(joined);
        joined[local.Length] = '@';
        domain.CopyTo(joined[(local.Length + 1)..]);
        joined = joined[..(local.Length + 1 + domain.Length)];
        if (!IsValid(joined))
            return null;
        for (var i = 0; i < joined.Length; i++)
            joined[i] = char.ToLowerInvariant(joined[i]);
        return joined.SequenceEqual(text) ? text : new string(joined);
    }

    /// <summary>The domain of a valid address, in lower case; null for anything else.</summary>
    /// <param name="text">What somebody typed.</param>
    public static string? DomainOf(string? text) => Parse(text) is { } address ? address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..] : null;

    private static bool IsNormal(string text)
    {
        foreach (var c in text)
        {
            if (c is <= ' ' or >= (char)127 or (>= 'A' and <= 'Z') or ':' or '<')
                return false;
        }

        return true;
    }

    // "Ann Lee <ann@x.org>", "<ann@x.org>", "mailto:ann@x.org?subject=hi", "'ann@x.org'", "ann@x.org;"
    private static ReadOnlySpan<char> Innermost(ReadOnlySpan<char> text)
    {
        var open = text.LastIndexOf('<');
        if (open >= 0)
        {
            text = text[(open + 1)..];
            var close = text.IndexOf('>');
            if (close >= 0)
                text = text[..close];
        }

        text = text.Trim(" \t\r\n\"'`,;:()[]");
        if (text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            text = text[7..];
            var query = text.IndexOf('?');
            if (query >= 0)
                text = text[..query];
        }

        return text.Trim().TrimEnd('.');
    }

    private static bool IsValid(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        return at is > 0 and <= MaxLocalLength && text.Length <= MaxLength && IsLocal(text[..at]) && IsDomain(text[(at + 1)..]);
    }

    private static bool IsLocal(ReadOnlySpan<char> local)
    {
        var afterDot = true;
        foreach (var c in local)
        {
            if (c == '.')
            {
                if (afterDot)
                    return false;
                afterDot = true;
                continue;
            }

            afterDot = false;
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+/=?^_`{|}~-".Contains(c) && !IsForeignLetter(c))
                return false;
        }

        return !afterDot;
    }

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (domain.Length is < 4 or > 253)
            return false;
        var lastDot = domain.LastIndexOf('.');
        if (lastDot < 1)
            return false;
        var topLevel = domain[(lastDot + 1)..];
        if (topLevel.Length < 2 || char.IsAsciiDigit(topLevel[0]))
            return false;
        // Only "xn--…" may hold digits and hyphens in a top-level domain.
        if (!topLevel.StartsWith("xn--", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var c in topLevel)
            {
                if (!char.IsAsciiLetter(c) && !IsForeignLetter(c))
                    return false;
            }
        }

        var labelStart = 0;
        for (var i = 0; i <= domain.Length; i++)
        {
            if (i < domain.Length && domain[i] != '.')
            {
                if (!char.IsAsciiLetterOrDigit(domain[i]) && domain[i] != '-' && !IsForeignLetter(domain[i]))
                    return false;
                continue;
            }

            if (i == labelStart || i - labelStart > 63 || domain[labelStart] == '-' || domain[i - 1] == '-')
                return false;
            labelStart = i + 1;
        }

        return true;
    }

    private static bool IsForeignLetter(char c) => c >= 128 && (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark);
}
