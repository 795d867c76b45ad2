using System.Text;

namespace Crm.Integration.Mapping.Values;

/// <summary>Capitals in names that were typed in one case only.</summary>
public static class NameCase
{
    private static readonly HashSet<string> s_particles = new(StringComparer.OrdinalIgnoreCase)
    {
        "von", "vom", "zu", "zum", "zur", "van", "der", "den", "de", "del", "della", "di", "da", "das", "do", "dos", "du", "la", "le", "las", "los", "ten", "ter", "te", "el", "al", "bin", "bint", "ibn", "und", "y", "e", "af", "av", "tot", "op",
    };

    /// <summary>Capitals at the beginning of every word.</summary>
    /// <param name="text">The text.</param>
    public static string Title(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = new StringBuilder(text.Length);
        var isStart = true;
        foreach (var c in text)
        {
            buffer.Append(isStart ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
            isStart = !char.IsLetterOrDigit(c) && c is not ('\'' or '’');
        }

        return Same(text, buffer);
    }

    /// <summary>
    /// A person's name in the usual case: ANN O'NEILL-MCGREGOR → Ann O'Neill-McGregor, LUDWIG VAN BEETHOVEN → Ludwig van Beethoven.
    /// A name that already has small and capital letters is left alone: who wrote DeVito or van Gogh knew why.
    /// </summary>
    /// <param name="name">The name.</param>
    public static string Person(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (upper, lower) = (false, false);
        foreach (var c in name)
        {
            upper |= char.IsUpper(c);
            lower |= char.IsLower(c);
        }

        if (upper == lower)
            return name;
        var buffer = new StringBuilder(name.Length);
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            if (i < name.Length && name[i] is not (' ' or '-' or '\u00A0' or '.' or ','))
                continue;
            Word(name.AsSpan(start, i - start), buffer, isFirst: start == 0);
            if (i < name.Length)
                buffer.Append(name[i]);
            start = i + 1;
        }

        return Same(name, buffer);
    }

    internal static bool IsParticle(string word) => s_particles.Contains(word);

    private static void Word(ReadOnlySpan<char> word, StringBuilder buffer, bool isFirst)
    {
        if (word.IsEmpty)
            return;
        if (!isFirst && s_particles.Contains(word.ToString()))
        {
            foreach (var c in word)
                buffer.Append(char.ToLowerInvariant(c));
            return;
        }

        var capital = 0;
        for (var i = 0; i < word.Length; i++)
        {
            // O'Neill, D'Angelo; McGregor. Mac… is left alone: Macedo is no MacEdo.
            var isCapital = i == capital
                || (i == 2 && word.Length > 3 && char.ToLowerInvariant(word[0]) == 'm' && char.ToLowerInvariant(word[1]) == 'c');
            buffer.Append(isCapital ? char.ToUpperInvariant(word[i]) : char.ToLowerInvariant(word[i]));
            if (word[i] is '\'' or '’' && i == 1 && word.Length > 3)
                capital = i + 1;
        }
    }

    private static string Same(string text, StringBuilder buffer) => buffer.Equals(text.AsSpan()) ? text : buffer.ToString();
}
