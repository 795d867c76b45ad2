using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace Crm.Integration.Hub.Logging;

/// <summary>
/// Masks secrets by value wherever they turn up: in a log, a message, an exception of a library. Each secret is also known
/// in the forms in which it travels.
/// </summary>
internal sealed class SecretRedactor
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mask = "***";

    // Masking "a" or "42" would make every text unreadable and tell more than it hides.
    private const int Shortest = 4;

    private volatile string[] _forms = [];

    /// <summary>Makes a secret known. Safe to call from any thread.</summary>
    public void Add(string? secret)
    {
        if (secret is null || secret.Length < Shortest)
            return;
        lock (this)
        {
            var forms = new HashSet<string>(_forms, StringComparer.Ordinal);
            if (!forms.Add(secret))
                return;
            forms.UnionWith(FormsOf(secret).Where(form => form.Length >= Shortest));

            // Longest first: a secret that begins with another one must not leave its tail.
            _forms = [.. forms.OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal)];
        }
    }

    /// <summary>The text with every known secret masked.</summary>
    public string Redact(string text)
    {
        foreach (var form in _forms)
        {
            if (text.Contains(form, StringComparison.Ordinal))
                text = text.Replace(form, Mask, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Whether a text may be a piece of a secret: for one that was handed over in parts.</summary>
    public bool IsPiece(string text) => text.Length >= Shortest && _forms.Any(form => form.Contains(text, StringComparison.Ordinal));

    private static IEnumerable<string> FormsOf(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var escaped = Uri.EscapeDataString(secret);
        yield return secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        yield return JavaScriptEncoder.Default.Encode(secret);
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret);
        yield return escaped;
        yield return LowerEscapes(escaped);
        yield return WebUtility.UrlEncode(secret);
        yield return WebUtility.HtmlEncode(secret);
        yield return Convert.ToHexStringLower(bytes);
        yield return Convert.ToHexString(bytes);

        // Also in the middle of something else, as in "Basic " and the base64 of name:password: what its letters are depends on how
        // many bytes stand before it, and the first and last of them also on which.
        for (var before = 0; before < 3; before++)
        {
            var base64 = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
            var first = before == 0 ? 0 : before + 1;
            var last = (before + bytes.Length) % 3 == 0 ? base64.Length : base64.Length - 1;
            if (last - first < 6)
                continue;
            yield return base64[first..last];
            yield return base64[first..last].Replace('+', '-').Replace('/', '_');
        }

        yield return Convert.ToBase64String(bytes);
    }

    private static string LowerEscapes(string escaped)
    {
        var text = new StringBuilder(escaped);
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '%')
                (text[i + 1], text[i + 2]) = (char.ToLowerInvariant(text[i + 1]), char.ToLowerInvariant(text[i + 2]));
        }

        return text.ToString();
    }
}
