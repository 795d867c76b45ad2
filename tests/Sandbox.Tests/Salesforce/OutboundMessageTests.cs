using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Integration.Sandbox.Tests.Salesforce;

public sealed class OutboundMessageTests
{
    private const string Acknowledged = """<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>ACK</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>""";

    private static readonly XNamespace s_out = "http://soap.sforce.com/2005/09/outbound";
    private static readonly XNamespace s_sf = "urn:sobject.enterprise.soap.sforce.com";

    [Fact]
    public async Task A_message_carries_its_notifications_and_comes_again_until_it_is_acknowledged()
    {
        var token = TestContext.Current.CancellationToken;
        await using var account = await SalesforceAccount.OpenAsync();
        var received = new List<XDocument>();
        var acknowledge = "false";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var listener = builder.Build();
        listener.MapPost("/", async context =>
        {
            received.Add(await XDocument.LoadAsync(context.Request.Body, LoadOptions.None, token));
            await context.Response.WriteAsync(Acknowledged.Replace("ACK", acknowledge, StringComparison.Ordinal), token);
        });
        await listener.StartAsync(token);
        await account.Playground.ControlAsync("PUT", "webhooks", $$"""{"target":"{{listener.Urls.First()}}"}""");

        var made = (await account.CallAsync("POST", "sobjects/Contact", new { LastName = "x" })).Body!["id"];
        await account.Playground.ControlAsync("POST", "records/Contact", """{"LastName":"y"}""");
        await account.Playground.ControlAsync("PATCH", "records/Contact/" + made, """{"LastName":"latest"}""");

        Assert.Equal(1, (int)(await account.Playground.ControlAsync("POST", "webhooks/flush"))!["refused"]!);
        acknowledge = "true";
        Assert.Equal(1, (int)(await account.Playground.ControlAsync("POST", "webhooks/flush"))!["sent"]!);
        Assert.Equal(0, (int)(await account.Playground.ControlAsync("POST", "webhooks/flush"))!["sent"]!);

        Assert.Equal(2, received.Count);
        Assert.Equal(Ids(received[0]), Ids(received[1]));
        Assert.Equal(3, Ids(received[0]).Distinct().Count());
        Assert.Equal("00D000000000001EAA", received[0].Descendants(s_out + "OrganizationId").Single().Value);
        Assert.All(received[0].Descendants(s_out + "sObject").Where(row => row.Element(s_sf + "Id")!.Value == (string?)made), row => Assert.Equal("latest", row.Element(s_sf + "LastName")!.Value));
    }

    private static List<string> Ids(XDocument message) => [.. message.Descendants(s_out + "Notification").Select(notification => notification.Element(s_out + "Id")!.Value)];
}
