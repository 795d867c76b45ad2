using System.Text;

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
            var forms = new HashSet<string>(_forms, StringComparer.Ordinal)
            {
                secret,
                secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
                Uri.EscapeDataString(secret),
                Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
            };

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
}
