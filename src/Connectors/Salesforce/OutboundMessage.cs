using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Crm.Integration.Connectors.Salesforce;

/// <summary>An outbound message: Salesforce's SOAP call that tells of changed records.</summary>
/// <param name="OrganizationId">Who sends it.</param>
/// <param name="Notifications">What it tells of.</param>
internal sealed record OutboundMessage(string OrganizationId, IReadOnlyList<Notification> Notifications)
{
    /// <summary>What Salesforce wants to hear, or it sends the message again for a day.</summary>
    public const string Acknowledgement =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:out=\"http://soap.sforce.com/2005/09/outbound\">"
        + "<soapenv:Body><out:notificationsResponse><out:Ack>true</out:Ack></out:notificationsResponse></soapenv:Body></soapenv:Envelope>";

    private const string Namespace = "http://soap.sforce.com/2005/09/outbound";
    private const string Instance = "http://www.w3.org/2001/XMLSchema-instance";
    private const int MostNotifications = 1000;
    private const long MostCharacters = 32 * 1024 * 1024;

    // No document type, no entities: they would reach into files and the network.
    private static readonly XmlReaderSettings s_safe = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MostCharacters,
        MaxCharactersFromEntities = 0,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>What tells this message from any other: the notifications that it brings.</summary>
    public string DeliveryId => Notifications.Count == 1
        ? Notifications[0].Id
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(',', Notifications.Select(each => each.Id)))).AsSpan(0, 16));

    /// <summary>Reads a message; null when the body is none.</summary>
    public static OutboundMessage? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray(), writable: false), s_safe);
            string? organization = null;
            var notifications = new List<Notification>();
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element || reader.NamespaceURI != Namespace)
                    continue;
                if (reader.LocalName == "OrganizationId" && organization is null)
                    organization = Content(reader);
                else if (reader.LocalName == "Notification" && Notification(reader) is { } notification && notifications.Count < MostNotifications)
                    notifications.Add(notification);
            }

            return organization is { Length: > 0 } && notifications.Count > 0 ? new(organization, notifications) : null;
        }
        catch (XmlException)
        {
            // Not well-formed, or it has a document type: the caller refuses it.
            return null;
        }
    }

    /// <summary>Whether two ids are the same: 15 characters decide, the last three of 18 only repeat them for systems that ignore case.</summary>
    public static bool SameId(string a, string b) => a.Length >= 15 && b.Length >= 15 && a.AsSpan(0, 15).SequenceEqual(b.AsSpan(0, 15));

    /// <summary>The text of the element that the reader stands on. Leaves it on the element's end, so that the one behind is not passed over.</summary>
    public static string Content(XmlReader reader)
    {
        using var element = reader.ReadSubtree();
        element.Read();
        return element.ReadElementContentAsString().Trim();
    }

    private static Notification? Notification(XmlReader reader)
    {
        using var inside = reader.ReadSubtree();
        string? id = null, type = null, record = null;
        var depth = 0;
        while (inside.Read())
        {
            if (inside.NodeType != XmlNodeType.Element)
                continue;
            if (inside is { LocalName: "sObject", NamespaceURI: Namespace })
            {
                var name = inside.GetAttribute("type", Instance);
                type = name?[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
                depth = inside.Depth;
            }
            else if (inside.LocalName == "Id" && type is null)
            {
                id ??= Content(inside);
            }
            else if (inside.LocalName == "Id" && inside.Depth == depth + 1)
            {
                record ??= Content(inside);
            }
        }

        return id is not null && type is not null && record is { Length: 15 or 18 } && record.All(char.IsAsciiLetterOrDigit) ? new(id, type, record) : null;
    }
}

/// <summary>One change that a message tells of. Its fields are not used: they are those that somebody ticked, and a record is more.</summary>
/// <param name="Id">The notification's id; the same when it is sent again.</param>
/// <param name="Type">The object.</param>
/// <param name="RecordId">The record.</param>
internal sealed record Notification(string Id, string Type, string RecordId);
