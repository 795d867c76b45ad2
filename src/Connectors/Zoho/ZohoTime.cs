using System.Globalization;
using System.Text.Json;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Zoho;

/// <summary>Zoho writes times with the offset of the user who asks; the hub keeps instants.</summary>
internal static class ZohoTime
{
    public static DateTimeOffset? Read(string? text) =>
        text is { Length: >= 16 } && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;

    /// <summary>As Zoho takes it, in headers, queries and fields.</summary>
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + "+00:00";

    /// <summary>The version of a record: the time of its last change, in the same words whoever asked.</summary>
    public static string? Version(string? modified) => Read(modified) is { } time ? Value.Instant(time).ToText() : null;

    /// <summary>The text of a member, also of a number; null when it is missing.</summary>
    public static string? TextOf(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member)
            ? member.ValueKind switch
            {
                JsonValueKind.String => member.GetString(),
                JsonValueKind.Number => member.GetRawText(),
                _ => null,
            }
            : null;

    /// <summary>Whether a member is true.</summary>
    public static bool IsTrue(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.True;

    /// <summary>The elements of a member that is an array; none when it is not.</summary>
    public static IEnumerable<JsonElement> ListOf(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Array ? member.EnumerateArray() : [];
}
