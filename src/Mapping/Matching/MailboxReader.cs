using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Reads e-mail addresses: canonical form, kind of mailbox, and what is no address at all.</summary>
internal static class MailboxReader
{
    private static readonly Dictionary<string, FrozenSet<string>> s_words = Tables.Lines("mailboxes.txt")
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => words.Skip(1).ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_roles = s_words["role"];
    private static readonly FrozenSet<string> s_freeHosts = s_words["free"];
    private static readonly FrozenSet<string> s_placeholders = s_words["placeholder"];
    private static readonly FrozenSet<string> s_placeholderHosts = s_words["placeholder-host"];

    /// <summary>Whether a host gives mailboxes to anyone.</summary>
    public static bool IsFreeHost(ReadOnlySpan<char> host)
    {
        var dot = host.IndexOf('.');
        return Has(s_freeHosts, dot < 0 ? host : host[..dot]);
    }

    /// <summary>Adds the address that stands in text; false when there is none, or a placeholder.</summary>
    public static bool TryRead(scoped ReadOnlySpan<char> raw, ref FeatureText text, out Mailbox mailbox)
    {
        mailbox = default;
        var trimmed = raw.Trim(" \t\r\n<>\"';,.");
        if (trimmed.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            trimmed = trimmed[7..];
        var at = trimmed.LastIndexOf('@');
        if (at <= 0 || at == trimmed.Length - 1 || trimmed.Length > 254)
            return false;

        Span<char> lower = stackalloc char[trimmed.Length];
        trimmed.ToLowerInvariant(lower);
        var open = lower[..at].LastIndexOfAny(" <");
        ReadOnlySpan<char> local = lower[(open + 1)..at], host = lower[(at + 1)..];
        var plus = local.IndexOf('+');
        if (plus > 0)
            local = local[..plus];
        if (host.StartsWith("googlemail."))
            host = "gmail.com";
        if (host.StartsWith("www."))
            host = host[4..];

        if (local.IsEmpty || host.IsEmpty)
            return false;

        var label = host.IndexOf('.') is > 0 and var dot ? host[..dot] : host;
        if (Has(s_placeholders, local) || Has(s_placeholderHosts, label) || local.IndexOfAnyExcept(local[0]) < 0 && (local.Length > 1 || label.Length == 1))
            return false;

        var start = text.Length;
        if (label is "gmail")
        {
            foreach (var part in local.Split('.'))
                text.Add(local[part]);
        }
        else
        {
            text.Add(local);
        }

        var slice = text.Since(start);
        mailbox = new Mailbox(slice, text.Add(host), Has(s_roles, local), Has(s_freeHosts, label));
        return !slice.IsEmpty;
    }

    private static bool Has(FrozenSet<string> words, ReadOnlySpan<char> word) => words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
