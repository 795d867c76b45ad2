using System.Collections.Frozen;

namespace Crm.Integration.Mapping.Matching;

/// <summary>Takes legal forms off folded names of organisations: at the end, in front, in the middle, cut off and mistyped.</summary>
internal static class LegalForms
{
    private static readonly FrozenSet<string> s_forms;
    private static readonly string[] s_hanForms;

    private static readonly FrozenSet<string> s_before = new[]
    {
        "ooo", "oao", "zao", "pao", "pt", "cv", "ao", "ip", "too", "tov", "ood", "eood", "sarl", "sas", "eurl", "firma", "fa", "ets", "etablissements", "sociedade", "societe", "societa", "gie", "stichting", "株", "㈱", "有", "주", "㈜", "유",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_inside = new[] { "gmbh", "ltd", "limited", "inc", "llc", "plc", "corp", "ag", "srl", "sarl", "bv", "aps", "mbh", "株", "주", "주식회사", "株式会社" }.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_slips = new[]
    {
        "orp", "crp", "cop", "ocrp", "copr", "corpp", "corrp", "gmhb", "gbmh", "gmb", "gbh", "mgbh", "gmbhh", "ltdd", "lltd", "ldt", "icn", "lcl",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] s_long = ["limited", "company", "corporation", "incorporated", "sociedad", "aktiengesellschaft"];
    private static readonly string[] s_cut = ["limited", "ltd", "corporation", "corp", "company", "co", "incorporated", "gmbh", "pvt", "private", "sa", "sl", "srl", "spa", "llc", "llp", "plc", "ag", "kg"];
    private static readonly string[] s_branches = ["分公司", "分店", "分行", "支行", "分部", "办事处", "支店", "営業所", "营业所"];

    static LegalForms()
    {
        var forms = Tables.Lines("legal-forms.txt").Select(form => Folding.Fold(form, joinInitials: true)).Where(form => form.Length > 1).Distinct().ToList();
        s_forms = forms.Concat(Tables.Lines("legal-forms.txt").Select(form => Folding.Fold(form)).Where(form => form.Length > 1)).ToFrozenSet(StringComparer.Ordinal);
        s_hanForms = [.. forms.Where(form => form[0] >= 0x2E80).OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal)];
    }

    /// <summary>Whether folded text is a legal form and nothing else.</summary>
    public static bool Is(ReadOnlySpan<char> words) => s_forms.GetAlternateLookup<ReadOnlySpan<char>>().Contains(words);

    /// <summary>Writes a name without its legal form; a branch that stands behind the form stays.</summary>
    public static int Clean(scoped ReadOnlySpan<char> name, Span<char> into)
    {
        Span<char> plain = stackalloc char[200];
        name = plain[..WithoutAnd(name[..Math.Min(name.Length, 190)], plain)];
        if (EasternForm(name) is >= 2 and var at)
        {
            var core = name[..at].TrimEnd(' ');
            core.CopyTo(into);
            return core.Length + CopyBranch(name[at..], into[core.Length..]);
        }

        var whole = name.Length;
        name = Strip(name, out var formLength);
        if (formLength == 0)
            name = WithoutRemains(name, whole);
        if (formLength > 0 || name.Count(' ') < 2)
        {
            name.CopyTo(into);
            return name.Length;
        }

        // Acme GmbH Niederlassung Berlin.
        var length = 0;
        foreach (var range in name.Split(' '))
        {
            var word = name[range];
            if (length > 0 && s_inside.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word))
                continue;
            if (length > 0)
                into[length++] = ' ';
            word.CopyTo(into[length..]);
            length += word.Length;
        }

        return length;
    }

    /// <summary>The name without the legal form at its end, or before it.</summary>
    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> name, out int formLength)
    {
        formLength = 0;
        if (name.IndexOfAnyExceptInRange('\0', '\u2E7F') >= 0)
        {
            foreach (var form in s_hanForms)
            {
                if (name.Length > form.Length + 1 && name.EndsWith(form))
                {
                    formLength = form.Length;
                    return name[..^form.Length].TrimEnd(' ');
                }

                if (name.Length > form.Length + 1 && name.StartsWith(form))
                {
                    formLength = form.Length;
                    return name[form.Length..].TrimStart(' ');
                }
            }
        }

        var forms = s_forms.GetAlternateLookup<ReadOnlySpan<char>>();
        while (true)
        {
            var stripped = false;
            for (var words = 5; words >= 1 && !stripped; words--)
            {
                var cut = CutBefore(name, words);
                if (cut <= 0 || !forms.Contains(name[(cut + 1)..]))
                    continue;
                formLength += name.Length - cut - 1;
                name = name[..cut];
                stripped = true;
            }

            if (!stripped)
                break;
        }

        // Slavic, Indonesian and some Romance forms stand before the name: ООО Ромашка, PT Sinar, (株)森.
        var space = name.IndexOf(' ');
        if (formLength == 0 && space > 0 && s_before.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name[..space]))
        {
            formLength = Math.Max(2, space);
            name = name[(space + 1)..];
        }

        return name;
    }

    /// <summary>Where 有限公司 or 股份有限公司 begins, cut off or mistyped though it may be; -1 when it does not.</summary>
    private static int EasternForm(ReadOnlySpan<char> name)
    {
        int limited = name.IndexOf("有限"), shares = name.IndexOf("股份");
        return limited < 2 ? shares : shares < 2 ? limited : Math.Min(limited, shares);
    }

    /// <summary>有限公司北京分公司: the branch in Beijing.</summary>
    private static int CopyBranch(ReadOnlySpan<char> tail, Span<char> into)
    {
        foreach (var branch in s_branches)
        {
            var at = tail.IndexOf(branch);
            if (at < 0)
                continue;
            var place = tail[..at];
            var form = place.LastIndexOf("公司");
            place = form < 0 ? default : place[(form + 2)..];
            var length = 0;
            into[length++] = ' ';
            place.CopyTo(into[length..]);
            length += place.Length;
            " branch".CopyTo(into[length..]);
            return length + " branch".Length;
        }

        return 0;
    }

    /// <summary>GmbH and Co. KG is GmbH &amp; Co. KG.</summary>
    private static int WithoutAnd(ReadOnlySpan<char> name, Span<char> into)
    {
        var length = 0;
        while (!name.IsEmpty)
        {
            var end = name.IndexOf(' ');
            var word = end < 0 ? name : name[..end];
            name = end < 0 ? default : name[(end + 1)..];
            if (length > 0 && word is "and" or "und" or "et" or "y" or "e" or "og" && (name.StartsWith("co ") || name is "co" or "cie" or "company" || name.StartsWith("cie ")))
                continue;
            if (length > 0)
                into[length++] = ' ';
            word.CopyTo(into[length..]);
            length += word.Length;
        }

        return length;
    }

    /// <summary>A form that a field cut off ("… COMP", "… CO L", some systems end at 30 characters), or that was mistyped.</summary>
    private static ReadOnlySpan<char> WithoutRemains(ReadOnlySpan<char> name, int length)
    {
        for (var i = 0; i < 2; i++)
        {
            var last = name[(name.LastIndexOf(' ') + 1)..];
            if (name.Count(' ') < 2 || !IsRemains(last, length))
                break;
            name = name[..^(last.Length + 1)];
        }

        return name;
    }

    private static bool IsRemains(ReadOnlySpan<char> word, int length)
    {
        if (s_slips.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word))
            return true;
        foreach (var form in s_long)
        {
            if (word.Length >= 6 && Similarity.OneEdit(word, form))
                return true;
        }

        if (length < 24)
            return false;
        foreach (var form in s_cut)
        {
            if (form.AsSpan().StartsWith(word))
                return true;
        }

        return false;
    }

    private static int CutBefore(ReadOnlySpan<char> name, int words)
    {
        var end = name.Length;
        for (var i = 0; i < words; i++)
        {
            end = name[..end].LastIndexOf(' ');
            if (end <= 0)
                return -1;
        }

        return end;
    }
}
