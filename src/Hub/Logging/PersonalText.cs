using System.Text.RegularExpressions;

namespace Crm.Integration.Hub.Logging;

/// <summary>
/// Masks what can be told from its form to be somebody's: mailboxes and international phone numbers. The messages of systems quote the values they refuse,
/// and nobody knows beforehand where.
/// </summary>
internal static partial class PersonalText
{
    /// <summary>What stands in place of a mailbox.</summary>
    public const string Mailbox = "***@***";

    /// <summary>What stands in place of a phone number.</summary>
    public const string Phone = "+***";

    /// <summary>The text without them.</summary>
    public static string Mask(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal))
            text = MailboxForm().Replace(text, Mailbox);
        else if (text.Contains("%40", StringComparison.Ordinal))
            text = EscapedMailboxForm().Replace(text, Mailbox);
        if (text.Contains('+', StringComparison.Ordinal))
            text = PhoneForm().Replace(text, Phone);
        return text;
    }

    // Bounded: the part before the @ of a text without one is not searched again from each of its letters.
    [GeneratedRegex(@"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")]
    private static partial Regex MailboxForm();

    [GeneratedRegex(@"[\w.+'-]{1,64}%40[\w-]{1,63}(?:\.[\w-]{1,63})+")]
    private static partial Regex EscapedMailboxForm();

    [GeneratedRegex(@"\+\d(?:[ ().\/-]{0,2}\d){6,14}(?!\d)")]
    private static partial Regex PhoneForm();
}
