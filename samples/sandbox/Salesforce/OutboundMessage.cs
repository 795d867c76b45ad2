using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Crm.Integration.Sandbox.Webhooks;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>The SOAP message that tells of saved records: up to a hundred at once, each as it is when the message is sent.</summary>
internal static class OutboundMessage
{
    private static readonly XNamespace s_soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace s_xsi = "http://www.w3.org/2001/XMLSchema-instance";
    private static readonly XNamespace s_out = "http://soap.sforce.com/2005/09/outbound";
    private static readonly XNamespace s_sf = "urn:sobject.enterprise.soap.sforce.com";

    /// <summary>Null when none of the records is there any more.</summary>
    public static HttpRequestMessage? Pack(IReadOnlyList<Notice> notices, Org org)
    {
        var rows = notices.Select(notice => (Notice: notice, Row: org.Record(notice.Id))).Where(pair => pair.Row is { Deleted: null }).ToList();
        if (rows.Count == 0)
            return null;

        var envelope = new XElement(s_soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "soapenv", s_soap), new XAttribute(XNamespace.Xmlns + "xsi", s_xsi),
            new XElement(s_soap + "Body", new XElement(s_out + "notifications",
                new XElement(s_out + "OrganizationId", TokenApi.OrganizationId),
                new XElement(s_out + "ActionId", SalesforceId.Of("04k", 1)),
                new XElement(s_out + "SessionId", new XAttribute(s_xsi + "nil", "true")),
                new XElement(s_out + "EnterpriseUrl", $"https://sandbox.my.salesforce.com/services/Soap/c/{SalesforceVendor.Version}/{TokenApi.OrganizationId[..15]}"),
                new XElement(s_out + "PartnerUrl", $"https://sandbox.my.salesforce.com/services/Soap/u/{SalesforceVendor.Version}/{TokenApi.OrganizationId[..15]}"),
                rows.Select(pair => Notification(pair.Notice, pair.Row!)))));

        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
            envelope.Save(writer);
        var request = new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = new ByteArrayContent(buffer.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "UTF-8");
        request.Headers.TryAddWithoutValidation("SOAPAction", "\"\"");
        return request;
    }

    /// <summary>Only an Ack of true, in the right place, is one: anything else is sent again.</summary>
    public static bool IsAcknowledged(string body)
    {
        try
        {
            return XDocument.Parse(body).Descendants(s_out + "notificationsResponse").Elements(s_out + "Ack").Any(ack => ack.Value.Trim() == "true");
        }
        catch (XmlException)
        {
            // Not XML is not an acknowledgement.
            return false;
        }
    }

    private static XElement Notification(Notice notice, SObject row)
    {
        var fields = row.Type.Fields.Where(field => field.Type is not ("textarea" or "address") && field.Name is not ("IsDeleted" or "MasterRecordId"))
            .Select(field => (field.Name, Value: row[field]))
            .Where(field => field.Value is not null)
            .OrderBy(field => field.Name == "Id" ? "" : field.Name, StringComparer.Ordinal)
            .Select(field => new XElement(s_sf + field.Name, Text(field.Value!)));
        return new XElement(s_out + "Notification",
            // The same for every attempt: what the receiver recognises a repetition by.
            new XElement(s_out + "Id", SalesforceId.Of("04l", BitConverter.ToUInt32(notice.Key.ToByteArray()))),
            new XElement(s_out + "sObject", new XAttribute(XNamespace.Xmlns + "sf", s_sf), new XAttribute(s_xsi + "type", "sf:" + row.Type.Name), fields));
    }

    private static string Text(object value) => value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
