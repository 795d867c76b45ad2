using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Connectors.Salesforce;

namespace Crm.Integration.Connectors.Tests.Salesforce;

public sealed class OutboundMessageTests
{
    private const string Organization = "00D5g00000A1b2cEAC";

    [Fact]
    public void A_message_with_several_notifications_is_accepted_and_acknowledged()
    {
        var verdict = Open().Verify(Request(Message(Notice("04l5g00005xyzAAAQ", "0035g00000AbCdEAAV"), Notice("04l5g00005xyzBAAQ", "0035g00000AbCdFAAV"))));
        Assert.True(verdict.Accepted);
        Assert.Contains("<out:Ack>true</out:Ack>", verdict.Answer, StringComparison.Ordinal);
        Assert.StartsWith("text/xml", verdict.AnswerType, StringComparison.Ordinal);
        Assert.NotNull(verdict.DeliveryId);
        var message = OutboundMessage.Parse(Encoding.UTF8.GetBytes(Message(Notice("04l5g00005xyzAAAQ", "0035g00000AbCdEAAV"), Notice("04l5g00005xyzBAAQ", "0035g00000AbCdFAAV"))))!;
        Assert.Equal([new("04l5g00005xyzAAAQ", "Contact", "0035g00000AbCdEAAV"), new("04l5g00005xyzBAAQ", "Contact", "0035g00000AbCdFAAV")], message.Notifications);
    }

    [Fact]
    public void White_space_and_the_length_of_the_organisation_id_do_not_matter()
    {
        var loose = Message(Notice("04l5g00005xyzAAAQ", "0035g00000AbCdEAAV")).Replace("><", ">\n  <", StringComparison.Ordinal);
        Assert.True(Open("00D5g00000A1b2c").Verify(Request(loose)).Accepted);
    }

    [Fact]
    public void One_message_sent_twice_has_one_delivery_id_and_another_has_another()
    {
        var connection = Open();
        var first = connection.Verify(Request(Message(Notice("04l5g00005xyzAAAQ", "0035g00000AbCdEAAV")))).DeliveryId;
        Assert.Equal(first, connection.Verify(Request(Message(Notice("04l5g00005xyzAAAQ", "0035g00000AbCdEAAV")))).DeliveryId);
        Assert.NotEqual(first, connection.Verify(Request(Message(Notice("04l5g00005xyzCAAQ", "0035g00000AbCdEAAV")))).DeliveryId);
    }

    [Fact]
    public void Another_organisation_another_object_and_other_bodies_are_refused()
    {
        var good = Message(Notice("04l5g00005xyzAAAQ", "0035g00000AbCdEAAV"));
        Assert.Equal("unknown-organisation", Open("00D5g00000ZZZZZEAC").Verify(Request(good)).Reason);
        Assert.Equal("unknown-organisation", Open(null).Verify(Request(good)).Reason);
        Assert.Equal("other-object", Open().Verify(Request(good, stream: "Account")).Reason);
        Assert.Equal("not-a-post", Open().Verify(Request(good, method: "GET")).Reason);
        Assert.Equal("not-an-outbound-message", Open().Verify(Request("")).Reason);
        Assert.Equal("not-an-outbound-message", Open().Verify(Request(good[..(good.Length / 2)])).Reason);
        Assert.Equal("not-an-outbound-message", Open().Verify(Request("{\"OrganizationId\":\"00D5g00000A1b2cEAC\"}")).Reason);
    }

    [Fact]
    public void Entities_reach_nothing()
    {
        var hostile = $"<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>{Message(Notice("04l5g00005xyzAAAQ", "0035g00000AbCdEAAV")).Replace("<ActionId>", "<ActionId>&e;", StringComparison.Ordinal)}";
        Assert.Equal("not-an-outbound-message", Open().Verify(Request(hostile)).Reason);
        Assert.Null(OutboundMessage.Parse(Encoding.UTF8.GetBytes(Message(Notice("04l5g00005xyzAAAQ", "x' OR Id != 'y")))));
    }

    private static string Message(params string[] notices) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body><notifications xmlns=\"http://soap.sforce.com/2005/09/outbound\"><OrganizationId>{Organization}</OrganizationId><ActionId>04k5g000000TabcAAC</ActionId><SessionId xsi:nil=\"true\"/>{string.Concat(notices)}</notifications></soapenv:Body></soapenv:Envelope>";

    private static string Notice(string id, string record) =>
        $"<Notification><Id>{id}</Id><sObject xsi:type=\"sf:Contact\" xmlns:sf=\"urn:sobject.enterprise.soap.sforce.com\"><sf:Id>{record}</sf:Id><sf:Email>n.okafor@example.com</sf:Email></sObject></Notification>";

    private static WebhookRequest Request(string body, string stream = "Contact", string method = "POST") =>
        new(stream, method, new Dictionary<string, string>(), new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), TimeProvider.System.GetUtcNow());

    private static SalesforceConnection Open(string? organization = Organization)
    {
        var connector = new SalesforceConnector();
        var settings = new SalesforceSettings { LoginUrl = "https://acme.my.salesforce.com", ClientId = "id", ClientSecret = "secret", OrganizationId = organization };
        return (SalesforceConnection)connector.Open(settings, new ConnectionContext("salesforce", "/hub", TimeProvider.System));
    }
}
