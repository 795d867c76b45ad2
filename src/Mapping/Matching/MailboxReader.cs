using System.Buffers;
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
    private static readonly FrozenSet<string> s_sampleHosts = s_words["sample-host"];

    private static readonly SearchValues<char> s_particular = SearchValues.Create("._-0123456789");
    private static readonly SearchValues<char> s_between = SearchValues.Create(" ;,|\t\n/");
    private static readonly FrozenDictionary<string, string> s_hosts = Hosts();

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
        if (host.StartsWith("www."))
            host = host[4..];
        if (s_hosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var right))
            host = right;

        if (local.IsEmpty || host.IsEmpty)
            return false;

        var label = host.IndexOf('.') is > 0 and var dot ? host[..dot] : host;
        if (Has(s_placeholders, local) || Has(s_placeholderHosts, label) || (Has(s_sampleHosts, label) && !IsParticular(local)) || local.IndexOfAnyExcept(local[0]) < 0 && (local.Length > 1 || label.Length == 1))
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
        var free = Has(s_freeHosts, label);
        mailbox = new Mailbox(slice, text.Add(host), IsRole(local, free), free);
        return !slice.IsEmpty;
    }

    // Nobody types ann.lee7@example.com for want of an address: what invented, masked and trial data call their people tells them apart as well as any other.
    private static bool IsParticular(ReadOnlySpan<char> local) => local.Length >= 6 && local.IndexOfAny(s_particular) > 0;

    /// <summary>Where a second address begins in a field of several, or 0.</summary>
    public static int Second(ReadOnlySpan<char> raw)
    {
        var first = raw.IndexOf('@');
        if (first < 0 || raw[(first + 1)..].IndexOf('@') is not (> 0 and var next))
            return 0;
        var between = raw.Slice(first + 1, next).LastIndexOfAny(s_between);
        return between < 0 ? 0 : first + 1 + between + 1;
    }

    /// <summary>Whether nobody in particular reads a mailbox: info, sales2, ifno.</summary>
    private static bool IsRole(ReadOnlySpan<char> local, bool free)
    {
        if (Has(s_roles, local))
            return true;
        var stem = local.TrimEnd("0123456789");
        if (stem.Length < local.Length && stem.Length > 2)
            return Has(s_roles, stem.TrimEnd("._-")) && !free;
        if (local.IndexOfAny('.', '-', '_') is > 2 and var border)
            return Has(s_roles, local[..border]) && (Has(s_roles, local[(border + 1)..]) || local.Length - border <= 4);
        if (free || local.Length is < 4 or > 12)
            return false;
        // Two letters swapped; other slips make names of people.
        Span<char> swapped = stackalloc char[local.Length];
        local.CopyTo(swapped);
        for (var i = 0; i + 1 < local.Length; i++)
        {
            (swapped[i], swapped[i + 1]) = (swapped[i + 1], swapped[i]);
            if (swapped[i] != swapped[i + 1] && Has(s_roles, swapped))
                return true;
            (swapped[i], swapped[i + 1]) = (swapped[i + 1], swapped[i]);
        }

        return false;
    }

    private static FrozenDictionary<string, string> Hosts()
    {
        var hosts = new Dictionary<string, string>(StringComparer.Ordinal) { ["googlemail.com"] = "gmail.com", ["googlemail.de"] = "gmail.com" };
        foreach (var line in Tables.Lines("mail-hosts.txt"))
        {
            var words = line.Split(' ');
            foreach (var word in words.Skip(1))
                hosts.TryAdd(word, words[0]);
            var (name, ending) = (words[0].Split('.', 2)[0], words[0].Split('.', 2)[1]);
            if (ending != "com")
                continue;
            // The top-level slips that mail programs let pass, and none at all.
            foreach (var slip in new[] { "con", "cmo", "ocm", "comm", "vom", "xom", "coom", "cpm", "clm", "co", "om", "c" })
                hosts.TryAdd($"{name}.{slip}", words[0]);
            hosts.TryAdd(name, words[0]);
            hosts.TryAdd(name + "com", words[0]);
            foreach (var word in words.Skip(1).Where(word => word.EndsWith(".com", StringComparison.Ordinal)))
                hosts.TryAdd(word[..^1] + "n", words[0]);
        }

        return hosts.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static bool Has(FrozenSet<string> words, ReadOnlySpan<char> word) => words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
